package podgraft.systems.vault_env

test_container_names if {
	every pod in [
		{"containers": [_web, _web]},
		{"containers": [_changed(_web, {"command": ["other"]}), _web]},
		{"containers": [_web], "initContainers": [_web]},
		{"containers": [object.remove(_web, ["name"])]},
	] {
		_denied_for({}, pod).code == "container_names"
	}
}

test_image_missing if {
	_denied({"vault-agent": "true", "vault-image": ""}).message == "could not mutate object: secrets-webhook.security.bank-vaults.io/vault-image is empty"
	_denied({"vault-token-auth-mount": "a:b", "vault-image": ""}).code == "image_missing"
	_denied({"vault-ct-configmap": "a", "vault-ct-image": ""}).message == "could not mutate object: secrets-webhook.security.bank-vaults.io/vault-ct-image is empty"
	_decide({"vault-image": ""}).injections
}

test_mount_twice if {
	_decide({"vault-agent-configmap": "a", "vault-configfile-path": "/home/consul-template"}).injections
	every annotations in [
		{"vault-agent-configmap": "a", "vault-configfile-path": "/vault/"},
		{"vault-agent-configmap": "a", "vault-configfile-path": "/vault/tls", "vault-tls-secret": "ca"},
		{"vault-agent-configmap": "a", "vault-configfile-path": "/var/run/secrets/kubernetes.io/serviceaccount"},
		{"vault-agent-configmap": "a", "vault-configfile-path": "/vault/config/config.hcl"},
		{"vault-agent-configmap": "a", "vault-agent": "true", "vault-configfile-path": "/vault/agent"},
		{"vault-ct-configmap": "a", "vault-configfile-path": "/home/consul-template/"},
		{"vault-ct-configmap": "a", "vault-configfile-path": "/vault/ct-config/config.hcl"},
	] {
		_denied(annotations).code == "mount_twice"
	}
}

test_helper_unfit if {
	vault_env := _configured({"helper": {"name": "vault-env"}})
	_denied({"provider": "bao"}).message == "could not mutate object: vault-env knows no references of the provider bao" with data.podgraft.config.vault_env as vault_env
	_decide({}).injections with data.podgraft.config.vault_env as vault_env
}

test_annotation_name_as_the_pod_writes_it if {
	older := {concat("", [_older_prefix, "run-as-user"]): "99999999999"}
	review := object.union(_review({}), {"request": {"object": {"metadata": {"annotations": older}}}})
	answer := decision with input as review
	answer.denials[0].message == "could not mutate object: vault.security.banzaicloud.io/run-as-user is greater than 2147483647"
	_annotation("run-as-user") == "secrets-webhook.security.bank-vaults.io/run-as-user" with input as {}
}
