package podgraft.systems.talend_vsi

# The files that the agent writes, in the order of the annotation.
_destinations := _trimmed(_destination_items)

_destination_items := _items(text) if {
	text := _text("secrets-destination")
} else := ["secrets.properties"]

# Where the default template reads, one path a file.
_paths := _trimmed(_path_items)

_path_items := _items(text) if {
	text := _text("secrets-path")
} else := [concat("/", ["secret", _application, _service])]

# Templates of the pod's own, one a file; undefined: the default template. Only what stands between separators counts,
# line ends included.
_templates := split(_text("secrets-template"), "---")

# Commands, one a file. There may be fewer, and more count for nothing.
_commands := _trimmed(array.slice(_items(object.get(_given, "notify", "")), 0, count(_destination_items)))

# Each file as the template needs it.
_files := [file |
	some index, destination in _destinations
	file := object.union_n([{"name": destination}, _source(index), _command_of(index)])
]

_source(index) := {"contents": _filled(_templates[index], object.get(_command_of(index), "command", ""))} if {
	_templates
} else := {"path": podgraft.quote(_paths[index])}

_command_of(index) := {"command": _commands[index]} if {
	_commands[index] != ""
} else := {}

_command_placeholder := "<VSI_SECRETS_TEMPLATE_COMMAND_TO_RUN>"

# The original puts a template in place before it fills in what follows, so these two placeholders work in it.
_filled(text, command) := strings.replace_n(
	{
		"<VSI_SECRETS_VAULT_SECRETS_PATH>": "",
		_command_placeholder: command,
	},
	text,
) if {
	contains(text, "<VSI_")
} else := text
