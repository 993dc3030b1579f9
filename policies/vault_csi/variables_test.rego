package podgraft.systems.vault_csi

test_variables_in_the_order_of_names if {
	_emitted(_by_class({"env-B": "s#b", "env": `{"_A_": "s.x#a.b", "C": "t#c"}`})).variables == [
		{"name": "B", "secret": "s", "key": "b"},
		{"name": "C", "secret": "t", "key": "c"},
		{"name": "_A_", "secret": "s.x", "key": "a.b"},
	]
}

test_variables_none if {
	not _emitted(_by_class({"env": ""})).variables
	not _emitted(_by_class({"env": "{}"})).variables
}
