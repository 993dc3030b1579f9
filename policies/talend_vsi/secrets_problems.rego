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
} else := _count_problem if {
	_count_problem
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

_count_problem := _say(
	"templates_count",
	"Submitted pod must contain same numbers of templates and secrets destinations",
) if {
	count(_templates) != count(_destination_items)
} else := _say("paths_count", "Submitted pod must contain same numbers of secrets path and secrets destinations") if {
	not _templates
	count(_path_items) != count(_destination_items)
}

_has_labels if {
	_application
	_service
}

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
