package podgraft.systems.vault_agent

test_revocation_defaults if {
	_emitted({"agent-revoke-on-shutdown": "true"}).revocation == {
		"grace": 5,
		"address": "https://vault.vault.svc:8200",
		"tlsSkipVerify": false,
	}
}

test_revocation_reaches_vault_as_the_agent_does if {
	_emitted({
		"agent-revoke-on-shutdown": "true",
		"agent-revoke-grace": "007",
		"service": "http://v:1",
		"ca-cert": "/c",
		"ca-key": "/d",
		"client-cert": "/e",
		"client-key": "/f",
		"tls-server-name": "v",
		"tls-skip-verify": "true",
		"namespace": "team/shop",
	}).revocation == {
		"grace": 7,
		"address": "http://v:1",
		"caCert": "/c",
		"caPath": "/d",
		"clientCert": "/e",
		"clientKey": "/f",
		"tlsServerName": "v",
		"tlsSkipVerify": true,
		"namespace": "team/shop",
	}
}

test_revocation_off if {
	not _emitted({}).revocation
	_emitted({"agent-revoke-grace": "9"}).revocation == null
	_emitted({"agent-revoke-on-shutdown": "true", "agent-pre-populate-only": "true"}).revocation == null
}

test_revocation_shell_words_only if {
	every key in ["service", "ca-cert", "ca-key", "client-cert", "client-key", "namespace", "tls-server-name"] {
		message := _denied({"agent-revoke-on-shutdown": "true", key: "$(id)"})
		startswith(message, _patching(concat("", ["vault.hashicorp.com/", key, " is part of the pre-stop command"])))
	}
}

test_revocation_shell_words_only_where_there_is_a_command if {
	_decide({"service": "http://[::1]:8200 $(id)"}).injections
	_decide({"agent-revoke-on-shutdown": "true", "agent-pre-populate-only": "true", "ca-cert": "a b"}).injections
}

test_revocation_configured if {
	on := {"agent-revoke-on-shutdown": "true"}
	not _emitted_under(on, {}).revocation
	_emitted_under(on, {"agent-revoke-on-shutdown": "false"}).revocation == null
	_emitted_under(on, {"ca-cert": "/c"}).revocation.caCert == "/c"
}
