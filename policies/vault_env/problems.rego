package podgraft.systems.vault_env

import data.podgraft.lib.containers
import data.podgraft.lib.shell

# What is wrong with the settings, whatever is to be done: looked at for every pod that has to do with this system.
_settings_problem := _problem("provider_refused", message) if {
	_provider == "aws"
	message := `the provider "aws" is not for podgraft: it writes credentials into the pod`
} else := _problem("helper_unfit", $"{_config.helper.name} knows no references of the provider {_provider}") if {
	_provider in {"bao", "vault"}
	not _names
} else := _problem("address_rejected", message) if {
	_address_error
	message := $"{_not_loaded}: rejected {_title} address from object annotation: {_address_error}"
} else := _problem("role_invalid", $"{_not_loaded}: {_role_error}") if {
	_role_error
}

_not_loaded := $"failed to create {_title} mutator: failed to load {_title} configuration"

# What has to be known and is not.
_knowledge_problem := _problem("lookups_too_many", message) if {
	count(_lookups) > _most_lookups
	message := $"{count(_lookups)} look-ups are too many for one pod; {_most_lookups} are not"
} else := _problem("references_unknown", message) if {
	_config.lookups.withoutReferences == "deny"
	message := _unsearched_text(_unsearched[0])
} else := _problem("command_unknown", message) if {
	_config.lookups.withoutImage == "deny"
	message := _unknown_command_text(_unknown_commands[0])
}

# The core's own bound.
_most_lookups := 256

# What keeps the pod from getting what it asks for.
_graft_problem := _problem("container_names", "the containers of the pod do not have unique names") if {
	not containers.have_unique_names
} else := _problem("nothing_to_run", message) if {
	name := _idle_containers[0]
	message := $`container "{name}" has no command, and its image neither an entrypoint nor a command`
} else := _problem("modes_exclusive", message) if {
	_has_consul_template
	_value("agent-configmap") != ""
	both := [_annotation("ct-configmap"), _annotation("agent-configmap")]
	message := $"{both[0]} and {both[1]} exclude each other: both would bring files to {_files_path}"
} else := _token_problem if {
	_copies_token
	_token_problem
} else := _problem("token_not_found", message) if {
	_has_login_agent
	_login_config_map == null
	not _token_mount
	message := $"the agent logs in with the service account token, and no container mounts one at {_token_folder}"
} else := _problem("image_missing", $"{_annotation(_missing_images[0])} is empty") if {
	_missing_images[0]
} else := _problem("identity_invalid", _identity_error) if {
	_identity_error
} else := _problem("mount_twice", $"two volumes would be mounted at {_files_path}") if {
	_is_mounted_twice
}

_token_problem := _problem("token_source_invalid", message) if {
	not _token_source
	message := $"{_annotation("token-auth-mount")} is not a volume and a file with a colon between them"
} else := _problem("shell_word_needed", message) if {
	not shell.is_word(_token_source.file)
	message := concat("", [
		$"the file in {_annotation("token-auth-mount")} is part of a command, ",
		"where only letters, digits and _ . / @ % + = : , - may stand",
	])
}

# Containers for which the helper would find nothing to run.
_idle_containers := sort([name |
	some name, parameters in _wrap
	parameters.words == []
	parameters.imageWords == []
])

_missing_images := [setting |
	some setting in sort(_images_used)
	_value(setting) == ""
]

_images_used contains "image" if _has_agent

_images_used contains "image" if _copies_token

_images_used contains "ct-image" if _has_consul_template

# The folder with the files against everything that is mounted beside it in a container that podgraft brings or wraps.
_is_mounted_twice if {
	_brings_files
	some path in _mounted_beside
	trim_right(_files_path, "/") == trim_right(path, "/")
}

_mounted_beside contains _home

_mounted_beside contains concat("", ["/", _tls.owner, "/tls"]) if _value("tls-secret") != ""

_mounted_beside contains _token_mount.mountPath if _has_agent

_mounted_beside contains concat("/", [_home, "agent"]) if {
	_has_login_agent
	_login_config_map != null
}

_mounted_beside contains concat("/", [_home, "config/config.hcl"]) if _has_sidecar

_mounted_beside contains path if {
	_has_consul_template
	some path in ["/home/consul-template", concat("/", [_home, "ct-config/config.hcl"])]
}

_unsearched_text(failed) := concat("", [
	$`cannot tell whether container "{failed.container}" takes references from `,
	{"configmaps": "ConfigMap", "secrets": "Secret"}[failed.source.resource],
	$` "{failed.source.name}": {failed.error.message}`,
])

_unknown_command_text(failed) := concat(": ", [
	$`container "{failed.container}" has no command, and that of its image is not known`,
	failed.error.message,
])

_problem(code, message) := {"code": code, "message": concat("", ["could not mutate object: ", message])}
