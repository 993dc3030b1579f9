package podgraft.systems.vault_env

test_agent_none if {
	emitted := _emitted({})
	emitted.readers == {}
	emitted.sharesProcesses == null
	emitted.copiesHelper
	every name in ["loginAgent", "sidecar", "tokenSource", "tokenMount", "filesVolume", "hasTokenFile", "consulTemplate"] {
		not emitted[name]
	}
}

test_agent_login if {
	emitted := _emitted({"vault-agent": "true"})
	emitted.loginAgent
	emitted.hasTokenFile
	emitted.tokenMount == _account
	not emitted.loginConfigMap
	not emitted.loginToken
	not emitted.filesVolume
}

test_agent_login_with_own_token if {
	mount := {"name": "own", "mountPath": "/var/run/own"}
	emitted := _emitted_for({"vault-agent": "t", "vault-service-account-token-volume-name": "/var/run/own/"}, {"containers": [_changed(_web, {"volumeMounts": [mount]})]})
	emitted.tokenMount == mount
	emitted.loginToken == "/var/run/own//token"
}

test_agent_login_without_token if {
	bare := object.remove(_web, ["volumeMounts"])
	_denied_for({"vault-agent": "true"}, {"containers": [bare]}).code == "token_not_found"
	emitted := _emitted_for({"vault-agent": "true", "vault-agent-configmap": "own"}, {"containers": [bare]})
	not emitted.tokenMount
}

test_agent_login_with_a_config_map if {
	emitted := _emitted_for({"vault-agent": "true", "vault-agent-configmap": "own"}, {"initContainers": [_changed(_plain, {"name": "prep"})], "containers": [_plain]})
	emitted.loginConfigMap == "own"
	emitted.agentFiles == "own"
	emitted.filesVolume == "agent-secrets"
	emitted.filesPath == "/vault/secrets"
	emitted.readers == {"plain": {}}
	not emitted.sidecar
	not emitted.copiesHelper
	emitted.sharesProcesses == null
}

test_agent_sidecar if {
	emitted := _emitted({"vault-agent-configmap": "own", "vault-agent-once": "1", "vault-configfile-path": "/files", "vault-ct-secrets-mount-path": "/other"})
	emitted.sidecar.exitsAfterLogin
	emitted.agentFiles == "own"
	emitted.filesPath == "/files"
	emitted.readers == {"web": {}}
	emitted.sharesProcesses
	emitted.tokenMount == _account
	not emitted.loginAgent
}

test_token_source if {
	emitted := _emitted({"vault-token-auth-mount": "tok:file.txt", "vault-agent": "true"})
	emitted.tokenSource == {"volume": "tok", "file": "file.txt"}
	emitted.hasTokenFile
	not emitted.loginAgent
	_emitted({"vault-token-auth-mount": "tok:file:"}).tokenSource == {"volume": "tok", "file": "file"}
}

test_token_source_with_a_config_map if {
	emitted := _emitted({"vault-token-auth-mount": "tok:file", "vault-agent": "true", "vault-agent-configmap": "own"})
	emitted.tokenSource
	emitted.loginConfigMap == "own"
	emitted.agentFiles == "own"
	not emitted.loginAgent
	not emitted.sidecar
}

test_token_source_invalid if {
	every text in ["tok", "tok:", ":file", ":"] {
		_denied({"vault-token-auth-mount": text}).code == "token_source_invalid"
	}
	every text in ["tok:a b", "tok:$(x)", "tok:;x", "tok:é"] {
		_denied({"vault-token-auth-mount": text}).code == "shell_word_needed"
	}
}

test_consul_template if {
	annotations := {"vault-ct-configmap": "tpl", "vault-ct-cpu": "50m", "vault-ct-pull-policy": "always", "vault-ct-secrets-mount-path": "/ct"}
	emitted := _emitted_for(annotations, {"initContainers": [_changed(_plain, {"name": "prep"})], "containers": [_changed(_plain, {"volumeMounts": [_account]})]})
	emitted.consulTemplate == {
		"configMap": "tpl",
		"image": "hashicorp/consul-template:0.32.0",
		"pullPolicy": "Always",
		"limits": {"cpu": "50m", "memory": "128Mi"},
		"once": false,
		"stays": true,
	}
	emitted.loginAgent
	emitted.filesVolume == "ct-secrets"
	emitted.filesPath == "/ct"
	emitted.readers == {"plain": {}}
	emitted.sharesProcesses
	not emitted.hasTokenFile
}

test_consul_template_once if {
	pod := {"initContainers": [_changed(_plain, {"name": "prep"})], "containers": [_changed(_plain, {"volumeMounts": [_account]})]}
	once := _emitted_for({"vault-ct-configmap": "tpl", "vault-ct-once": "true"}, pod)
	once.consulTemplate.once
	not once.consulTemplate.stays
	once.readers == {"plain": {}}
	both := _emitted_for({"vault-ct-configmap": "tpl", "vault-ct-once": "true", "vault-ct-inject-in-initcontainers": "true"}, pod)
	both.readers == {"plain": {}, "prep": {}}
	alone := _emitted_for({"vault-ct-configmap": "tpl", "vault-ct-inject-in-initcontainers": "true"}, pod)
	alone.readers == {"plain": {}}
}

test_modes_exclusive if {
	_denied({"vault-ct-configmap": "a", "vault-agent-configmap": "b"}).message == "could not mutate object: secrets-webhook.security.bank-vaults.io/vault-ct-configmap and secrets-webhook.security.bank-vaults.io/vault-agent-configmap exclude each other: both would bring files to /vault/secrets"
}

test_shares_processes_as_told if {
	_emitted({"vault-agent": "true", "vault-agent-share-process-namespace": "true"}).sharesProcesses == null
	every setting, mode in {"vault-agent-share-process-namespace": "vault-agent-configmap", "vault-ct-share-process-namespace": "vault-ct-configmap"} {
		_emitted({mode: "x", setting: "false"}).sharesProcesses == null
		_emitted({mode: "x", setting: "nonsense"}).sharesProcesses == null
		_emitted({mode: "x", setting: ""}).sharesProcesses == null
		_emitted_for({mode: "x"}, {"hostPID": true}).sharesProcesses == null
		_emitted_for({mode: "x", setting: "true"}, {"shareProcessNamespace": false}).sharesProcesses
		_emitted_for({mode: "x"}, {"shareProcessNamespace": false}).sharesProcesses == null
		_emitted_for({mode: "x"}, {"shareProcessNamespace": true}).sharesProcesses
	}
}
