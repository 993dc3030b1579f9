package podgraft.systems.talend_vsi

import data.podgraft.lib.csv

# The modes that are on. A job alone has secrets. Undefined where a list has no known mode.
_modes := {"secrets"} | _job if {
	not _text("mode")
} else := {"job", "secrets"} if {
	_asked == ["job"]
} else := _known | _job if {
	_known != set()
}

# A text that is longer than anybody's list has no modes at all.
_asked := csv.items(text) if {
	text := _text("mode")
	count(text) <= 1024
}

_known := {mode | some mode in _asked; _is_mode(mode)}

_is_mode(mode) if mode in {"job", "proxy", "secrets"}

# The old way to say it.
_job := {"job"} if {
	_given.workload == "job"
} else := set()

_has_secrets if "secrets" in _modes

_has_proxy if "proxy" in _modes

_is_job if "job" in _modes

# Even beside a list without a known mode, which is refused only behind what the original refuses.
_is_job if _job != set()

# Fetched once, before the pod's own containers start, or kept fresh beside them.
_is_static if {
	_has_secrets
	_secrets_type == "static"
}

_is_dynamic if {
	_has_secrets
	_secrets_type != "static"
}

_secrets_type := _word("secrets-type", "dynamic")

_injection_method := _word("secrets-injection-method", "file")

_exports_env if {
	_is_static
	_injection_method == "env"
}

_has_sidecar if _is_dynamic

_has_sidecar if _has_proxy

# Beside other items of the list, even unknown ones, a job may come without secrets; its agent only logs in.
_has_sidecar if {
	_is_job
	not _has_secrets
}

_is_native if _config.nativeSidecars == "always"

_is_native if {
	_config.nativeSidecars == "jobs"
	_is_job
}

# Without native sidecars, something must tell the agent that the job has ended.
_needs_babysitter if {
	_is_job
	_has_sidecar
	not _is_native
}

_wants_hook if {
	_is_dynamic
	_is_on(_given["secrets-hook"])
}
