package podgraft.systems.vault_env

# The keys of a ConfigMap or Secret that hold a reference; undefined where that is not known.
_keys(source) := keys if {
	keys := input.facts[_source_key(source)].keys
	is_array(keys)
} else := [] if {
	_may_be_missing(source, input.facts[_source_key(source)].error)
}

# The same to look one up: a Secret may have many thousand keys.
_found_keys := {look_up: {key | some key in fact.keys} | some look_up, fact in input.facts; is_array(fact.keys)}

# What isn't there holds nothing; and what is optional may go unread, where all of its keys are taken.
_may_be_missing(_, error) if error.code == "not_found"

_may_be_missing(source, _) if source.optional

# Why it is not known.
_source_error(source) := _fact_error(_source_key(source)) if not _keys(source)

_fact_error(key) := error if {
	error := input.facts[key].error
	is_string(error.message)
	is_string(error.code)
} else := {"code": "no_fact", "message": "there is no answer to this look-up"}

# What an image runs; undefined where that is not known.
_image_command(image) := known if {
	known := _known_image(image)
} else := fact if {
	fact := input.facts[_image_key(image)]
	_are_texts(object.get(fact, "entrypoint", null))
	_are_texts(object.get(fact, "command", null))
}

_are_texts(list) if {
	is_array(list)
	every item in list { is_string(item) }
}

# Containers whose sources could not be searched, each with the first of them and why.
_unsearched := [{"container": container.name, "source": source, "error": error} |
	some container in _containers
	_may_ask(container)
	not _asks_behind(container)
	[source, error] := [[source, error] | some source in _sources(container); error := _source_error(source)][0]
]

# Containers that are to be wrapped and whose command is not known, each with why.
_unknown_commands := [{"container": container.name, "error": error} |
	some container in _containers
	_is_wrapped(container)
	not _command(container)
	error := _fact_error(_image_key(container.image))
]
