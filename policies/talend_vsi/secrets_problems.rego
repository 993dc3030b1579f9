package podgraft.systems.talend_vsi

# What is wrong with the secrets that a pod asks for.
_secrets_problem := _say(
	"type_unknown",
	$"Submitted pod makes use of unsupported secrets type '{_secrets_type}'",
) if {
	not _secrets_type in {"dynamic", "static"}
} else := _say(
	"method_unknown",
	$"Submitted pod makes use of unsupported secrets injection method '{_injection_method}'",
) if {
	not _injection_method in {"env", "file"}
} else := _combination_problem if {
	_combination_problem
} else := _say(
	"labels_missing",
	$"Submitted pod must contain labels {_config.applicationLabel} and {_config.serviceLabel}",
) if {
	not _text("secrets-path")
	not _has_labels
} else := _files_problem if {
	_files_problem
} else := _hook_problem

_combination_problem := _say(
	"env_dynamic",
	"Submitted pod uses unsupported combination of secrets injection method 'env' with dynamic secrets",
) if {
	_injection_method == "env"
	_is_dynamic
} else := _say(
	"approle_static",
	"Submitted pod uses unsupported combination of Vault Auth Method 'approle' with static secrets",
) if {
	_auth == "approle"
	_is_static
}

_files_problem := _say(
	"templates_count",
	"Submitted pod must contain same numbers of templates and secrets destinations",
) if {
	count(_templates) != count(_destinations)
} else := _say("paths_count", "Submitted pod must contain same numbers of secrets path and secrets destinations") if {
	not _templates
	count(_paths) != count(_destinations)
} else := _say("path_empty", "Submitted pod must not contain an empty secrets path") if {
	not _templates
	"" in _paths
} else := _destination_problem if {
	_destination_problem
} else := _say("kv_version_unknown", $"Submitted pod makes use of unsupported KV version '{_kv_version}'") if {
	not _kv_version in {"1", "2"}
}

_has_labels if {
	_application
	_service
}

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

_kv_version := version if {
	version := _text("secrets-kv-version")
} else := _config.kvVersion

_hook_problem := _say(
	"hook_in_job",
	$"Submitted pod uses unsupported combination of '{_key("secrets-hook")}' annotation with 'job' mode",
) if {
	_wants_hook
	_is_job
} else := _say("hook_unsupported", "Unsupported lifecycle hook. Only support Exec type") if {
	_wants_hook
	_config.hook.handler != "exec"
}
