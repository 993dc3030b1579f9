package podgraft.systems.vault_env

_errors(changes) := answer.errors if {
	answer := configuration with data.podgraft.config.vault_env as _configured(changes)
}

test_configuration_of_the_defaults if {
	configuration.errors == []
	configuration.parameters["vault-env"] == {
		"tool": "vault",
		"prefix": "VAULT",
		"settingPrefix": "VAULT",
		"logPrefix": "SECRET_INIT",
		"helperPrefix": "SECRET_INIT",
		"helper": "secret-init",
		"helperImage": "ghcr.io/bank-vaults/secret-init:v0.4.0",
		"helperPullPolicy": "IfNotPresent",
		"helperResources": {"limits": {"cpu": "500m", "memory": "256Mi"}, "requests": {"cpu": "100m", "memory": "128Mi"}},
		"daemon": false,
		"delay": null,
		"jsonLog": "false",
		"address": "https://vault:8200",
		"skipVerify": "false",
		"authMethod": "jwt",
		"authPath": "kubernetes",
		"namespace": null,
		"ignoreMissingSecrets": "false",
		"passthrough": "",
		"clientTimeout": "10s",
		"transitKeyId": null,
		"transitPath": null,
		"transitBatchSize": "25",
		"agentImage": "hashicorp/vault:latest",
		"agentPullPolicy": "IfNotPresent",
	}
}

test_configuration_of_the_older_webhook if {
	answer := configuration with data.podgraft.config.vault_env as _configured({
		"helper": {"name": "vault-env", "logServer": "syslog:514"},
		"defaults": {"vault-skip-verify": "true"},
	})
	parameters := answer.parameters["vault-env"]
	parameters.helper == "vault-env"
	parameters.helperImage == "ghcr.io/bank-vaults/vault-env:v1.23.0"
	parameters.helperResources.requests.memory == "256Mi"
	parameters.settingPrefix == "VAULT_ENV"
	parameters.logPrefix == "VAULT"
	parameters.logServer == "syslog:514"
	parameters.skipVerify == "true"
}

test_configuration_of_bao if {
	answer := configuration with data.podgraft.config.vault_env as _configured({"provider": "bao"})
	answer.errors == []
	answer.parameters["vault-env"].prefix == "BAO"
	answer.parameters["vault-env"].address == "https://bao:8300"
}

test_configuration_of_nobody if {
	answer := configuration with data.podgraft.config.vault_env as _configured({"provider": ""})
	answer.parameters["vault-env"].prefix == "VAULT"
}

test_configuration_errors_of_defaults if {
	errors := _errors({"defaults": {
		"run-as-user": "root",
		"secret-init-daemon": "maybe",
		"secret-init-delay": "soon",
		"secret-init-image-pull-policy": "sometimes",
		"bao-client-timeout": "later",
		"bao-transit-batch-size": "many",
		"vault-agent-cpu-limit": "lots",
	}})
	[error.path | some error in errors] == [
		"/defaults/bao-client-timeout",
		"/defaults/bao-transit-batch-size",
		"/defaults/run-as-user",
		"/defaults/secret-init-daemon",
		"/defaults/secret-init-delay",
		"/defaults/secret-init-image-pull-policy",
		"/defaults/vault-agent-cpu-limit",
	]
}

test_configuration_errors_of_addresses if {
	errors := _errors({"addresses": ["https://fine", "vault:8200"], "defaults": {"bao-addr": ""}})
	[error.path | some error in errors] == ["/addresses/1", "/defaults/bao-addr"]
}

test_configuration_errors_of_the_helper if {
	_errors({"provider": "bao", "helper": {"name": "vault-env"}})[0].path == "/helper/name"
	errors := _errors({"helper": {"limits": {"cpu": "lots"}, "requests": {"cpu": "", "memory": ""}}})
	[error.path | some error in errors] == ["/helper/limits/cpu", "/helper/requests/cpu"]
}

test_configuration_errors_of_roles if {
	errors := _errors({"defaults": {"vault-role": "{{ .team }}", "bao-role": "{{.namespace}}"}})
	count(errors) == 1
	errors[0].path == "/defaults/vault-role"
	contains(errors[0].message, "map has no entry")
}
