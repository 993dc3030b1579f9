package podgraft.systems.vault_agent

import data.podgraft.lib.containers
import data.podgraft.lib.float
import data.podgraft.lib.path
import data.podgraft.lib.quantity

# What keeps the graft from being made. The last four are podgraft's own: there the original hands the API server a pod
# that it refuses, or one that does not do what was asked.
_patch_problem := _problem("number_unsupported", _number_error) if {
	_number_error
} else := _problem("quantity_invalid", message) if {
	message := _quantity_errors[0]
} else := _problem("shell_word_needed", _revocation_error) if {
	_revocation_error
} else := _problem("secret_file_outside", message) if {
	message := _secret_file_errors[0]
} else := _problem("mount_twice", _mount_error) if {
	_mount_error
} else := _problem("container_names", "the containers of the pod do not have unique names") if {
	not containers.have_unique_names
}

# Go's JSON has no words for these.
_number_error := concat("", ["json: unsupported value: ", number]) if {
	_has_agent
	not _uses_config_map
	number := _unwritable(_given["template-lease-renewal-threshold"])
}

_unwritable(text) := number if {
	number := float.parse(text)
	number in {"NaN", "+Inf", "-Inf"}
}

_has_agent if _has_init

_has_agent if _has_sidecar

_quantity_errors := [message |
	_has_agent
	some key in array.concat(_limit_keys, _request_keys)
	text := _value(key)
	text != ""
	message := quantity.error(text)
]

_secret_file_errors := [concat("", [`the file of secret "`, name, `" lies outside its folder `, folder]) |
	some name in _secret_names
	_names_file(name)
	folder := _secret_folder(name)
	not path.within(path.clean(_destination(name)), folder)
]

# A plain name stays where it is put.
_names_file(name) if _secret_text("agent-inject-file-", name) != ""

_names_file(name) if contains(name, "/")

_names_file(name) if name in {".", ".."}

_mount_error := concat("", ["two volumes would be mounted at ", twice, " in the agent"]) if {
	_has_agent
	paths := sort(_agent_mount_paths)
	some index, twice in paths
	paths[index + 1] == twice
}
