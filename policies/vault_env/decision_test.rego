package podgraft.systems.vault_env

test_decision_not_requested if {
	every review in [
		{"request": {}},
		{"request": {"object": {"metadata": {}, "spec": {}}}},
		{"request": {"object": {"metadata": {"annotations": {"a": "b"}}, "spec": {"containers": [_plain]}}}},
	] {
		answer := decision with input as review
		answer.skips == [{"system": "vault_env", "code": "not_requested"}]
	}
}

test_decision_injects if {
	answer := _decide({})
	answer.injections[0].system == "vault_env"
	answer.injections[0].template == "vault-env"
	answer.injections[0].reason == "reference"
	answer.warnings == []
}

test_decision_files if {
	answer := _decide_for({"vault-agent-configmap": "agent"}, {"containers": [_plain]})
	answer.injections[0].reason == "files"
}

test_decision_told_to_skip if {
	_code_for({"mutate": "skip"}, {}) == "told_to_skip"
	_decide({"mutate": "false"}).injections
	older := {"request": {"object": {"metadata": {"annotations": {"vault.security.banzaicloud.io/mutate": "skip"}}}}}
	every annotations in [{}, {"mutate": "no"}] {
		answer := decision with input as object.union(_review(annotations), older)
		answer.skips[0].code == "told_to_skip"
	}
}

test_decision_newer_name_over_older if {
	older := {"request": {"object": {"metadata": {"annotations": {"vault.security.banzaicloud.io/vault-role": "old"}}}}}
	answer := decision with input as object.union(_review({"vault-role": "new"}), older)
	answer.injections[0].parameters.role == "new"
}

test_decision_already_injected if {
	every name in ["secret-init", "vault-env"] {
		_code_for({}, {"volumes": [{"name": "own"}, {"name": name}]}) == "already_injected"
	}
}

test_decision_provider_unknown if {
	_code_for({"provider": "gcp"}, {}) == "provider_unknown"
	_code_for({"provider": ""}, {}) == "provider_unknown"
	nobody := _decide_for({"vault-role": "x"}, {}) with data.podgraft.config.vault_env as _configured({"provider": ""})
	nobody.skips[0].code == "provider_unknown"
}

test_decision_without_provider_not_requested if {
	nobody := _decide({}) with data.podgraft.config.vault_env as _configured({"provider": ""})
	nobody.skips[0].code == "not_requested"
	named := _decide({"provider": "vault"}) with data.podgraft.config.vault_env as _configured({"provider": ""})
	named.injections
}

test_decision_aws_refused if {
	_denied({"provider": "aws"}).code == "provider_refused"
}

test_decision_no_references if {
	every annotations in [{"vault-role": "x"}, {"vault-agent": "true"}, {"run-as-user": "99999999999"}, {"vault-token-auth-mount": "nonsense"}] {
		_code_for(annotations, {"containers": [_plain]}) == "no_references"
	}
}

test_decision_settings_matter_without_references if {
	_denied_for({"vault-addr": "https://evil"}, {"containers": [_plain]}).code == "address_rejected"
}
