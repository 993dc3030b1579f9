package podgraft.systems.talend_vsi

test_readers_mount_where_it_is_missing if {
	_emitted_for({}, {"initContainers": [_named("prepare")], "containers": [_own_mount("/a"), {"name": "bare"}]}).readers == {
		"prepare": {"mount": true},
		"web": {"mount": false},
		"bare": {"mount": true},
	}
}

test_readers_wrapped_for_env if {
	static := {"secrets-type": "static", "secrets-injection-method": "env"}
	_emitted_for(static, {"initContainers": [_named("prepare")], "containers": [_own_mount("/run/s/"), _named("b")]}).readers == {
		"prepare": {"mount": true},
		"web": {"mount": false, "wrap": {"folder": "/run/s", "command": ["/srv/web"]}},
		"b": {"mount": true, "wrap": {"folder": "/opt/talend/secrets", "command": ["/srv/web"]}},
	}
}

test_readers_wait_with_a_hook if {
	emitted := _emitted_for(
		{"secrets-hook": "Yes", "secrets-path": "kv/a,kv/b", "secrets-destination": "a,b"},
		{"initContainers": [_named("prepare")], "containers": [_own_mount("/a"), _named("b")]},
	)
	emitted.hook == {"seconds": 60, "files": "a\nb"}
	emitted.readers == {
		"prepare": {"mount": true},
		"web": {"mount": false, "folder": "/a"},
		"b": {"mount": true, "folder": "/opt/talend/secrets"},
	}
}

test_readers_no_hook_for_static if {
	emitted := _emitted({"secrets-hook": "true", "secrets-type": "static"})
	not emitted.hook
	emitted.readers == {"web": {"mount": true}}
}

test_volume_of_the_pod if {
	_emitted_for({}, {"volumes": [{"name": "secrets"}]}).secretsVolume == false
	not "secretsVolume" in object.keys(_emitted({}))
}
