package podgraft.systems.vault_csi

import data.podgraft.lib.name

# What is wrong with the variables that the annotations list.
_variables_problem := _say("env_unreadable", $"{_annotation("env")} is no JSON: {_variable_map.error}") if {
	_variable_map.error != ""
} else := _say("env_unreadable", $"{_annotation("env")} is not a map of texts") if {
	not _is_map_of_texts(_variable_map.value)
} else := _say("env_many", $"the pod asks for {count(_given_variables)} variables; {_most_variables} are the most") if {
	count(_given_variables) > _most_variables
} else := _variable_problems[0]

# Nobody has so many; a review of more would take long.
_most_variables := 256

_is_map_of_texts(value) if {
	is_object(value)
	every text in value { is_string(text) }
}

_variable_problems := array.concat(
	[problem | some variable in _variables; problem := _variable_problem(variable)],
	[_say("env_duplicated", message) |
		some index, variable in _variables
		_variables[index + 1].name == variable.name
		message := $"{variable.where}: another annotation gives the variable {variable.name} too"
	],
)

_variable_problem(variable) := _say(
	"env_name_invalid",
	$"{variable.where}: {_shown(variable.name)} is no name of a variable",
) if {
	not name.is_variable(variable.name)
} else := _say(
	"env_source_invalid",
	$"{variable.where}: {_shown(variable.name)} needs the name of a Secret and a key with # between them",
) if {
	not _is_source(variable)
}

_is_source(variable) if {
	name.is_subdomain(variable.secret)
	name.is_key(variable.key)
}
