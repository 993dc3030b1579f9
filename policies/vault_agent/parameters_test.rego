package podgraft.systems.vault_agent

test_parameters_texts if {
	emitted := _emitted({
		"agent-image": "own",
		"log-level": "",
		"proxy-address": "http://p",
		"secret-volume-path": "",
		"auth-min-backoff": "1s",
		"template-static-secret-render-interval": "",
	})
	emitted.image == "own"
	emitted.logLevel == null
	emitted.httpsProxy == "http://p"
	emitted.secretsPath == ""
	emitted.authMinBackoff == "1s"
	emitted.staticSecretRenderInterval == null
}

test_parameters_switches if {
	emitted := _emitted({
		"agent-init-first": "T",
		"agent-pre-populate": "",
		"agent-pre-populate-only": "0",
		"tls-skip-verify": "1",
		"agent-auto-auth-exit-on-err": "true",
		"template-config-exit-on-retry-failure": "f",
	})
	emitted.initFirst == true
	emitted.init == false
	emitted.sidecar == true
	emitted.tlsSkipVerify == true
	emitted.authExitOnError == true
	emitted.exitOnRetryFailure == false
}

test_parameters_numbers if {
	emitted := _emitted({"template-max-connections-per-host": "4", "template-lease-renewal-threshold": "0x1p-2"})
	emitted.maxConnectionsPerHost == 4
	emitted.leaseRenewalThreshold == 0.25
	zero := _emitted({"template-max-connections-per-host": "", "template-lease-renewal-threshold": "-0"})
	zero.maxConnectionsPerHost == null
	zero.leaseRenewalThreshold == null
}

test_parameters_lists if {
	emitted := _emitted({"agent-disable-idle-connections": "auto-auth, templating", "agent-disable-keep-alives": ""})
	emitted.disableIdleConnections == ["auto-auth", "templating"]
	emitted.disableKeepAlives == null
}

test_parameters_default_template if {
	_emitted({"agent-inject-default-template": "JSON"}).defaultsToJson == true
	_emitted({"agent-inject-default-template": "map"}).defaultsToJson == false
}

test_parameters_token_file if {
	_emitted({"agent-inject-token": "true"}).tokenFile == "/vault/secrets/token"
	_emitted({"agent-inject-token": "true", "secret-volume-path": "/creds/"}).tokenFile == "/creds/token"
	_emitted({"secret-volume-path": "/creds"}).tokenFile == null
	not _emitted({}).tokenFile
}
