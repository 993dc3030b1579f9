package podgraft.systems.vault_csi

import data.podgraft.lib.containers
import data.podgraft.lib.path

# What is wrong with the pod's containers and where they are to see the secrets.
_pod_problem := _say("container_names", "the containers of the pod do not have unique names") if {
	not containers.have_unique_names
} else := _say("windows", "the pod is for Windows nodes, and the provider runs on Linux only") if {
	_is_for_windows
} else := _say(
	"container_unknown",
	$"{_annotation("containers")} names {_shown(_strangers[0])}, which is no container of the pod",
) if {
	_strangers != []
} else := _say(
	"container_missing",
	"no container of the pod is to see the secrets; without one the kubelet does not mount the volume",
) if {
	count(_readers) == 0
} else := _say(
	"mount_path_invalid",
	$"{_annotation("mount-path")} is not the full, plain path of a folder: {_shown(_setting("mount-path"))}",
) if {
	not _is_mount_path(_setting("mount-path"))
}

_is_for_windows if input.request.object.spec.os.name == "windows"

_is_for_windows if input.request.object.spec.nodeSelector["kubernetes.io/os"] == "windows"

# Kubernetes keeps the colon for itself.
_is_mount_path(text) if {
	startswith(text, "/")
	text != "/"
	not contains(text, ":")
	path.clean(text) == text
}
