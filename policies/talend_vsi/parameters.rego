package podgraft.systems.talend_vsi

import data.podgraft.lib.pod

# METADATA
# description: |
#   What the template needs beyond what configuration gives it: the parameters that follow from the pod, and those that
#   its annotations change.
parameters["readers"] := _readers

parameters["secretsVolume"] := false if _brings_volume

parameters["tokenVolume"] := _token_volume

parameters["role"] := _role if _auth == "kubernetes"

parameters["appRole"] if _auth == "approle"

parameters["authPath"] := _auth_path

parameters["fetched"] := _files if _is_static

parameters["refreshed"] := _files if _is_dynamic

parameters["kv2"] := {"1": false, "2": true}[_text("secrets-kv-version")]

parameters["exportsEnv"] if _exports_env

parameters["hook"] := {"seconds": _config.hook.timeoutSeconds, "files": concat("\n", _destinations)} if _wants_hook

parameters["proxyPort"] := _proxy_port if _has_proxy

parameters["sidecar"] := false if not _has_common_sidecar

parameters["nativeSidecar"] if {
	_has_sidecar
	_is_native
}

parameters["job"] := {"container": pod.containers[0].name, "tokenVolume": _default_token_volume} if _needs_babysitter

parameters["resources"] := object.union(object.get(_config.agent, "resources", {}), _amounts) if _amounts != {}

# What an annotation alone decides.
parameters[row.parameter] := text if {
	some name, text in _given
	text != ""
	row := _tables.annotations[name]
}

_amounts := {list: amounts |
	some list in ["limits", "requests"]
	amounts := {resource: text |
		some name, [part, resource] in _tables.resources
		part == list
		text := _text(name)
	}
	amounts != {}
}

_has_common_sidecar if {
	_has_sidecar
	not _is_native
}
