package podgraft.systems.vault_agent

_several := {"containers": [_named("a"), _named("b"), _named("c")], "initContainers": [{"name": "prepare"}]}

_readers_of(annotations) := object.keys(_emitted_for(annotations, _several).readers)

test_readers_all if _readers_of({}) == {"a", "b", "c", "prepare"}

test_readers_named if {
	_readers_of({"agent-inject-containers": "b,c"}) == {"b", "c", "prepare"}
	_readers_of({"agent-inject-containers": "a, c,a"}) == {"a", "c", "prepare"}
	_readers_of({"agent-inject-containers": "nobody"}) == {"prepare"}
	_readers_of({"agent-inject-containers": ""}) == {"prepare"}
}

test_readers_configured if {
	named := _defaults({"agent-inject-containers": "b"})
	readers := _readers_of({}) with data.podgraft.config.vault_agent.defaults as named
	readers == {"b", "prepare"}
}

test_readers_without_init_agent if _readers_of({"agent-pre-populate": "false"}) == {"a", "b", "c"}

test_readers_not_the_agent_itself if {
	spec := {"initContainers": [{"name": "vault-agent-init"}, {"name": "prepare"}]}
	object.keys(_emitted_for({}, spec).readers) == {"web", "prepare"}
}

test_copied_mounts if {
	source := {"name": "source", "volumeMounts": [
		{"name": "etc", "mountPath": "/etc/somewhere", "readOnly": true, "subPath": "x", "futureField": 1},
		{"name": "token", "mountPath": "/var/run/ServiceAccount"},
	]}
	copied := [{"name": "etc", "mountPath": "/etc/somewhere", "readOnly": true, "subPath": "x"}]
	_emitted_for({"agent-copy-volume-mounts": "source"}, {"initContainers": [source]}).copiedMounts == copied
	_emitted_for({"agent-copy-volume-mounts": "source"}, {"containers": [_web, source]}).copiedMounts == copied
	not _emitted_for({"agent-copy-volume-mounts": "ghost"}, {"containers": [_web, source]}).copiedMounts
	not _emitted_for({"agent-copy-volume-mounts": ""}, {"containers": [_web, source]}).copiedMounts
}

# Otherwise the API server refuses the pod: one path would be mounted twice.
test_copied_mounts_not_twice if {
	role := {"name": "aws-iam-token", "mountPath": "/var/run/secrets/eks.amazonaws.com/role", "readOnly": true}
	jwt := {"name": "jwt", "mountPath": "/run/jwt", "readOnly": true}
	part := {"name": "jwt", "mountPath": "/run/jwt", "subPath": "a"}
	volume := {"name": "jwt", "projected": {"sources": [{"serviceAccountToken": {"path": "t"}}]}}
	files := {"name": "files", "mountPath": "/data"}
	web := {"name": "web", "volumeMounts": [role, jwt, files]}
	asked := {
		"auth-type": "aws",
		"agent-copy-volume-mounts": "web",
		"agent-service-account-token-volume-name": "jwt",
	}
	_emitted_for(asked, {"containers": [web], "volumes": [volume]}).copiedMounts == [files]
	_denied_for(asked, {"containers": [{"name": "web", "volumeMounts": [jwt, part]}], "volumes": [volume]})
}
