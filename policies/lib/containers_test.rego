package podgraft.lib.containers_test

import data.podgraft.lib.containers

_pod(spec) := {"request": {"object": {"spec": spec}}}

_mounting(name, path) := {"volumeMounts": [{"name": name, "mountPath": path}]}

test_volume_at_the_first_counts if {
	volume := containers.volume_at("/a") with input as _pod({"containers": [{}, _mounting("x", "/b"), _mounting("y", "/a"), _mounting("z", "/a")]})
	volume == "y"
}

test_volume_at_none if {
	not containers.volume_at("/a") with input as _pod({"containers": [_mounting("x", "/b"), _mounting("y", "/a/")]})
	not containers.volume_at("/a") with input as _pod({})
}

test_unique_names if {
	containers.have_unique_names with input as _pod({"containers": [{"name": "a"}], "initContainers": [{"name": "b"}]})
	not containers.have_unique_names with input as _pod({"containers": [{"name": "a"}], "initContainers": [{"name": "a"}]})
	not containers.have_unique_names with input as _pod({"containers": [{"name": ""}]})
}

test_mount_at_the_first_counts if {
	spec := {"containers": [{}, _mounting("x", "/b"), _mounting("y", "/a/"), _mounting("z", "/a")]}
	containers.mount_at("/a") == {"name": "y", "mountPath": "/a/"} with input as _pod(spec)
	not containers.mount_at("/a") with input as _pod({"containers": [_mounting("x", "/b")]})
}

test_mount_at_whole_but_for_unknown_fields if {
	mount := {"name": "x", "mountPath": "/a/", "readOnly": true, "subPath": "s", "newer": 1}
	containers.mount_at("/a") == object.remove(mount, ["newer"]) with input as _pod({"containers": [{"volumeMounts": [{"name": "", "mountPath": "/a"}, mount]}]})
}
