package podgraft.systems.vault_agent

test_resources_one_side_complete if {
	emitted := _emitted({"agent-limits-cpu": "1", "agent-limits-ephemeral": "1Gi"})
	emitted.limits == {"cpu": "1", "memory": "128Mi", "ephemeral-storage": "1Gi"}
	not emitted.requests
}

test_resources_empty_left_out if {
	_emitted({"agent-requests-cpu": ""}).requests == {"memory": "64Mi"}
	_emitted({"agent-limits-cpu": "", "agent-limits-mem": ""}).limits == null
}

test_resources_no_quantity if {
	regular := "error creating patch for agent: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
	every key in array.concat(_limit_keys, _request_keys) {
		_denied({key: "128g"}) == regular
	}
	_denied({"agent-limits-cpu": "500mi"}) == "error creating patch for agent: unable to parse quantity's suffix"
}

test_resources_configured_no_quantity if {
	lots := _defaults({"agent-limits-cpu": "lots"})
	contains(_denied({}), "quantities must match") with data.podgraft.config.vault_agent.defaults as lots
	_emitted({"agent-limits-cpu": "100m"}).limits == {"cpu": "100m", "memory": "128Mi"} with data.podgraft.config.vault_agent.defaults as lots
	_decide({"agent-pre-populate": "false", "agent-pre-populate-only": "true"}).injections with data.podgraft.config.vault_agent.defaults as lots
}
