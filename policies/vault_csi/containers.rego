package podgraft.systems.vault_csi

import data.podgraft.lib.csv
import data.podgraft.lib.pod

# The containers that see the secrets, by name: whether they still lack the mount.
_readers := {container.name: {"mount": _lacks_mount(container)} | some container in _chosen}

# Those that the annotation names, or all but init containers.
_chosen := [container |
	names := {name | some name in _named}
	some container in _all_containers
	names[container.name]
] if {
	_text("containers")
} else := pod.containers

_named := csv.items(_text("containers"))

_strangers := [stranger |
	names := {container.name | some container in _all_containers}
	some stranger in _named
	not names[stranger]
]

_all_containers := array.concat(pod.init_containers, pod.containers)

_lacks_mount(container) := false if {
	some mount in container.volumeMounts
	mount.name == _volume
	mount.mountPath == _setting("mount-path")
	object.get(mount, "subPath", "") == ""
	object.get(mount, "subPathExpr", "") == ""
} else := true
