package podgraft.systems.vault_csi

test_env_unreadable if {
	every text in ["{", "[]", "null", "1", `{"A": 1}`, `{"A": null}`] { _denied_by(_by_class({"env": text})) == "env_unreadable" }
}

test_env_many if {
	map := {name: "s#k" | some index in numbers.range(1, 256); name := concat("", ["A", format_int(index, 10)])}
	count(_emitted(_by_class({"env": json.marshal(map)})).variables) == 256
	more := _by_class({"env-B": "s#k", "env": json.marshal(map)})
	_denied(more) == "the pod asks for 257 variables; 256 are the most"
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
