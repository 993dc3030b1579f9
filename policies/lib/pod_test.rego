package podgraft.lib.pod_test

import data.podgraft.lib.pod

test_lists_of_the_pod if {
	spec := {"containers": [{"name": "a"}], "initContainers": [{"name": "b"}], "volumes": [{"name": "c"}]}
	[item.name | some item in pod.containers] == ["a"] with input.request.object.spec as spec
	[item.name | some item in pod.init_containers] == ["b"] with input.request.object.spec as spec
	[item.name | some item in pod.volumes] == ["c"] with input.request.object.spec as spec
}

test_lists_missing_are_empty if {
	count(pod.containers) == 0 with input as {"request": {"object": {"kind": "Pod"}}}
	count(pod.init_containers) == 0 with input.request.object.spec as {"initContainers": null}
	count(pod.volumes) == 0 with input.request.object.spec as {"volumes": {}}
}
