package podgraft.systems.vault_csi

# The objects that the pod asks for in its annotations, one a file, in the order of the files. What an annotation does
# not say is left out; where each comes from goes with it, for messages.
_entries := [entry |
	some [_, entry] in sort([[object.get(entry, "objectName", ""), entry] | some entry in _collected])
]

_collected := array.flatten([_annotated, _paired, _listed])

# object-<file>: <path>#<key>
_annotated := [entry |
	some name, text in _given
	file := _file_of(name)
	entry := object.union_n([
		{"where": _annotation(name), "objectName": file},
		_source(text),
		{field: value | some field, prefixes in _options; value := _option(prefixes, file)},
	])
]

_file_of(name) := file if {
	not _is_option(name)
	some prefix in ["object-", "agent-inject-secret-"]
	startswith(name, prefix)
	file := substring(name, count(prefix), -1)
	file != ""
}

_is_option(name) if {
	some prefix in _option_prefixes
	startswith(name, prefix)
}

_option_prefixes := [prefix | some prefixes in _options; some prefix in prefixes]

_options := {
	"filePermission": ["object-perms-", "agent-inject-perms-"],
	"encoding": ["object-encoding-"],
}

_option(prefixes, file) := [text |
	some prefix in prefixes
	text := _text(concat("", [prefix, file]))
][0]

# The path, and behind the first hash sign the key.
_source(text) := {"secretPath": text} if {
	not contains(text, "#")
} else := {"secretPath": substring(text, 0, at), "secretKey": substring(text, at + 1, -1)} if {
	at := indexof(text, "#")
}

# secrets-path and secrets-destination, as the Talend injector has them: lists that belong together item by item.
_paired := [{"where": _annotation("secrets-destination"), "objectName": file, "secretPath": _paths[index]} |
	some index, file in _destinations
]

_paths := _trimmed(_path_items)

_destinations := _trimmed(_destination_items)

_path_items := _items("secrets-path")

_destination_items := _items("secrets-destination")

_items(name) := split(text, ",") if {
	text := _text(name)
} else := []

_trimmed(items) := [trim_space(item) | some item in items]

# objects: a list of entries as the SecretProviderClass has them, in JSON.
_listed := [object.union({"where": _item(index), "objectName": "", "secretPath": ""}, item) |
	some index, item in _list.value
	is_object(item)
]

_item(index) := concat("", [_annotation("objects"), ", item ", format_int(index + 1, 10)])

_list := podgraft.parse_json(_text("objects")) if {
	_text("objects")
} else := {"value": [], "error": ""}

# An entry as the provider reads it. A file's mode is a number there, and YAML takes one in any base.
_written(entry) := object.union_n([
	object.remove(entry, ["where", "filePermission", "encoding"]),
	{"filePermission": _mode(text) | text := entry.filePermission},
	{"encoding": lower(text) | text := entry.encoding},
])

# The value of up to three octal digits, whatever zeros stand before them.
_mode(text) := sum([share |
	some place, weight in [64, 8, 1]
	share := weight * to_number(substring(digits, place, 1))
]) if {
	text != ""
	trim(text, "01234567") == ""
	significant := trim_left(text, "0")
	count(significant) <= 3
	digits := substring(concat("", ["000", significant]), count(significant), 3)
}
