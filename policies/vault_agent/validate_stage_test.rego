package podgraft.systems.vault_agent

test_validate_problem_order if {
	blank := {"agent-image": "", "auth-type": "", "role": "", "auth-path": "", "service": ""}
	_denied(object.union(blank, {"agent-request-namespace": ""})) == _validating("namespace missing from request")
	_denied(blank) == _validating("no Vault image found")
	_denied({"auth-type": "", "role": "", "auth-path": "", "service": ""}) == _validating("no Vault Auth Type found")
	_denied({"role": "", "auth-path": "", "service": ""}) == _validating("no Vault role found")
	_denied({"auth-path": "", "service": ""}) == _validating("no Vault Auth Path found")
	_denied({"service": ""}) == _validating("no Vault address found")
}

test_validate_problem_role_elsewhere if {
	_emitted({"role": "", "auth-config-role": "own"}).authConfig.role == "own"
	_decide({"role": "", "auth-type": "approle"}).injections
	_denied({"role": "", "auth-config-role": ""}) == _validating("no Vault role found")
}

test_validate_problem_config_map_needs_no_login if {
	_decide({"agent-configmap": "own", "auth-type": "", "role": "", "auth-path": "", "service": ""}).injections
}

test_validate_problem_request_namespace_is_only_looked_at if {
	_decide({"agent-request-namespace": "elsewhere"}).injections
}
