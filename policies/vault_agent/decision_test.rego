package podgraft.systems.vault_agent

_code(review) := answer.skips[0].code if {
	answer := decision with input as review
}

test_decision_not_requested if {
	_code({"request": {"operation": "CREATE", "object": {"metadata": {}, "spec": {}}}}) == "not_requested"
	_code({"request": {"operation": "CREATE", "object": {"metadata": {"annotations": {"a": "b"}}}}}) == "not_requested"
	_code({"request": {}}) == "not_requested"
}

test_decision_switched_off if {
	every text in ["", "0", "f", "F", "false", "FALSE", "False"] {
		_code(_review({"agent-inject": text})) == "switched_off"
	}
}

test_decision_switched_on if {
	every text in ["1", "t", "T", "true", "TRUE", "True"] { _decide({"agent-inject": text}).injections }
}

test_decision_switch_invalid if {
	answer := _decide({"agent-inject": "enabled"})
	answer.denials == [{
		"system": "vault_agent",
		"code": "switch_invalid",
		"message": concat("", ["error checking if should inject agent: ", _no_bool("enabled")]),
	}]
}

test_decision_not_create if {
	_code(object.union(_review({}), {"request": {"operation": "UPDATE"}})) == "not_create"
}

test_decision_already_running if {
	every phase in ["Running", "Succeeded", "Failed", "Unknown"] {
		_code(object.union(_review({}), {"request": {"object": {"status": {"phase": phase}}}})) == "already_running"
	}
}

test_decision_not_yet_running if {
	every phase in ["Pending", "", null] {
		answer := decision with input as object.union(_review({}), {"request": {"object": {"status": {"phase": phase}}}})
		answer.injections
	}
}

test_decision_already_injected if {
	_code(_review({"agent-inject-status": "injected"})) == "already_injected"
	_decide({"agent-inject-status": "update"}).injections
	_decide({"agent-inject-status": ""}).injections
}

test_decision_system_namespace if {
	every namespace in ["kube-system", "kube-public"] {
		answer := decision with input as object.union(_review({}), {"request": {"namespace": namespace}})
		message := concat("", ["error with request namespace: cannot inject into system namespaces: ", namespace])
		answer.denials[0].message == message
	}
}

test_decision_other_namespace if {
	answer := decision with input as object.union(_review({}), {"request": {"namespace": "kube-node-lease"}})
	answer.injections
}

test_decision_injection_says_only_what_differs if {
	_decide({}).injections == [{
		"system": "vault_agent",
		"template": "vault-agent",
		"reason": "annotation",
		"containerPatches": [],
		"listens": [],
		"parameters": {
			"token": {"volume": "account", "path": "/var/run/secrets/kubernetes.io/serviceaccount"},
			"authConfig": {"role": "shop", "token_path": "/var/run/secrets/kubernetes.io/serviceaccount/token"},
			"readers": {"web": {}},
			"security": {"user": 100, "group": 1000, "nonRoot": true},
		},
	}]
}
