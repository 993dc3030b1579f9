package podgraft.systems.vault_csi

test_env_unreadable if {
	every text in ["{", "[]", "null", "1", `{"A": 1}`, `{"A": null}`] { _denied_by(_by_class({"env": text})) == "env_unreadable" }
}

test_env_name_invalid if {
	_denied_by(_by_class({"env-1A": "s#k"})) == "env_name_invalid"
	every text in [`{"": "s#k"}`, `{"A=B": "s#k"}`, `{"A\u0000": "s#k"}`, `{"..": "s#k"}`] {
		_denied_by(_by_class({"env": text})) == "env_name_invalid"
	}
}

test_env_source_invalid if {
	every text in ["", "s", "s#", "#k", "S#k", "s#k#l", "s#a/b", "../s#k", "s#$(X)", "s #k"] {
		_denied_by(_by_class({"env-A": text})) == "env_source_invalid"
	}
}

test_env_duplicated if {
	_denied(_by_class({"env-A": "s#k", "env": `{"A": "s#k"}`})) == `annotation "vault-csi.podgraft.dev/env": another annotation gives the variable A too`
}
