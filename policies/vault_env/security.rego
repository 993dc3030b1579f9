package podgraft.systems.vault_env

# Who the new containers run as, and what they may.
_security["allowPrivilegeEscalation"] := _switch("psp-allow-privilege-escalation")

_security["readOnlyRootFilesystem"] := _switch("readonly-root-fs")

_security["runAsNonRoot"] if _is_on("run-as-non-root")

_security["runAsUser"] := _user

_security["runAsGroup"] := _number("run-as-group") if _number("run-as-group") > 0

_security["seccompProfile"] := _config.seccompProfile if _config.seccompProfile != ""

# The pod's own user, unless another is named. What the API server refuses is no user.
_user := _number("run-as-user") if {
	_number("run-as-user") > 0
} else := user if {
	user := input.request.object.spec.securityContext.runAsUser
	user >= 0
	user <= _highest_id
}

_highest_id := 2147483647

_identity_error := $"{_annotation(setting)} is greater than {_highest_id}" if {
	some setting in ["run-as-user", "run-as-group"]
	_number(setting) > _highest_id
}
