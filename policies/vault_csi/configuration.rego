package podgraft.systems.vault_csi

import data.podgraft.lib.bool
import data.podgraft.lib.name

# METADATA
# description: |
#   What follows from the configuration alone, worked out once: the parameters of a pod without annotations of its own,
#   and the values with which nothing can go well.
configuration := {
	"parameters": {"vault-csi": {
		"statusKey": concat("", [_prefix, "status"]),
		"mountPath": _config.defaults["mount-path"],
	}},
	"errors": [{"path": path, "message": _errors[path]} | some path in sort([path | some path, _ in _errors])],
	"doubts": [],
}

_errors["/annotationPrefix"] := $"{_fellows[0]} has the same, and a pod could not say which of the two it asks" if {
	_fellows != []
}

# Other systems that are on and whose annotations begin alike.
_fellows := sort([system |
	some system, settings in data.podgraft.config
	system != "vault_csi"
	settings.annotationPrefix == _config.annotationPrefix
	not settings.enabled == false
])

_errors["/inline/class"] := "no name of a SecretProviderClass" if {
	_config.inline.class != ""
	not name.is_subdomain(_config.inline.class)
}

_errors["/defaults/mount-path"] := "not the full, plain path of a folder" if {
	not _is_mount_path(_config.defaults["mount-path"])
}

_errors["/defaults/auth-path"] := "not the path of a login method" if {
	_config.defaults["auth-path"] != ""
	not _is_mount(_auth_mount(_config.defaults["auth-path"]))
}

_errors["/defaults/tls-skip-verify"] := bool.error(_config.defaults["tls-skip-verify"])

_errors["/defaults/vault-address"] := "begins with none of https://, http:// and unix://" if {
	_config.defaults["vault-address"] != ""
	not _is_address(_config.defaults["vault-address"])
}
