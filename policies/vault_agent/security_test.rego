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
	off := _defaults({"agent-set-security-context": "false"})
	_security_of({}) == null with data.podgraft.config.vault_agent.defaults as off
	_security_of({"agent-set-security-context": "true"}).user == 100 with data.podgraft.config.vault_agent.defaults as off
	_security_of({"agent-run-as-user": "1234"}).user == 1234 with data.podgraft.config.vault_agent.defaults as off
	_security_of({"agent-run-as-group": "7"}).group == 7 with data.podgraft.config.vault_agent.defaults as off
	_security_of({"agent-run-as-same-user": "false"}).user == 100 with data.podgraft.config.vault_agent.defaults as off
	_security_of({"agent-set-security-context": "0", "agent-run-as-user": "1234"}) == null with data.podgraft.config.vault_agent.defaults as off
}

test_security_same_user if {
	asked := {"agent-run-as-same-user": "true", "agent-run-as-user": "99"}
	_emitted_for(asked, _first_as({"runAsUser": 4321})).security == {"user": 4321, "group": 1000, "nonRoot": true}
}

test_security_same_user_unusable if {
	prefix := "error creating new agent sidecar: "
	asked := {"agent-run-as-same-user": "true", "agent-set-security-context": "false"}
	_denied_for(asked, {}) == concat("", [prefix, "No SecurityContext found for Container 0"])
	_denied_for(asked, _first_as({})) == concat("", [prefix, "RunAsUser is nil for Container 0's SecurityContext"])
	_denied_for(asked, _first_as({"runAsUser": 0})) == concat("", [prefix, "container not allowed to run as root"])
	every user in [-1, 1.5, 2147483648, 1e300] {
		_denied_for(asked, _first_as({"runAsUser": user})) == concat("", [prefix, "RunAsUser of Container 0 is out of range"])
	}
}

test_security_same_user_without_containers if {
	named := {"agent-run-as-same-user": "true", "agent-service-account-token-volume-name": "t"}
	volume := {"name": "t", "projected": {"sources": [{"serviceAccountToken": {"path": "x"}}]}}
	_denied_for(named, {"containers": [], "volumes": [volume]}) == "error creating new agent sidecar: No containers found in Pod Spec"
}
