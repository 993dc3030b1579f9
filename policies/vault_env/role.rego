package podgraft.systems.vault_env

# The role to log in with: the pod's, the operator's, or the name of the service account; filled in. Undefined where it
# cannot be filled in.
_role := concat("", array.concat([_role_pieces[0]], _role_actions)) if not _role_error

_role_text := text if {
	text := _said.role
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

# What each action stands for, with the text behind it.
_role_actions := [concat("", [value, rest]) |
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

# What is wrong with the first action that cannot be filled in; in Go's own words, where the original fails too.
_role_error := $"error parsing {_role_name.setting}: {_role_name.at}:{_role_place.line}: unclosed action" if {
	_oddity(_odd_piece) == "unclosed"
} else := $"error parsing {_role_name.setting}: {_role_rule}" if {
	_oddity(_odd_piece) == "no name"
} else := concat("", [
	$"error templating {_role_name.setting}: {_role_name.at}:{_role_place.line}:{_role_place.column}: ",
	$`executing "{_role_name.template}" at <.{_variable(_odd_piece)}>: `,
	$`map has no entry for key "{_variable(_odd_piece)}"`,
]) if {
	_oddity(_odd_piece) == "unknown name"
}

_oddity(piece) := "unclosed" if {
	not contains(piece, "}}")
} else := "no name" if {
	not _variable(piece)
} else := "unknown name"

_odd_piece := _role_pieces[_odd_index]

_odd_index := [index |
	some index, piece in _role_pieces
	index > 0
	not _is_filled_in(piece)
][0]

_is_filled_in(piece) if _role_variables[_variable(piece)]

_role_rule := concat(" ", [
	"only names like {{ .namespace }} are filled in:",
	"authmethod, name, namespace, path and serviceaccount",
])

# What the original calls the setting and its template.
_role_name := {
	"setting": $"{_provider}_role",
	"template": $"{_provider}Role",
	"at": $"template: {_provider}Role",
}

# Where it stands: the line, counted from 1, and the characters before the name on that line.
_role_place := {"line": count(lines), "column": count(lines[count(lines) - 1])} if {
	before := concat("{{", array.slice(_role_pieces, 0, _odd_index))
	lines := split(concat("{{", [before, split(_odd_piece, ".")[0]]), "\n")
}
