package podgraft.systems.vault_csi

# What is wrong with the objects that the annotations list.
_objects_problem := _say("objects_many", $"the pod asks for {_file_count} files; {_most_files} are the most") if {
	_way == "inline"
	_file_count > _most_files
} else := _list_problem if {
	_way == "inline"
	_list_problem
} else := _entry_problems[0] if {
	_way == "inline"
	_entry_problems != []
} else := _clash if {
	_way == "inline"
}

# Nobody has so many; a review of more would take long.
_most_files := 256

_file_count := sum([count(_annotated), count(_destination_items), count(_listed)])

_entry_problems := [problem |
	some entry in _entries
	problem := _entry_problem(entry)
]

# What keeps the annotations from being entries at all.
_list_problem := _say(
	"option_without_object",
	$"{_annotation(_orphans[0])} is about a file that no annotation asks for",
) if {
	_orphans != []
} else := _say(
	"paths_count",
	"Submitted pod must contain same numbers of secrets path and secrets destinations",
) if {
	count(_path_items) != count(_destination_items)
} else := _say("objects_unreadable", $"{_annotation("objects")} is no JSON: {_list.error}") if {
	_list.error != ""
} else := _say("objects_unreadable", $"{_annotation("objects")} is not a list of entries") if {
	not is_array(_list.value)
} else := _say("objects_unreadable", _list_errors[0]) if {
	_list_errors != []
} else := _say(
	"objects_missing",
	"no secrets configured - the provider will not read any secret material",
) if {
	_entries == []
}

_orphans := sort([name |
	some name, _ in _given
	some prefix in _option_prefixes
	startswith(name, prefix)
	file := substring(name, count(prefix), -1)
	not _annotated_files[file]
])

_annotated_files := {entry.objectName | some entry in _annotated}

_list_errors := [error |
	some index, item in _list.value
	error := concat(": ", [_item(index), _item_errors(item)[0]])
]

_item_errors(item) := ["it is not a map of fields"] if {
	not is_object(item)
} else := sort([error |
	some field, value in item
	error := _field_error(field, value, _tables.entry)
])

_field_error(field, _, known) := $"{_shown(field)} is no field of an entry" if not known[field]

_field_error(field, value, known) := $"{field} is not a {row.noun}" if {
	row := known[field]
	type_name(value) != row.type
}

_field_error("secretArgs", value, _) := "secretArgs holds something else than texts, numbers and booleans" if {
	some argument in value
	not type_name(argument) in {"boolean", "number", "string"}
}

# Entries that cannot be together; the first in the provider's own words.
_clash := _say(
	"objects_duplicated",
	concat(" ", [
		"each `objectName` within a SecretProviderClass must be unique,",
		$"but the following keys were duplicated: {_shown(_twice[0])}",
	]),
) if {
	_twice != []
} else := _say("file_in_file", $"{_shown(_nested[0])} would be a file and a folder at once") if {
	_nested != []
} else := _say(
	"arguments_shared",
	$"{_sharing[0]}: another entry differs in secretArgs alone, and the provider would give both the same answer",
) if {
	_sharing != []
}

_twice := [file |
	some index, file in _files
	_files[index + 1] == file
]

_files := [entry.objectName | some entry in _entries]

_nested := [file |
	some index, file in _sorted_by_folder
	startswith(_sorted_by_folder[index + 1], concat("", [file, "/"]))
]

# What lies below a file follows on it, as no name has a smaller character than the one put in the slashes' place.
_sorted_by_folder := [file | some [_, file] in sort([[concat("\u0001", split(file, "/")), file] | some file in _files])]

# The provider keeps answers by path and method. Sorted by these, entries that it takes for one stand side by side.
_sharing := [where |
	some index, [request, arguments, _] in _requests
	[next, others, where] := _requests[index + 1]
	next == request
	others != arguments
]

_requests := sort([[_request(entry), object.get(entry, "secretArgs", {}), entry.where] | some entry in _entries])

_request(entry) := [_api_path(entry.secretPath), object.get(entry, "method", "GET")]

# x, /x, v1/x and /v1/x are one.
_api_path(text) := trim_prefix(trim_left(text, "/"), "v1/")
