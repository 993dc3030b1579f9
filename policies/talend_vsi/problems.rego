package podgraft.systems.talend_vsi

import data.podgraft.lib.pod

# The first thing that is wrong with the pod, in the order of the original. Where it would let a pod through that is
# refused here, the problem stands behind those of its kind.
_problem := _say("container_missing", "Submitted pod must contain at least one container") if {
	count(pod.containers) == 0
} else := _say("auth_unknown", $"Submitted pod makes use of unsupported Vault Auth Method '{_auth}'") if {
	not _auth in {"approle", "kubernetes"}
} else := _say("mode_unknown", $"Submitted pod makes use of unsupported mode '{_given.mode}'") if {
	not _modes
} else := _say("role_missing", $"Submitted pod must contain label {_config.applicationLabel}") if {
	_auth == "kubernetes"
	not _role
} else := _say("token_not_mounted", $"Volume Mount for path {_missing_token_folder} not found in submitted pod") if {
	_missing_token_folder
} else := _secrets_problem if {
	_has_secrets
	_secrets_problem
} else := _container_problem if {
	_container_problem
} else := _settings_problem

_say(code, message) := {"code": code, "message": message}
