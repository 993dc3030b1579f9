package podgraft.systems.vault_agent

# What is missing once everything is parsed. Without a role, a path and an address the agent's configuration would not
# work; one that comes from a ConfigMap is the pod's own affair.
_validate_problem := _problem("request_namespace_blank", "namespace missing from request") if {
	_given["agent-request-namespace"] == ""
} else := _problem("token_incomplete", "no service account token volume name, mount path or token path found") if {
	"" in [_token.volume, _token.path, _token.file]
} else := _problem("image_missing", "no Vault image found") if {
	_value("agent-image") == ""
} else := _login_problem if {
	not _uses_config_map
}

_login_problem := _problem("auth_type_missing", "no Vault Auth Type found") if {
	_value("auth-type") == ""
} else := _problem("role_missing", "no Vault role found") if {
	_value("auth-type") == "kubernetes"
	object.get(_auth_config, "role", "") == ""
} else := _problem("auth_path_missing", "no Vault Auth Path found") if {
	_value("auth-path") == ""
} else := _problem("address_missing", "no Vault address found") if {
	_value("service") == ""
}

_uses_config_map if _value("agent-configmap") != ""
