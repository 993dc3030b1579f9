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
	_denied({"agent-limits-cpu": "500mi"}) == _patching("unable to parse quantity's suffix")
	pattern := "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
	every key in array.concat(_limit_keys, _request_keys) {
		message := concat(" ", ["quantities must match the regular expression", pattern])
		_denied({key: "128g"}) == _patching(message)
	}
}

test_resources_configured_no_quantity if {
	lots := {"agent-limits-cpu": "lots"}
	contains(_denied_under(lots, {}), "quantities must match")
	_emitted_under(lots, {"agent-limits-cpu": "100m"}).limits == {"cpu": "100m", "memory": "128Mi"}
	_emitted_under(lots, {"agent-pre-populate": "false", "agent-pre-populate-only": "true"})
}
