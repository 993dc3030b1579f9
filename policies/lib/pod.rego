# METADATA
# description: The lists of the pod under review. A list that the pod lacks is empty.
package podgraft.lib.pod

# METADATA
# description: The containers of the pod.
containers := object.get(input.request.object.spec, "containers", [])

# METADATA
# description: The init containers of the pod.
init_containers := object.get(input.request.object.spec, "initContainers", [])

# METADATA
# description: The volumes of the pod.
volumes := object.get(input.request.object.spec, "volumes", [])
