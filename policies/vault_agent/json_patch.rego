package podgraft.systems.vault_agent

# The JSON patches that annotations carry, each for an agent that is there.
_container_patches := [patch |
	some [wanted, container, key] in [
		[_has_init, "vault-agent-init", "agent-init-json-patch"],
		[_has_sidecar, "vault-agent", "agent-json-patch"],
	]
	wanted
	text := _value(key)
	text != ""
	patch := {
		"container": container,
		"operations": [operation | some operation in podgraft.parse_json(text).value],
		"denialPrefix": "error creating patch for agent: ",
	}
]

_has_init := _switch("agent-pre-populate")

_has_sidecar := false if {
	_switch("agent-pre-populate-only")
} else := true
