package podgraft.systems.talend_vsi

import data.podgraft.lib.pod

# The containers of the pod, by name: whether they still lack the secrets, and the command that is given variables.
_readers := object.union(
	{container.name: {"mount": _lacks_secrets(container)} | some container in pod.init_containers},
	{container.name: object.union(_hooked(container), _wrapped(container)) | some container in pod.containers},
)

_hooked(container) := {"mount": _lacks_secrets(container), "folder": _secrets_folder(container)} if {
	_wants_hook
} else := {"mount": _lacks_secrets(container)}

_wrapped(container) := {"wrap": {"folder": _secrets_folder(container), "command": container.command}} if {
	_exports_env
} else := {}

_lacks_secrets(container) := count(_secrets_mounts(container)) == 0

# Where a container sees the secrets.
_secrets_folder(container) := trim_right(_secrets_mounts(container)[0].mountPath, "/") if {
	not _lacks_secrets(container)
} else := "/opt/talend/secrets"

_secrets_mounts(container) := [mount |
	some mount in container.volumeMounts
	mount.name == "secrets"
]

_brings_volume if {
	some volume in pod.volumes
	volume.name == "secrets"
}
