package podgraft.systems.vault_csi

# METADATA
# description: What becomes of the pod. The first stage that has something to say decides.
decision := _deny(_say(
	"attributes_forbidden",
	$"volume {_shown(_forbidden_volumes[0])} gives parameters of its SecretProviderClass, which is forbidden here",
)) if {
	_config.podAttributes == "deny"
	_forbidden_volumes != []
} else := _skip("not_requested") if {
	not _wish
} else := _skip("switched_off") if {
	_is_off(_wish)
} else := _skip("already_injected") if {
	_is_injected
} else := _deny(_problem) if {
	_problem
} else := {"injections": [{
	"system": "vault_csi",
	"template": "vault-csi",
	"parameters": parameters,
	"reason": _way,
}]}

_wish := input.request.object.metadata.annotations[concat("", [_prefix, "inject"])]

_is_off(text) if lower(text) in {"", "false", "n", "no", "off"}

_is_on(text) if lower(text) in {"on", "true", "y", "yes"}

# The annotation alone does not do: it also comes with a pod that was copied from a running one, without the volume.
_is_injected if {
	_given.status == "injected"
	_driver_volumes != []
}

_skip(code) := {"skips": [{"system": "vault_csi", "code": code}]}

_deny(problem) := {"denials": [{
	"system": "vault_csi",
	"code": problem.code,
	"message": problem.message,
}]}

_say(code, message) := {"code": code, "message": message}
