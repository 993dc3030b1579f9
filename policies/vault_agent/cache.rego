package podgraft.systems.vault_agent

import data.podgraft.lib.port

# What an agent serves to its own pod: a listener, and behind it a cache, null where there is neither. The cache of the
# init agent is kept on a volume, and the sidecar goes on with it; the sidecar alone has one in memory.
_init_api := _api(_kept_cache)

_sidecar_api := _api(_sidecar_cache)

_api(cache) := {
	"port": _value("agent-cache-listener-port"),
	"quit": _switch("agent-enable-quit"),
	"cache": cache,
} if {
	cache != null
} else := {
	"port": _value("agent-cache-listener-port"),
	"quit": true,
	"cache": {},
} if {
	_switch("agent-enable-quit")
} else := null

_kept_cache := object.union(_cached_login, {"persist": {"exitOnError": _switch("agent-cache-exit-on-err")}}) if {
	_keeps_cache
} else := null

_sidecar_cache := _kept_cache if {
	_keeps_cache
} else := _cached_login if {
	_switch("agent-cache-enable")
	_has_sidecar
} else := null

_cached_login := {"useAutoAuthToken": text |
	text := _value("agent-cache-use-auto-auth-token")
	text != ""
}

_keeps_cache if {
	_switch("agent-cache-enable")
	_has_init
	_has_sidecar
} else := false

# The port that the sidecar serves at. What is no port, the agent itself refuses.
_listens := [number |
	_has_sidecar
	not _uses_config_map
	number := port.parse(_sidecar_api.port)
]
