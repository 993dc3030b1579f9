# METADATA
# description: What holds of all containers of the pod under review.
# schemas:
#   - input: schema.input
package podgraft.lib.containers

import data.podgraft.lib.pod

# METADATA
# description: |
#   The volume that the first container to mount one at a path, written as it is, has there; undefined where none does.
volume_at(path) := [mount.name |
	some container in pod.containers
	some mount in container.volumeMounts
	mount.mountPath == path
	mount.name != ""
][0]

# METADATA
# description: What the first container to mount a volume at a path has there; undefined where none does.
mount_at(path) := [copy_of(mount) |
	some container in pod.containers
	some mount in container.volumeMounts
	trim_right(mount.mountPath, "/") == trim_right(path, "/")
	mount.name != ""
][0]

# METADATA
# description: A mount with the fields that podgraft knows, for another container.
copy_of(mount) := object.filter(mount, _mount_fields)

_mount_fields := ["name", "mountPath", "mountPropagation", "readOnly", "recursiveReadOnly", "subPath", "subPathExpr"]

# METADATA
# description: Whether every container and init container has a name, and none has another's.
have_unique_names if {
	listed := array.concat(pod.containers, pod.init_containers)
	names := {container.name | some container in listed; container.name != ""}
	count(names) == count(listed)
}
