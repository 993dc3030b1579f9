# METADATA
# description: The lists of the pod under review. A list that the pod lacks is empty.
# schemas:
#   - input: schema.input
package podgraft.lib.pod

# METADATA
# description: The containers of the pod.
containers := _list("containers")

# METADATA
# description: The init containers of the pod.
init_containers := _list("initContainers")

# METADATA
# description: The volumes of the pod.
volumes := _list("volumes")

_list(field) := list if {
	list := input.request.object.spec[field]
	is_array(list)
} else := []
