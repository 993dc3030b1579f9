package podgraft.systems.talend_vsi

import data.podgraft.lib.pod

# What a user should know of an injection that goes well.
_warnings := array.flatten([_unknown_modes, _old_words, _lost_hooks])

_unknown_modes := [$"{_key("mode")}: '{substring(mode, 0, 64)}' is none of secrets, proxy and job" |
	some mode in array.slice(_strangers, 0, 8)
]

_strangers := [mode |
	some mode in _asked
	not _is_mode(mode)
]

_old_words := [$"{_key("workload")} is deprecated: say job in {_key("mode")}" | _job != set()]

_lost_hooks := [$"the postStart hook of container {container.name} gives way to one that waits for the secrets" |
	_wants_hook
	some container in pod.containers
	container.lifecycle.postStart
]
