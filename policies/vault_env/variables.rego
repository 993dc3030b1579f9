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

_in_small_letters(entry) := {lower(key): value | some key, value in entry} if is_object(entry)

_variable_entry(entry) := {"name": entry.name, "valueFrom": {source.field: members}} if {
	is_string(entry.name)
	some name, source in _tables.variable_sources
	given := _in_small_letters(_in_small_letters(entry.valuefrom)[name])
	members := {member: given[key] | some key, member in source.members; _fits(member, given[key])}
	members != {}
} else := {"name": entry.name, "value": object.get(entry, "value", "")} if {
	is_string(entry.name)
	is_string(object.get(entry, "value", ""))
	object.get(entry, "valuefrom", null) == null
}

_fits("optional", value) if is_boolean(value)

_fits(member, value) if {
	member != "optional"
	is_string(value)
}
