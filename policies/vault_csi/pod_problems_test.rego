package podgraft.systems.vault_csi

test_windows if {
	_denied_for(_by_class({}), {"os": {"name": "windows"}}) == "windows"
	_denied_for(_by_class({}), {"nodeSelector": {"kubernetes.io/os": "windows"}}) == "windows"
	_decide_for(_by_class({}), {"os": {"name": "linux"}, "nodeSelector": {"kubernetes.io/os": "linux"}}).injections
}

test_container_names if {
	_denied_for(_by_class({}), {"containers": [_web, _web]}) == "container_names"
	_denied_for(_by_class({}), {"containers": [{"image": "x"}]}) == "container_names"
}

test_container_unknown if {
	_denied(_by_class({"containers": "web,ghost"})) == `annotation "vault-csi.podgraft.dev/containers" names "ghost", which is no container of the pod`
}

test_container_missing if {
	_denied_for(_by_class({}), {"containers": []}) == "container_missing"
	_denied_by(_by_class({"containers": " , "})) == "container_missing"
}

test_mount_path_invalid if {
	every text in ["secrets", "/", "//", "/a/../b", "/a/./b", "/a//b", "/a/", "/a:b", "a", ".."] {
		_denied_by(_by_class({"mount-path": text})) == "mount_path_invalid"
	}
}

test_mount_path if {
	_emitted(_by_class({"mount-path": "/etc/größe x"})).mountPath == "/etc/größe x"
	not _emitted(_by_class({"mount-path": ""})).mountPath
}
