package podgraft.systems.vault_env

import data.podgraft.lib.pod

# METADATA
# description: |
#   What becomes of the pod. The stages come in the order of the original, and the first that has something to say
#   decides; where something has to be looked up, the rest waits for the second round.
decision := _skip("not_requested") if {
	not _is_concerned
} else := _skip("told_to_skip") if {
	some vocabulary in [_newer, _older]
	vocabulary.mutate == "skip"
} else := _skip("already_injected") if {
	_is_injected
} else := _deny(_settings_problem) if {
	_settings_problem
} else := _skip("provider_unknown") if {
	not _marks
} else := _deny(_knowledge_problem) if {
	_is_answered
	_knowledge_problem
} else := {"lookups": _lookups} if {
	not _is_answered
} else := object.union(_skip("no_references"), {"warnings": _left_alone}) if {
	not _has_work
} else := _deny(_graft_problem) if {
	_graft_problem
} else := {
	"injections": [{
		"system": "vault_env",
		"template": "vault-env",
		"parameters": parameters,
		"reason": _reason,
	}],
	"warnings": _warnings,
}

# A pod that has neither an annotation of this system nor a reference is left at once.
_is_concerned if count(_given) > 0

_is_concerned if count(_referring) > 0

_is_concerned if _any_may_ask

# Nothing has to be looked up, or it has been.
_is_answered if _lookups == []

_is_answered if input.facts

_is_answered if count(_lookups) > _most_lookups

# Either of the originals leaves this volume, and so does podgraft.
_is_injected if {
	some volume in pod.volumes
	volume.name in {"secret-init", "vault-env"}
}

_reason := "reference" if {
	_wrapped != []
} else := "files"

_skip(code) := {"skips": [{"system": "vault_env", "code": code}]}

_deny(problem) := {"denials": [{
	"system": "vault_env",
	"code": problem.code,
	"message": problem.message,
}]}
