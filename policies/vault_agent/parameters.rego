package podgraft.systems.vault_agent

import data.podgraft.lib.bool
import data.podgraft.lib.csv
import data.podgraft.lib.float
import data.podgraft.lib.integer
import data.podgraft.lib.path

# METADATA
# description: |
#   What the template needs beyond what configuration gives it: the parameters that follow from the pod, and those that
#   its annotations change.
parameters := object.union(_settings, _graft)

# From the pod, in every review.
_graft["token"] := {"volume": _token.volume, "path": _token.path}

_graft["authConfig"] := _auth_config

_graft["readers"] := _readers

_graft["security"] := _security

_graft["aws"] := _aws_mount

_graft["awsEnv"] := _aws_env

_graft["copiedMounts"] := _copied_mounts if _copied_mounts != []

_graft["shareProcessNamespace"] := _shared_processes

_graft["secrets"] := _secrets if _secret_names != []

_graft["ownFolders"] := _own_folders if _chosen_folders != []

_shared_processes := _switch("agent-share-process-namespace") if _has_value("agent-share-process-namespace")

# From annotations alone: what configuration gives stands unless the pod says something.
_settings[row.parameter] := value if {
	some key, text in _given
	row := _tables.annotations[key]
	value := _parameter(row.kind, text)
}

_settings["sidecar"] := _has_sidecar if _affected.sidecar

_settings["tokenFile"] := _token_sink if _affected.tokenFile

_settings["limits"] := _amounts(_limit_keys) if _affected.limits

_settings["requests"] := _amounts(_request_keys) if _affected.requests

_settings["keepsCache"] := _keeps_cache if _affected.cache

_settings["initApi"] := _init_api if _affected.cache

_settings["sidecarApi"] := _sidecar_api if _affected.cache

_settings["revocation"] := _revocation if {
	_affected.revocation
	not _revocation_error
}

_settings["telemetry"] := _telemetry if {
	some key, _ in _given
	startswith(key, "agent-telemetry-")
}

# What several annotations decide together is worked out anew as soon as one of them is there.
_affected[name] := true if {
	some key, _ in _given
	some name in _tables.annotations[key].affects
}

# Null takes away what a lower layer gave.
_parameter("text", text) := text if {
	text != ""
} else := null

_parameter("path", text) := text

_parameter("bool", text) := bool.parse(text)

_parameter("list", text) := items if {
	items := csv.items(text)
	items != []
} else := null

_parameter("integer", text) := number if {
	number := integer.parse(text)
	number != 0
} else := null

_parameter("float", text) := number if {
	number := float.parse(text)
	is_number(number)
	number != 0
} else := null

_parameter("template", text) if {
	lower(text) == "json"
} else := false

# Where the login token is left for the pod, beside its secrets.
_token_sink := path.join(_value("secret-volume-path"), "token") if {
	_switch("agent-inject-token")
} else := null
