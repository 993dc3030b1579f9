package podgraft.systems.vault_agent

import data.podgraft.lib.path
import data.podgraft.lib.pod

# The login method's own parameters. A later layer goes over an earlier one.
_auth_config := object.union_n([
	{"token_path": path.join(_token.path, _token.file)},
	_fields(_config.authConfig, ""),
	_fields(_given, "auth-config-"),
	_role,
])

_role := {"role": role} if {
	role := _value("role")
	role != ""
} else := {}

# What the keys with a prefix say, by their rest, dashes written as underscores. Where two keys come to one name, the
# last in alphabetical order counts.
_fields(texts, prefix) := {name: text |
	fields := sort([[replace(substring(key, count(prefix), -1), "-", "_"), key, text] |
		some key, text in texts
		startswith(key, prefix)
	])
	some index, [name, _, text] in fields
	not fields[index + 1][0] == name
}

# AWS: the role's token, mounted where the pod has it, unless that is the service account token already.
_aws_mount := {"volume": mount.name, "path": mount.mountPath} if {
	_value("auth-type") == "aws"
	mount := _mounts_like("eks.amazonaws.com")[0]
	[mount.name, mount.mountPath] != [_token.volume, _token.path]
}

# The variables that say which role, as the pod's containers have them, and the region that an annotation names.
_aws_env := array.concat(
	[_variable(name, object.get(variable, "value", "")) |
		some name in ["AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_DEFAULT_REGION", "AWS_REGION"]
		variable := _first_variable(name)
	],
	[_variable("AWS_REGION", region) | region := _auth_config.region],
) if {
	_value("auth-type") == "aws"
}

# Kubernetes writes no empty value.
_variable(name, value) := {"name": name, "value": value} if {
	value != ""
} else := {"name": name}

_first_variable(name) := [variable |
	some container in pod.containers
	some variable in container.env
	variable.name == name
][0]
