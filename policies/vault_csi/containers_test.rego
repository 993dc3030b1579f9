package podgraft.systems.vault_csi

_several := {"containers": [{"name": "web"}, {"name": "worker"}], "initContainers": [{"name": "prepare"}]}

_readers_of(annotations) := _emitted_for(_by_class(annotations), _several).readers

test_readers_all_but_init_containers if _readers_of({}) == {"web": {"mount": true}, "worker": {"mount": true}}

test_readers_named if {
	object.keys(_readers_of({"containers": "worker"})) == {"worker"}
	object.keys(_readers_of({"containers": " worker , prepare,,worker "})) == {"worker", "prepare"}
	object.keys(_readers_of({"containers": ""})) == {"web", "worker"}
}

_mounted(mount) := _emitted_for(_by_class({}), {"containers": [{"name": "web", "volumeMounts": [mount]}]}).readers.web.mount

test_readers_that_have_the_mount if {
	_mounted({"name": "vault-csi", "mountPath": "/mnt/secrets-store"}) == false
	_mounted({"name": "vault-csi", "mountPath": "/mnt/secrets-store", "subPath": "db"})
	_mounted({"name": "vault-csi", "mountPath": "/mnt/secrets-store", "subPathExpr": "$(X)"})
	_mounted({"name": "vault-csi", "mountPath": "/elsewhere"})
	_mounted({"name": "other", "mountPath": "/mnt/secrets-store"})
}
