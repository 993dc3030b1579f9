package podgraft.systems.vault_agent

import data.podgraft.lib.bool

# METADATA
# description: |
#   What becomes of the pod. The stages come in the order of the original, and the first that has something to say
#   decides.
decision := _skip("not_requested") if {
	not _wish
} else := _skip("not_create") if {
	input.request.operation != "CREATE"
} else := _deny("error checking if should inject agent: ", _problem("switch_invalid", message)) if {
	message := bool.error(_wish)
} else := _skip("switched_off") if {
	not bool.parse(_wish)
} else := _skip("already_running") if {
	not object.get(input.request.object, ["status", "phase"], null) in {null, "", "Pending"}
} else := _skip("already_injected") if {
	_given["agent-inject-status"] == "injected"
} else := _deny("error with request namespace: cannot inject into system namespaces: ", _system_namespace) if {
	_system_namespace
} else := _deny("error adding default annotations: ", _defaults_problem) if {
	_defaults_problem
} else := _deny("error creating new agent sidecar: ", _parse_problem) if {
	_parse_problem
} else := _deny("error validating agent configuration: ", _validate_problem) if {
	_validate_problem
} else := _deny("error creating patch for agent: ", _patch_problem) if {
	_patch_problem
} else := {"injections": [{
	"system": "vault_agent",
	"template": "vault-agent",
	"parameters": parameters,
	"reason": "annotation",
	"containerPatches": _container_patches,
	"listens": _listens,
}]}

_system_namespace := _problem("system_namespace", input.request.namespace) if {
	input.request.namespace in {"kube-system", "kube-public"}
}

_wish := input.request.object.metadata.annotations["vault.hashicorp.com/agent-inject"]

_skip(code) := {"skips": [{"system": "vault_agent", "code": code}]}

_deny(prefix, problem) := {"denials": [{
	"system": "vault_agent",
	"code": problem.code,
	"message": concat("", [prefix, problem.message]),
}]}

_problem(code, message) := {"code": code, "message": message}
