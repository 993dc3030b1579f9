package podgraft.systems.talend_vsi

import data.podgraft.lib.pod

# What is wrong with the pod's containers.
_container_problem := _say("command_missing", $"No explicit command found for container {_commandless[0]}") if {
	_exports_env
	_commandless != []
} else := _say("job_containers", "Submitted pod should contain only one container") if {
	_is_job
	not _is_native
	count(pod.containers) != 1
}

_commandless := [container.name |
	some container in pod.containers
	not container.command[0]
]
