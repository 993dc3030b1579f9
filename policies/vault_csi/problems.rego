package podgraft.systems.vault_csi

# The first thing that is wrong with the pod. Whatever the driver or the provider would find at mount time, when the pod
# hangs in ContainerCreating, is looked at here.
_problem := _say("switch_invalid", $"{_annotation("inject")} is neither true nor false: {_shown(_wish)}") if {
	not _is_on(_wish)
} else := _vocabulary_problem if {
	_vocabulary_problem
} else := _pod_problem if {
	_pod_problem
} else := _class_problem if {
	_class_problem
} else := _login_problem if {
	_login_problem
} else := _objects_problem if {
	_objects_problem
} else := _volume_problem if {
	_volume_problem
} else := _variables_problem
