package podgraft.systems.vault_env

test_parameters_only_what_the_pod_says if {
	object.keys(_emitted({})) == {"wrap", "readers", "role", "security", "sharesProcesses", "copiesHelper"}
}

test_parameters_of_annotations if {
	emitted := _emitted({
		"secret-init-daemon": "true",
		"secret-init-delay": "1500ms",
		"secret-init-json-log": "yes",
		"secret-init-image": "own/init:1",
		"secret-init-image-pull-policy": "never",
		"vault-auth-method": "azure",
		"vault-path": "az",
		"vault-namespace": "team",
		"vault-client-timeout": "90s",
		"vault-ignore-missing-secrets": "whatever",
		"vault-passthrough": "A,B",
		"vault-transit-key-id": "k",
		"vault-transit-path": "t",
		"vault-transit-batch-size": "5",
		"vault-image": "own/vault:1",
		"vault-image-pull-policy": "Always",
	})
	object.remove(emitted, ["wrap", "readers", "role", "security", "sharesProcesses", "copiesHelper"]) == {
		"daemon": true,
		"delay": "1.5s",
		"jsonLog": "yes",
		"helperImage": "own/init:1",
		"helperPullPolicy": "Never",
		"authMethod": "azure",
		"authPath": "az",
		"namespace": "team",
		"clientTimeout": "1m30s",
		"ignoreMissingSecrets": "whatever",
		"passthrough": "A,B",
		"transitKeyId": "k",
		"transitPath": "t",
		"transitBatchSize": "5",
		"agentImage": "own/vault:1",
		"agentPullPolicy": "Always",
	}
}

test_parameters_of_older_names if {
	older := {
		"vault-env-daemon": "1",
		"vault-env-delay": "1m",
		"enable-json-log": "true",
		"vault-env-image": "own/vault-env:1",
		"vault-env-passthrough": "X",
		"transit-key-id": "k",
		"bao-path": "no such name",
		"provider": "bao",
	}
	answer := decision with input.request.object.metadata.annotations as {concat("", [_older_prefix, name]): text | some name, text in older}
		with input.request.object.spec as {"containers": [_web]}
	object.remove(answer.injections[0].parameters, ["wrap", "readers", "role", "security", "sharesProcesses", "copiesHelper"]) == {
		"daemon": true,
		"delay": "1m0s",
		"jsonLog": "true",
		"helperImage": "own/vault-env:1",
		"passthrough": "X",
		"transitKeyId": "k",
	}
}

test_parameters_of_nonsense if {
	emitted := _emitted({
		"secret-init-daemon": "please",
		"secret-init-delay": "soon",
		"secret-init-image": "",
		"secret-init-image-pull-policy": "sometimes",
		"vault-client-timeout": "later",
		"vault-transit-batch-size": "0",
		"vault-transit-path": "",
	})
	object.remove(emitted, ["wrap", "readers", "role", "security", "sharesProcesses", "copiesHelper"]) == {
		"daemon": false,
		"delay": null,
		"helperImage": "ghcr.io/bank-vaults/secret-init:v0.4.0",
		"helperPullPolicy": "IfNotPresent",
		"clientTimeout": "0s",
		"transitBatchSize": "25",
		"transitPath": null,
	}
}

test_parameters_of_the_other_provider if {
	container := _changed(_web, {"env": [{"name": "P", "value": "bao:kv#x"}]})
	emitted := _emitted_for({"provider": "bao", "bao-path": "own", "vault-path": "not mine"}, {"containers": [container]})
	emitted.tool == "bao"
	emitted.prefix == "BAO"
	emitted.settingPrefix == "BAO"
	emitted.logPrefix == "SECRET_INIT"
	emitted.address == "https://bao:8300"
	emitted.agentImage == "openbao/openbao:latest"
	emitted.authPath == "own"
	emitted.skipVerify == "false"
	emitted.transitKeyId == null
}

test_parameters_tls if {
	_emitted({"vault-tls-secret": "ca"}).tls == {"secret": "ca", "owner": "vault"}
	_emitted_for({"vault-tls-secret": "ca"}, {"volumes": [{"name": "vault-tls"}]}).tls == {"secret": "ca", "owner": "secret-init"}
	not _emitted({"vault-tls-secret": ""}).tls
}
