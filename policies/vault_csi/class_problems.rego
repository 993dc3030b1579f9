package podgraft.systems.vault_csi

import data.podgraft.lib.name

# What is wrong with the SecretProviderClass and its volume.
_class_problem := _say(
	"class_name_invalid",
	$"{_annotation("csi-class")} is no name of a SecretProviderClass: {_shown(_class)}",
) if {
	not name.is_subdomain(_class)
} else := _say(
	"class_name_long",
	$"pod, namespace and class {_class} have more than 253 characters together, for which the driver has no place",
) if {
	_state_name_length > 253
} else := _say(
	"class_twice",
	$"volumes {_own(0)} and {_own(1)} are of one class, {_class}; the driver mounts a class only once in a pod",
) if {
	count(_own_volumes) > 1
} else := _say(
	"volume_not_read_only",
	$"volume {_own(0)} is not readOnly; the driver would say: Readonly is not true in request",
) if {
	some volume in _own_volumes
	not volume.csi.readOnly == true
}

# Looked at behind login and objects, as it is about both.
_volume_problem := _say(
	"volume_differs",
	$"volume {_own(0)} is of the class {_class} already, with other parameters than the annotations give",
) if {
	some volume in _own_volumes
	not _fits(volume)
}

_own(index) := _shown(_own_volumes[index].name)

# The driver keeps the state of a mount in an object called <pod>-<namespace>-<class>.
_state_name_length := sum([_pod_name_length, count(_namespace), count(_class), 2])

_pod_name_length := count(input.request.object.metadata.name) if {
	input.request.object.metadata.name != ""
} else := min([count(input.request.object.metadata.generateName), 58]) + 5 if {
	# The API server cuts it and puts five characters behind it.
	input.request.object.metadata.generateName != ""
} else := 0
