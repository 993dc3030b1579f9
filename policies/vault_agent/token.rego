package podgraft.systems.vault_agent

import data.podgraft.lib.pod

# The service account token: the volume that holds it, where the agents mount it, and its file there.
_token := {"volume": object.get(mount, "name", ""), "path": mount.mountPath, "file": "token"} if {
	not _names_token_volume
	mount := _mounts_like("serviceaccount")[0]
} else := {"volume": _token_volume, "path": _token_folder, "file": _token_file} if {
	_names_token_volume
}

# Why there is none.
_token_error := "failed to find service account volume mount" if {
	not _names_token_volume
	not _token
} else := concat(" ", ["failed to find service account volume", podgraft.quote(_token_volume)]) if {
	_names_token_volume
	not _token_folder
} else := concat(" ", [
	"failed to find volume",
	podgraft.quote(_token_volume),
	"in Pod",
	podgraft.quote(_pod_name),
	"volumes",
]) if {
	_names_token_volume
	not _has_token_volume
} else := concat(" ", ["failed to find tokenPath for projected volume", podgraft.quote(_token_volume)]) if {
	_names_token_volume
	not _token_file
}

_token_volume := _value("agent-service-account-token-volume-name")

_names_token_volume if _token_volume != ""

# Where the first container that mounts the named volume has it; one that none mounts gets a place of its own.
_token_folder := object.get(_named_mounts[0], "mountPath", "") if {
	_named_mounts[0]
} else := "/var/run/secrets/vault.hashicorp.com/serviceaccount" if {
	_has_token_volume
}

_named_mounts := [mount |
	some container in pod.containers
	some mount in container.volumeMounts
	mount.name == _token_volume
]

_has_token_volume if {
	some volume in pod.volumes
	volume.name == _token_volume
}

_token_file := [source.serviceAccountToken.path |
	some volume in pod.volumes
	volume.name == _token_volume
	some source in volume.projected.sources
	source.serviceAccountToken.path != ""
][0]

_pod_name := object.get(input.request.object.metadata, "name", "")

# Mounts of the pod's containers whose path has a text in it, in their order.
_mounts_like(text) := [mount |
	some container in pod.containers
	some mount in container.volumeMounts
	contains(mount.mountPath, text)
]
