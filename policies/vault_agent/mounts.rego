package podgraft.systems.vault_agent

import data.podgraft.lib.containers
import data.podgraft.lib.csv
import data.podgraft.lib.pod

# The containers of the pod that see the secrets: those that are named, or all, and the pod's own init containers if an
# init agent has filled the volumes before them.
_readers := {name: {} |
	some containers in [_named_containers, _own_init_containers]
	some name in containers
}

_named_containers := [container.name |
	names := {name | some name in csv.items(_value("agent-inject-containers"))}
	some container in pod.containers
	names[container.name]
] if {
	_has_value("agent-inject-containers")
} else := [container.name | some container in pod.containers]

_own_init_containers := [container.name |
	_has_init
	some container in pod.init_containers
	container.name != "vault-agent-init"
]

# Mounts of the container that an annotation names, service account tokens aside, and what the agents have already.
_copied_mounts := [copy |
	name := _value("agent-copy-volume-mounts")
	name != ""
	some container in array.concat(pod.containers, pod.init_containers)
	container.name == name
	some mount in container.volumeMounts
	not contains(lower(mount.mountPath), "serviceaccount")
	copy := containers.copy_of(mount)
	not _is_mounted_anyway(copy)
]

_is_mounted_anyway(mount) if _whole_volume(mount) == {"volume": _token.volume, "path": _token.path}

_is_mounted_anyway(mount) if _whole_volume(mount) == _aws_mount

_whole_volume(mount) := {"volume": mount.name, "path": mount.mountPath} if {
	not mount.subPath
	not mount.subPathExpr
}

# Where each agent mounts something.
_agent_mount_paths := [path |
	some paths in [
		["/home/vault", _token.path, _value("secret-volume-path")],
		[path | path := _aws_mount.path],
		[folder.path | some folder in _own_folders],
		[mount.mountPath | some mount in _copied_mounts],
		[path | some [key, path] in _optional_mounts; _value(key) != ""],
		["/vault/agent-cache" | _keeps_cache],
	]
	some path in paths
]

_optional_mounts := [
	["agent-extra-secret", "/vault/custom"],
	["agent-configmap", "/vault/configs"],
	["tls-secret", "/vault/tls"],
]
