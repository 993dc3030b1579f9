package podgraft.systems.vault_agent

_security_of(annotations) := _emitted(annotations).security

_first_as(context) := {"containers": [object.union(_web, {"securityContext": context})]}

test_security_root if {
	_security_of({"agent-run-as-user": "0"}) == {"user": 0, "group": 1000, "nonRoot": false}
	_security_of({"agent-run-as-group": "0"}) == {"user": 100, "group": 0, "nonRoot": false}
	_security_of({"agent-run-as-user": ""}) == {"user": 0, "group": 1000, "nonRoot": false}
	_security_of({"agent-run-as-user": "-5"}) == {"user": -5, "group": 1000, "nonRoot": true}
}

test_security_off if {
	_security_of({"agent-set-security-context": "false", "agent-run-as-user": "55"}) == null
}

test_security_configured_off if {
	off := {"agent-set-security-context": "false"}
	_emitted_under(off, {}).security == null
	_emitted_under(off, {"agent-set-security-context": "true"}).security.user == 100
	_emitted_under(off, {"agent-run-as-user": "1234"}).security.user == 1234
	_emitted_under(off, {"agent-run-as-group": "7"}).security.group == 7
	_emitted_under(off, {"agent-run-as-same-user": "false"}).security.user == 100
	_emitted_under(off, {"agent-set-security-context": "0", "agent-run-as-user": "1234"}).security == null
}

test_security_same_user if {
	asked := {"agent-run-as-same-user": "true", "agent-run-as-user": "99"}
	_emitted_for(asked, _first_as({"runAsUser": 4321})).security == {"user": 4321, "group": 1000, "nonRoot": true}
}

test_security_same_user_unusable if {
	asked := {"agent-run-as-same-user": "true", "agent-set-security-context": "false"}
	_denied_for(asked, {}) == _parsing("No SecurityContext found for Container 0")
	_denied_for(asked, _first_as({})) == _parsing("RunAsUser is nil for Container 0's SecurityContext")
	_denied_for(asked, _first_as({"runAsUser": 0})) == _parsing("container not allowed to run as root")
	every user in [-1, 1.5, 2147483648, 1e300] {
		_denied_for(asked, _first_as({"runAsUser": user})) == _parsing("RunAsUser of Container 0 is out of range")
	}
}

test_security_same_user_without_containers if {
	named := {"agent-run-as-same-user": "true", "agent-service-account-token-volume-name": "t"}
	volume := {"name": "t", "projected": {"sources": [{"serviceAccountToken": {"path": "x"}}]}}
	message := _parsing("No containers found in Pod Spec")
	_denied_for(named, {"containers": [], "volumes": [volume]}) == message
}
