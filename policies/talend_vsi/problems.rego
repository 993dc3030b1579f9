package podgraft.systems.talend_vsi

import data.podgraft.lib.pod

# The first thing that is wrong with the pod: what the original refuses, in its order, and behind all of that what only
# podgraft refuses. So a pod that the original refuses gets the same answer here.
_problem := _say("container_missing", "Submitted pod must contain at least one container") if {
	count(pod.containers) == 0
} else := _say("auth_unknown", $"Submitted pod makes use of unsupported Vault Auth Method '{_auth}'") if {
	not _auth in {"approle", "kubernetes"}
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
} else := _own_problem

_say(code, message) := {"code": code, "message": message}
