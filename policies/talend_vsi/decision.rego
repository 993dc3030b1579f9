package podgraft.systems.talend_vsi

# METADATA
# description: What becomes of the pod. The first stage that has something to say decides.
decision := _skip("not_requested") if {
	not _wish
	not _mark
} else := _skip("system_namespace") if {
	_namespace in {"kube-public", "kube-system"}
} else := _skip("already_injected") if {
	lower(_mark) == "injected"
} else := _skip("switched_off") if {
	not _is_on(_wish)
} else := {"denials": [{"system": "talend_vsi", "code": _problem.code, "message": _problem.message}]} if {
	_problem
} else := {
	"injections": [{
		"system": "talend_vsi",
		"template": "talend-vsi",
		"parameters": parameters,
		"reason": "annotation",
		"listens": [_proxy_port | _has_proxy],
	}],
	"warnings": _warnings,
}

_wish := input.request.object.metadata.annotations[_key("inject")]

# The original leaves a pod nothing but this annotation.
_mark := input.request.object.metadata.annotations[_key("status")]

# The request's; the pod itself may name none, or another.
_namespace := input.request.namespace if {
	input.request.namespace != ""
} else := object.get(input.request.object.metadata, "namespace", "")

_skip(code) := {"skips": [{"system": "talend_vsi", "code": code}]}
