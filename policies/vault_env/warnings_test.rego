package podgraft.systems.vault_env

_warned(annotations) := [trim_prefix(warning, _newer_prefix) | some warning in _decide(annotations).warnings]

test_warnings_none if {
	_warned({
		"secret-init-daemon": "",
		"secret-init-delay": "",
		"run-as-user": "-1",
		"vault-client-timeout": "1s",
		"vault-transit-batch-size": "5",
		"vault-agent-cpu": "1",
		"vault-image-pull-policy": "never",
		"vault-role": "anything",
		"no-such-name": "x",
		"vault-no-such-name": "x",
	}) == []
}

test_warnings_unreadable if {
	_warned({
		"secret-init-daemon": "please",
		"secret-init-delay": "soon",
		"run-as-user": "root",
		"vault-client-timeout": "later",
		"vault-transit-batch-size": "0",
		"vault-agent-cpu": "lots",
		"vault-image-pull-policy": "sometimes",
	}) == [
		"vault-agent-cpu is no quantity: the usual amount is taken",
		"vault-client-timeout is no duration: 0s is taken",
		"vault-image-pull-policy is no pull policy: IfNotPresent is taken",
		"run-as-user is no integer: 0 is taken",
		"secret-init-daemon is no boolean: false is taken",
		"secret-init-delay is no duration: none is taken",
		"vault-transit-batch-size is no integer above 0: 25 is taken",
	]
}

test_warnings_unheeded if {
	_warned({"vault-skip-verify": "true"}) == ["vault-skip-verify has no effect: allowSkipVerify is off"]
	_warned({"vault-skip-verify": "false"}) == []
	_warned({"vault-skip-verify": "true"}) == [] with data.podgraft.config.vault_env as _configured({"allowSkipVerify": true})
	_warned({"vault-skip-verify": "true"}) == [] with data.podgraft.config.vault_env as _configured({"defaults": {"vault-skip-verify": "true"}})
}

test_warnings_are_short if {
	long := concat("", ["x" | some _ in numbers.range(1, 300)])
	answer := _decide_with({}, {"containers": [_changed(_commandless, {"name": long}), _changed(_web, {"name": "other"})]}, {}) with data.podgraft.config.vault_env.lookups.withoutImage as "warn"
	count(answer.warnings[0]) == 250
}
