package podgraft.systems.vault_agent

import data.podgraft.lib.duration

# What is wrong before any annotation is parsed.
_defaults_problem := _problem("namespace_missing", "kubernetes namespace required") if {
	object.get(input.request, "namespace", "") == ""
} else := _problem("backoff_invalid", concat("", ["error parsing min backoff as duration: ", message])) if {
	message := _backoff_error("auth-min-backoff")
} else := _problem("backoff_invalid", concat("", ["error parsing max backoff as duration: ", message])) if {
	message := _backoff_error("auth-max-backoff")
} else := _problem("json_patch_invalid", message) if {
	message := _json_patch_error("agent-json-patch")
} else := _problem("json_patch_invalid", message) if {
	message := _json_patch_error("agent-init-json-patch")
}

# Configured backoffs were looked at when the configuration was loaded.
_backoff_error(key) := duration.error(_given[key]) if _given[key] != ""

_json_patch_error(key) := message if {
	text := _value(key)
	text != ""
	mistake := _patch_error(podgraft.parse_json(text))
	message := concat("", ["error parsing JSON patch for annotation vault.hashicorp.com/", key, ": ", mistake])
}

# The original decodes a list of objects; null stands for an empty one, and for an object without members.
_patch_error(parsed) := parsed.error if {
	parsed.error != ""
} else := _type_error(parsed.value, "Patch") if {
	not type_name(parsed.value) in {"array", "null"}
} else := [_type_error(operation, "Operation") |
	some operation in parsed.value
	not type_name(operation) in {"object", "null"}
][0]

_type_error(value, type) := concat("", [
	"json: cannot unmarshal ",
	replace(type_name(value), "boolean", "bool"),
	" into Go value of type jsonpatch.",
	type,
])
