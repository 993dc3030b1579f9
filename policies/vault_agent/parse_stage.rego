package podgraft.systems.vault_agent

import data.podgraft.lib.bool
import data.podgraft.lib.float
import data.podgraft.lib.integer

# The first value that cannot be read, in the order of the original.
_parse_problem := _problem("token_not_found", _token_error) if {
	_token_error
} else := _problem("secret_option_invalid", message) if {
	message := _secret_option_errors[0]
} else := problem if {
	_is_suspect
	problem := [problem |
		some key in _tables.parse_order
		problem := _value_problem(key)
	][0]
}

_secret_option_errors := [message |
	some name in _secret_names
	message := bool.error(_given[concat("", ["error-on-missing-key-", name])])
]

# Looking at what the pod itself says spares going through all settings: configured values are sound, or doubtful, and
# of those that can be doubtful only two are numbers.
_is_suspect if {
	some key, text in _given
	_value_error(_tables.annotations[key].kind, text)
}

_is_suspect if not integer.parse(_value("agent-run-as-user"))

_is_suspect if not integer.parse(_value("agent-run-as-group"))

_is_suspect if _same_user_error

_is_suspect if _process_namespace_error

_value_problem(key) := _problem("value_invalid", _named_error(key, message)) if {
	message := _value_error(_tables.annotations[key].kind, _value(key))
} else := _problem("same_user_unusable", _same_user_error) if {
	key == "agent-run-as-same-user"
} else := _problem("process_namespace_refused", _process_namespace_error) if {
	key == "agent-share-process-namespace"
}

_value_error("bool", text) := bool.error(text)

_value_error("integer", text) := integer.error(text)

_value_error("unsigned", text) := integer.error_unsigned(text)

_value_error("float", text) := float.error(text)

_value_error("template", text) := concat("", ["invalid default template type: ", lower(text)]) if {
	not lower(text) in {"map", "json"}
}

_named_error(key, message) := concat("", [
	"invalid value ",
	_value(key),
	` for annotation "vault.hashicorp.com/agent-share-process-namespace", err=`,
	message,
]) if {
	key == "agent-share-process-namespace"
} else := message

_process_namespace_error := "shareProcessNamespace explicitly disabled on the pod, refusing to enable it" if {
	_switch("agent-share-process-namespace")
	input.request.object.spec.shareProcessNamespace == false
}
