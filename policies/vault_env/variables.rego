package podgraft.systems.vault_env

# What agent-env-variables adds to the agent beside the pod: a JSON list of variables, whose keys may have any case.
_agent_variables := [variable |
	some entry in _parsed_variables
	variable := _variable_entry(_in_small_letters(entry))
] if {
	not _variables_error
} else := []

_parsed_variables := podgraft.parse_json(_value("agent-env-variables")).value

# Why it cannot be read; undefined where it can, or says nothing.
_variables_error := "is no JSON list of variables" if {
	_value("agent-env-variables") != ""
	not _are_variables
}

_are_variables if {
	is_array(_parsed_variables)
	every entry in _parsed_variables { _variable_entry(_in_small_letters(entry)) }
}

# Of keys that differ only in their case, the last in alphabetical order counts; null says nothing.
_in_small_letters(entry) := object.union_n([{lower(key): entry[key]} | some key in keys]) if {
	is_object(entry)
	keys := sort([key | some key, value in entry; value != null])
	keys != []
}

_variable_entry(entry) := {"name": entry.name, "valueFrom": _variable_source(_in_small_letters(entry.valuefrom))} if {
	is_string(entry.name)
} else := {"name": entry.name, "value": object.get(entry, "value", "")} if {
	is_string(entry.name)
	is_string(object.get(entry, "value", ""))
	object.get(entry, "valuefrom", null) == null
}

# Of several sources the first; Kubernetes refuses more than one.
_variable_source(given) := [{source.field: members} |
	some name in ["fieldref", "resourcefieldref", "configmapkeyref", "secretkeyref"]
	source := _tables.variable_sources[name]
	texts := _in_small_letters(given[name])
	members := {member: texts[key] | some key, member in source.members; _fits(member, texts[key])}
	members != {}
][0]

_fits("optional", value) if is_boolean(value)

_fits(member, value) if {
	member != "optional"
	is_string(value)
}
