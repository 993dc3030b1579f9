package podgraft.systems.vault_csi

# The variables that the containers get from the Secrets that a class makes, in the order of their names. Where each
# comes from goes with it, for messages.
_variables := [variable | some [_, variable] in sort([[variable.name, variable] | some variable in _given_variables])]

_given_variables := array.concat(_annotated_variables, _mapped_variables)

# env-<variable>: <secret>#<key>
_annotated_variables := [object.union({"where": _annotation(annotation), "name": variable}, _reference(text)) |
	some annotation, text in _given
	startswith(annotation, "env-")
	variable := substring(annotation, 4, -1)
]

# env: the same as a map in JSON, for names that do not fit into an annotation's.
_mapped_variables := [object.union({"where": _annotation("env"), "name": variable}, _reference(text)) |
	some variable, text in _variable_map.value
	is_string(text)
]

_variable_map := podgraft.parse_json(_text("env")) if {
	_text("env")
} else := {"value": {}, "error": ""}

# A Secret and its key. Without a hash sign, there is no key.
_reference(text) := {"secret": secret, "key": substring(text, count(secret) + 1, -1)} if {
	secret := split(text, "#")[0]
}
