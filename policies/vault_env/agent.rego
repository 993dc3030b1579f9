package podgraft.systems.vault_env

import data.podgraft.lib.containers
import data.podgraft.lib.pod

# There is something to do: a container to wrap, or files to bring.
_has_work if _wrapped != []

_has_work if _brings_files

_brings_files if _has_consul_template

_brings_files if _value("agent-configmap") != ""

_has_consul_template if _value("ct-configmap") != ""

# The login token: copied from a file that the pod has, or fetched by an agent before anything else starts. An agent
# for containers that find no reference would be no use.
_copies_token if {
	_has_work
	_value("token-auth-mount") != ""
}

_has_login_agent if {
	_has_work
	_value("token-auth-mount") == ""
	_wants_login
}

_wants_login if _is_on("agent")

_wants_login if _has_consul_template

# Volume and file. What stands behind a second colon means nothing.
_token_source := {"volume": volume, "file": file} if {
	[volume, file] := array.slice(split(_value("token-auth-mount"), ":"), 0, 2)
	not "" in {volume, file}
}

_has_token_file if _is_on("agent")

_has_token_file if _value("token-auth-mount") != ""

# The agent's configuration: a ConfigMap of the user's, or none, and then it is part of the container.
_login_config_map := _value("agent-configmap") if {
	_wants_login
	_value("agent-configmap") != ""
} else := null

_has_sidecar if {
	_value("agent-configmap") != ""
	not _is_on("agent")
}

# The service account token, as the pod's containers have it.
_token_mount := containers.mount_at(_token_folder)

_token_folder := _value("service-account-token-volume-name")

# Where the agent finds it, if not in the usual place; the original does not tell it.
_login_token := concat("/", [_token_folder, "token"]) if {
	_has_login_agent
	trim_right(_token_folder, "/") != "/var/run/secrets/kubernetes.io/serviceaccount"
}

# The folder with the rendered files, its volume, and the containers that see it: the pod's own, and the init containers
# if the files are there before they start.
_files_path := [path |
	some path in [_value("configfile-path"), _value("ct-secrets-mount-path"), concat("/", [_home, "secrets"])]
	path != ""
][0]

_files_volume := "ct-secrets" if {
	_has_consul_template
} else := "agent-secrets"

_readers := {container.name: {} |
	_brings_files
	some container in _reading_containers
}

_reading_containers := _containers if {
	_has_consul_template
	_is_on("ct-once")
	_is_on("ct-inject-in-initcontainers")
} else := pod.containers

# Unless told, processes are shared, but not against the pod's own word, nor where they are the node's: Kubernetes takes
# only one of the two.
_shares_processes if {
	_shares
} else := null

_shares if {
	_has_consul_template
	_shares_by("ct-share-process-namespace")
}

_shares if {
	_has_sidecar
	_shares_by("agent-share-process-namespace")
}

_shares_by(setting) if _is_on(setting)

_shares_by(setting) if {
	not _said[setting]
	_preset(setting) == ""
	not input.request.object.spec.shareProcessNamespace == false
	not input.request.object.spec.hostPID
}
