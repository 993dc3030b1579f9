package podgraft.systems.talend_vsi

import data.podgraft.lib.pod

# The containers of the pod, by name: whether they still lack the secrets, and the command that is given variables.
_readers := object.union(
	{container.name: {"mount": _secrets_mounts(container) == []} | some container in pod.init_containers},
	{container.name: object.union(_hooked(container), _wrapped(container)) | some container in pod.containers},
)

_hooked(container) := {"mount": _secrets_mounts(container) == [], "folder": _secrets_folder(container)} if {
	_wants_hook
} else := {"mount": _secrets_mounts(container) == []}

_wrapped(container) := {"wrap": {"folder": _secrets_folder(container), "command": container.command}} if {
	_exports_env
} else := {}

# Where a container sees the secrets.
_secrets_folder(container) := trim_right(_secrets_mounts(container)[0].mountPath, "/") if {
	_secrets_mounts(container) != []
} else := "/opt/talend/secrets"

_secrets_mounts(container) := [mount |
	some mount in container.volumeMounts
	mount.name == "secrets"
]

_brings_volume if {
	some volume in pod.volumes
	volume.name == "secrets"
}
