package podgraft.systems.vault_agent

import data.podgraft.lib.bool
import data.podgraft.lib.path

# The names of the secrets, as the annotations write them, in alphabetical order.
_secret_names := sort({name |
	some key, text in _given
	startswith(key, "agent-inject-")
	name := _secret_name(key)
	trim_space(text) != ""
})

# The first prefix that fits counts: agent-inject-template-file is a template for a secret called "file".
_secret_name(key) := name if {
	name := _behind(key, "agent-inject-secret-")
} else := name if {
	name := _behind(key, "agent-inject-template-file-")
} else := _behind(key, "agent-inject-template-")

_behind(key, prefix) := name if {
	startswith(key, prefix)
	name := substring(key, count(prefix), -1)
	name != ""
}

# Each secret as the template needs it; what an annotation does not say is left out.
_secrets := [object.union(_rendering(name, _destination(name)), _details(name)) | some name in _secret_names]

_details(name) := {field: value |
	some field, prefix in _detail_prefixes
	value := _detail(field, _given[concat("", [prefix, name])])
}

_detail_prefixes := {
	"leftDelimiter": "agent-template-left-delim-",
	"rightDelimiter": "agent-template-right-delim-",
	"command": "agent-inject-command-",
	"permissions": "agent-inject-perms-",
	"errorOnMissingKey": "error-on-missing-key-",
}

_detail(field, text) := text if {
	field != "errorOnMissingKey"
	text != ""
}

_detail("errorOnMissingKey", text) if bool.parse(text)

_secret_text(prefix, name) := object.get(_given, concat("", [prefix, name]), "")

# A template beats a template file; without either, the template that is built in renders the path.
_rendering(name, destination) := {"destination": destination, "contents": text} if {
	text := _secret_text("agent-inject-template-", name)
	text != ""
} else := {"destination": destination, "source": text} if {
	text := _secret_text("agent-inject-template-file-", name)
	text != ""
} else := {"destination": destination, "path": _secret_text("agent-inject-secret-", name)}

# A file name is a path below the folder; a secret's own name is not looked at.
_destination(name) := path.join(_secret_folder(name), file) if {
	file := _secret_text("agent-inject-file-", name)
	file != ""
} else := concat("/", [_secret_folder(name), _file_name(name)])

_file_name(name) := name if {
	bool.parse(object.get(_given, concat("", ["preserve-secret-case-", name]), _value("preserve-secret-case")))
} else := lower(name)

_secret_folder(name) := object.get(_given, concat("", ["secret-volume-path-", name]), _value("secret-volume-path"))

# Folders of their own, each once, in the order of the secrets. They are told apart by their text, as the original does:
# a slash at the end makes another folder.
_own_folders := [{"volume": concat("", ["vault-secrets-custom-", format_int(number, 10)]), "path": folder} |
	some number, [_, folder] in _distinct_folders
]

_distinct_folders := sort([[position, folder] |
	some index, [folder, position] in _chosen_folders
	not _chosen_folders[index - 1][0] == folder
])

_chosen_folders := sort([[folder, position] |
	some position, name in _secret_names
	folder := _given[concat("", ["secret-volume-path-", name])]
	folder != _value("secret-volume-path")
])
