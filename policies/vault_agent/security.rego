package podgraft.systems.vault_agent

import data.podgraft.lib.integer
import data.podgraft.lib.pod

# The user, group and runAsNonRoot of both agents; null: no security context at all.
_security := {"user": _user, "group": _group, "nonRoot": _is_not_root} if {
	_wants_security_context
} else := null

_wants_security_context if _switch("agent-set-security-context")

# Where the configuration says no and the pod does not, naming an identity is saying yes, whatever it says.
_wants_security_context if {
	not _given["agent-set-security-context"]
	_any_given(["agent-run-as-user", "agent-run-as-group", "agent-run-as-same-user"])
}

_user := pod.containers[0].securityContext.runAsUser if {
	_switch("agent-run-as-same-user")
} else := integer.parse(_value("agent-run-as-user"))

_group := integer.parse(_value("agent-run-as-group"))

# The original also calls group 0 root.
_is_not_root := false if {
	0 in [_user, _group]
} else := true

_same_user_error := _first_user_error if _switch("agent-run-as-same-user")

_first_user_error := "No containers found in Pod Spec" if {
	not pod.containers[0]
} else := "No SecurityContext found for Container 0" if {
	object.get(pod.containers[0], "securityContext", null) == null
} else := "RunAsUser is nil for Container 0's SecurityContext" if {
	object.get(pod.containers[0].securityContext, "runAsUser", null) == null
} else := "container not allowed to run as root" if {
	pod.containers[0].securityContext.runAsUser == 0
} else := "RunAsUser of Container 0 is out of range" if {
	not _is_user(pod.containers[0].securityContext.runAsUser)
}

# The bounds that the API server has for a user.
_is_user(user) if {
	user > 0
	user <= 2147483647
	user == round(user)
}
