package podgraft.systems.vault_env

_sidecar_resources(annotations) := _emitted(object.union({"vault-agent-configmap": "own"}, annotations)).sidecar.resources

test_agent_resources_usual if {
	_sidecar_resources({}) == {"limits": {"cpu": "100m", "memory": "128Mi"}, "requests": {"cpu": "100m", "memory": "128Mi"}}
}

test_agent_resources_as_told if {
	_sidecar_resources({"vault-agent-cpu-limit": "1", "vault-agent-memory-limit": "1Gi", "vault-agent-cpu-request": "5m", "vault-agent-memory-request": "9Mi"}) == {
		"limits": {"cpu": "1", "memory": "1Gi"},
		"requests": {"cpu": "5m", "memory": "9Mi"},
	}
}

test_agent_resources_short_names_first if {
	_sidecar_resources({"vault-agent-cpu": "420m", "vault-agent-cpu-limit": "1", "vault-agent-memory": "2Mi", "vault-agent-memory-limit": "1Mi"}).limits == {"cpu": "420m", "memory": "2Mi"}
}

test_agent_resources_unreadable if {
	_sidecar_resources({"vault-agent-cpu": "lots", "vault-agent-memory-request": ""}) == _sidecar_resources({})
}

test_agent_resources_by_older_names if {
	older := {"request": {"object": {"metadata": {"annotations": {
		"vault.security.banzaicloud.io/vault-agent-cpu": "7m",
		"vault.security.banzaicloud.io/vault-agent-memory-limit": "7Mi",
	}}}}}
	newer := {"vault-agent-configmap": "own", "vault-agent-cpu": "lots", "vault-agent-cpu-limit": "9m", "vault-agent-memory-limit": "9Mi"}
	answer := decision with input as object.union(_review(newer), older)
	answer.injections[0].parameters.sidecar.resources.limits == {"cpu": "7m", "memory": "9Mi"}
}

test_agent_resources_configured if {
	resources := _sidecar_resources({"vault-agent-memory": "x"}) with data.podgraft.config.vault_env as _configured({"defaults": {"vault-agent-cpu-limit": "7m", "vault-agent-memory-limit": "7Mi"}})
	resources.limits == {"cpu": "7m", "memory": "7Mi"}
}

test_helper_resources if {
	_helper_resources == {"limits": {"cpu": "500m", "memory": "256Mi"}, "requests": {"cpu": "100m", "memory": "128Mi"}}
	_helper_resources.requests.memory == "256Mi" with data.podgraft.config.vault_env as _configured({"helper": {"name": "vault-env"}})
	_helper_resources.requests.memory == "1Mi" with data.podgraft.config.vault_env as _configured({"helper": {"requests": {"memory": "1Mi"}}})
}
