package podgraft.systems.vault_agent

_patched(annotations) := [patch.container |
	some patch in _decide(object.union(
		{"agent-json-patch": `[{"op": "remove", "path": "/args"}]`, "agent-init-json-patch": `[{"op": "test"}]`},
		annotations,
	)).injections[0].containerPatches
]

test_container_patches_for_the_agents_that_are_there if {
	_patched({}) == ["vault-agent-init", "vault-agent"]
	_patched({"agent-pre-populate": "false"}) == ["vault-agent"]
	_patched({"agent-pre-populate-only": "true"}) == ["vault-agent-init"]
}

test_container_patches_operations if {
	_decide({"agent-json-patch": `[{"op": "remove", "path": "/args"}]`}).injections[0].containerPatches == [{
		"container": "vault-agent",
		"operations": [{"op": "remove", "path": "/args"}],
		"denialPrefix": "error creating patch for agent: ",
	}]
}

test_container_patches_null_is_no_operation if {
	_decide({"agent-json-patch": "null"}).injections[0].containerPatches[0].operations == []
}
