package podgraft.lib.driver_variables_test

import data.podgraft.lib.driver_variables

_names(annotations) := found if {
	found := driver_variables.names with input.request.object.metadata.annotations as annotations
}

test_names if {
	_names({
		"vault-csi.podgraft.dev/status": "injected",
		"vault-csi.podgraft.dev/env-DB": "db#password",
		"vault-csi.podgraft.dev/env": `{"DB.USER": "db#user"}`,
		"vault-csi.podgraft.dev/csi-class": "db",
		"env-OTHER": "x",
	}) == {"DB", "DB.USER"}
}

test_names_before_the_injection if {
	_names({"vault-csi.podgraft.dev/env-DB": "db#password", "vault-csi.podgraft.dev/env": `{"A": "b"}`}) == set()
}

test_names_unreadable if {
	every text in ["", "{", "[]", "1"] {
		_names({"vault-csi.podgraft.dev/status": "injected", "vault-csi.podgraft.dev/env": text}) == set()
	}
}

test_names_none if _names({}) == set()
