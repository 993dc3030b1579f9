package podgraft.systems.vault_env

# The role to log in with: the pod's, the operator's, or the name of the service account; filled in. Undefined where it
# cannot be filled in.
_role := _role_text if {
	not contains(_role_text, "{{")
} else := concat("", array.concat([_role_pieces[0]], [piece |
	some action in _role_actions
	piece := concat("", [action.value, action.rest])
])) if {
	not _role_error
}

_role_text := _said.role if {
	_said.role
} else := _preset("role") if {
	_preset("role") != ""
} else := object.get(input.request.object, ["spec", "serviceAccountName"], "")

_role_variables := {
	"authmethod": _value("auth-method"),
	"name": object.get(input.request.object, ["metadata", "name"], ""),
	"namespace": _namespace,
	"path": _value("path"),
	"serviceaccount": _value("serviceaccount"),
}

_role_pieces := split(_role_text, "{{")

# Each action with what it stands for and the text behind it.
_role_actions := [{"value": value, "rest": rest} |
	some index, piece in _role_pieces
	index > 0
	value := _role_variables[_variable(piece)]
	rest := substring(piece, indexof(piece, "}}") + 2, -1)
]

# The name in a {{ .name }}; undefined where something else stands there.
_variable(piece) := name if {
	contains(piece, "}}")
	action := trim(split(piece, "}}")[0], " \t\r\n")
	startswith(action, ".")
	name := substring(action, 1, -1)
	name != ""
	trim(lower(name), "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

# Go's own words, where the original fails too.
_role_error := [message |
	some index, piece in _role_pieces
	index > 0
	message := _action_error(index, piece)
][0]

_action_error(index, piece) := $"error parsing {_provider}_role: template: {_provider}Role:{_line(index)}: unclosed action" if {
	not contains(piece, "}}")
} else := $`error templating {_provider}_role: template: {_provider}Role:{_line(index)}:{_column(index, piece)}: executing "{_provider}Role" at <.{_variable(piece)}>: map has no entry for key "{_variable(piece)}"` if {
	not _role_variables[_variable(piece)]
	_variable(piece)
} else := $"error parsing {_provider}_role: only names like \{\{ .namespace }} are filled in: authmethod, name, namespace, path and serviceaccount" if {
	not _variable(piece)
}

# Where an action stands: its line, counted from 1, and the bytes before its point on that line.
_line(index) := count(split(_text_before(index), "\n"))

_column(index, piece) := count(lines[count(lines) - 1]) if {
	lines := split(concat("", [_text_before(index), split(piece, ".")[0]]), "\n")
}

_text_before(index) := concat("", [concat("{{", array.slice(_role_pieces, 0, index)), "{{"])
