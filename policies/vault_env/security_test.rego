package podgraft.systems.vault_env

test_security_usual if {
	_emitted({}).security == {"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": false}
}

test_security_as_told if {
	_emitted({
		"psp-allow-privilege-escalation": "true",
		"readonly-root-fs": "1",
		"run-as-non-root": "T",
		"run-as-user": "1001",
		"run-as-group": "1002",
	}).security == {
		"allowPrivilegeEscalation": true,
		"readOnlyRootFilesystem": true,
		"runAsNonRoot": true,
		"runAsUser": 1001,
		"runAsGroup": 1002,
	}
}

test_security_nothing_from_nonsense if {
	_emitted({"run-as-non-root": "yes", "run-as-user": "root", "run-as-group": "-3"}).security == {"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": false}
}

test_security_user_of_the_pod if {
	_emitted_for({}, {"securityContext": {"runAsUser": 1000, "runAsGroup": 2000}}).security.runAsUser == 1000
	_emitted_for({}, {"securityContext": {"runAsUser": 0}}).security.runAsUser == 0
	_emitted_for({"run-as-user": "77"}, {"securityContext": {"runAsUser": 1000}}).security.runAsUser == 77
	every user in [-1, 2147483648] {
		not _emitted_for({}, {"securityContext": {"runAsUser": user}}).security.runAsUser
	}
}

test_security_seccomp_profile if {
	_emitted({}).security.seccompProfile == "RuntimeDefault" with data.podgraft.config.vault_env as _configured({"seccompProfile": "RuntimeDefault"})
}

test_security_out_of_range if {
	_denied({"run-as-user": "2147483648"}).message == "could not mutate object: secrets-webhook.security.bank-vaults.io/run-as-user is greater than 2147483647"
	_denied({"run-as-group": "9007199254740991"}).code == "identity_invalid"
	_emitted({"run-as-user": "2147483647"}).security.runAsUser == 2147483647
}
