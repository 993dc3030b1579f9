package podgraft.systems.vault_agent

_persistent_api := {
	"port": "8200",
	"quit": false,
	"cache": {"useAutoAuthToken": "true", "persist": {"exitOnError": false}},
}

test_cache_kept_for_both_agents if {
	emitted := _emitted({"agent-cache-enable": "true"})
	emitted.keepsCache == true
	emitted.initApi == _persistent_api
	emitted.sidecarApi == _persistent_api
}

test_cache_options if {
	emitted := _emitted({
		"agent-cache-enable": "true",
		"agent-cache-use-auto-auth-token": "force",
		"agent-cache-listener-port": "8100",
		"agent-cache-exit-on-err": "true",
	})
	emitted.sidecarApi == {
		"port": "8100",
		"quit": false,
		"cache": {"useAutoAuthToken": "force", "persist": {"exitOnError": true}},
	}
}

test_cache_in_memory_of_a_lone_sidecar if {
	emitted := _emitted({"agent-cache-enable": "true", "agent-pre-populate": "false"})
	emitted.keepsCache == false
	emitted.initApi == null
	emitted.sidecarApi == {"port": "8200", "quit": false, "cache": {"useAutoAuthToken": "true"}}
}

test_cache_none_for_init_alone if {
	emitted := _emitted({"agent-cache-enable": "true", "agent-pre-populate-only": "true"})
	emitted.keepsCache == false
	emitted.initApi == null
	emitted.sidecarApi == null
}

test_cache_empty_token_setting_left_out if {
	emitted := _emitted({
		"agent-cache-enable": "true",
		"agent-pre-populate": "false",
		"agent-cache-use-auto-auth-token": "",
	})
	emitted.sidecarApi.cache == {}
}

test_quit_opens_a_listener if {
	emitted := _emitted({"agent-enable-quit": "true", "agent-cache-listener-port": "9"})
	emitted.keepsCache == false
	emitted.initApi == {"port": "9", "quit": true, "cache": {}}
	emitted.sidecarApi == {"port": "9", "quit": true, "cache": {}}
}

test_quit_beside_a_cache if {
	emitted := _emitted({"agent-enable-quit": "true", "agent-cache-enable": "true"})
	emitted.initApi == object.union(_persistent_api, {"quit": true})
}

test_cache_not_mentioned_is_not_emitted if {
	emitted := _emitted({})
	not "keepsCache" in object.keys(emitted)
	not "initApi" in object.keys(emitted)
}

_listening(annotations) := _decide(annotations).injections[0].listens

test_listens if {
	_listening({"agent-cache-enable": "true"}) == [8200]
	_listening({"agent-enable-quit": "true", "agent-cache-listener-port": "9000"}) == [9000]
}

test_listens_not if {
	_listening({"agent-cache-enable": "true", "agent-pre-populate-only": "true"}) == []
	_listening({"agent-cache-enable": "true", "agent-configmap": "own"}) == []
	_listening({"agent-cache-enable": "true", "agent-cache-listener-port": "eighty"}) == []
}
