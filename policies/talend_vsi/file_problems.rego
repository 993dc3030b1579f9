package podgraft.systems.talend_vsi

# What is wrong with the files that a pod asks for, which the original lets through.
_files_problem := _say(
	"destinations_many",
	$"Submitted pod must not contain more than {_most_destinations} secrets destinations",
) if {
	count(_destination_items) > _most_destinations
} else := _say("path_empty", "Submitted pod must not contain an empty secrets path") if {
	not _templates
	"" in _paths
} else := _destination_problem if {
	_destination_problem
} else := _say("template_large", "Submitted pod must not make a secrets template too large with its command") if {
	_is_large
} else := _say("kv_version_unknown", $"Submitted pod makes use of unsupported KV version '{_kv_version}'") if {
	not _kv_version in {"1", "2"}
}

# Nobody has so many; a review of more would take long.
_most_destinations := 256

_destination_problem := _destination_faults[0] if {
	_destination_faults != []
} else := _say("destination_twice", $"Submitted pod must not contain secrets destination '{twice}' twice") if {
	sorted := sort(_destinations)
	twice := [name | some index, name in sorted; sorted[index + 1] == name][0]
}

_destination_faults := [problem |
	some destination in _destinations
	problem := _destination_fault(destination)
]

_destination_fault(name) := _say(
	"destination_invalid",
	$"Submitted pod makes use of unsupported secrets destination '{name}'",
) if {
	not _is_file_name(name)
} else := _say("destination_reserved", $"Submitted pod must not use the name '{name}' as a secrets destination") if {
	name in _reserved_names
}

_is_file_name(name) if {
	not name in {"", ".", ".."}
	not contains(name, "/")
	not contains(name, "\n")
	not contains(name, "\u0000")
}

# What the agent and the wrapper read in the same folder.
_reserved_names := {"vaultinjector-env"} | _login_files

_login_files := {_config.vault.roleIdFile, _config.vault.secretIdFile} if {
	_auth == "approle"
} else := set()

# A template names its command as often as it likes.
_is_large if {
	some index, text in _templates
	(count(split(text, _command_placeholder)) - 1) * count(_commands[index]) > 1000000
}

_kv_version := version if {
	version := _text("secrets-kv-version")
} else := _config.kvVersion
