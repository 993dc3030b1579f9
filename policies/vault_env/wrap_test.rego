package podgraft.systems.vault_env

test_wrap_command if {
	_emitted({}).wrap == {"web": {"words": ["/srv/web", "--port", "80"], "logLevel": "info"}}
	bare := object.remove(_web, ["args"])
	_emitted_for({}, {"containers": [bare]}).wrap.web.words == ["/srv/web"]
}

test_wrap_log_level if {
	_emitted({"vault-log-level": "debug"}).wrap.web.logLevel == "debug"
	not _emitted({"vault-log-level": ""}).wrap.web.logLevel
	own := _changed(_web, {"env": [_secret_variable, {"name": "SECRET_INIT_LOG_LEVEL", "value": "trace"}]})
	not _emitted_for({}, {"containers": [own]}).wrap.web.logLevel
}

_probed := _changed(_web, {
	"livenessProbe": {"exec": {"command": ["live", "$(X)"]}},
	"readinessProbe": {"httpGet": {"port": 80}},
	"startupProbe": {"exec": {"command": []}},
	"lifecycle": {"postStart": {"exec": {"command": ["hello"]}}, "preStop": {"sleep": {"seconds": 1}}},
})

test_wrap_probes if {
	object.keys(_emitted_for({}, {"containers": [_probed]}).wrap.web) == {"words", "logLevel"}
	wrapped := _emitted_for({"mutate-probes": "1"}, {"containers": [_probed]}).wrap.web
	object.keys(wrapped) == {"words", "logLevel", "livenessProbe"}
	wrapped.livenessProbe == ["live", "$(X)"]
}

test_wrap_hooks if {
	wrapped := _emitted_for({"mutate-lifecycle": "true"}, {"containers": [_probed]}).wrap.web
	object.keys(wrapped) == {"words", "logLevel", "postStart"}
	wrapped.postStart == ["hello"]
}
