package podgraft.systems.talend_vsi

_code(review) := answer.skips[0].code if {
	answer := decision with input as review
}

test_decision_not_requested if {
	_code({"request": {"object": {"metadata": {}, "spec": {}}}}) == "not_requested"
	_code({"request": {"object": {"metadata": {"annotations": {"sidecar.vault/inject": "true"}}}}}) == "not_requested"
	_code({"request": {}}) == "not_requested"
}

test_decision_switched_on if {
	every text in ["y", "Y", "yes", "YES", "true", "TrUe", "on", "On"] { _decide({"inject": text}).injections }
}

test_decision_switched_off if {
	every text in ["", "t", "1", "enabled", "true ", "false", "no", "injected"] {
		_code(_review({"inject": text})) == "switched_off"
	}
}

test_decision_system_namespace_of_the_request if {
	every namespace in ["kube-system", "kube-public"] {
		_code(object.union(_review({}), {"request": {"namespace": namespace}})) == "system_namespace"
	}
}

test_decision_system_namespace_of_the_pod if {
	named := {"request": {"namespace": "", "object": {"metadata": {"namespace": "kube-system"}}}}
	_code(object.union(_review({}), named)) == "system_namespace"
	other := {"request": {"namespace": "shop", "object": {"metadata": {"namespace": "kube-system"}}}}
	answer := decision with input as object.union(_review({}), other)
	answer.injections
}

test_decision_no_namespace_at_all if {
	answer := decision with input as json.remove(_review({}), ["/request/namespace"])
	answer.injections
}

test_decision_already_injected if {
	_code(_review({"status": "injected"})) == "already_injected"
	_code(_review({"status": "Injected"})) == "already_injected"
	_decide({"status": "pending"}).injections
	_decide({"status": ""}).injections
}

# The original leaves nothing but its mark.
test_decision_already_injected_by_the_original if {
	marked := {"request": {"object": {"metadata": {"annotations": {"sidecar.vault.talend.org/status": "injected"}}}}}
	_code(marked) == "already_injected"
	other := {"request": {"object": {"metadata": {"annotations": {"sidecar.vault.talend.org/status": "waiting"}}}}}
	not _code(other)
}

test_decision_other_prefix if {
	pod := {"metadata": {"annotations": {"acme.io/inject": "on", "acme.io/role": "r", "acme.io/secrets-path": "kv/a"}}, "spec": {"containers": [_web]}}
	answer := decision with input as {"request": {"object": pod}}
		with data.podgraft.config.talend_vsi as _configured({"annotationPrefix": "acme.io"})
	answer.injections[0].parameters.role == "r"
	chart := {"request": {"object": {"metadata": {"annotations": {"sidecar.vault.talend.org/inject": "true"}}}}}
	ignored := decision with input as chart
		with data.podgraft.config.talend_vsi as _configured({"annotationPrefix": "acme.io"})
	ignored.skips[0].code == "not_requested"
}

test_decision_empty_prefix if {
	pod := {"metadata": {"annotations": {"inject": "on", "role": "r", "secrets-path": "kv/a"}}, "spec": {"containers": [_web]}}
	answer := decision with input as {"request": {"object": pod}}
		with data.podgraft.config.talend_vsi as _configured({"annotationPrefix": ""})
	answer.injections[0].parameters.role == "r"
}

test_decision_injection if {
	_decide({}) == {
		"injections": [{
			"system": "talend_vsi",
			"template": "talend-vsi",
			"reason": "annotation",
			"listens": [],
			"parameters": {
				"readers": {"web": {"mount": true}},
				"tokenVolume": "account",
				"role": "orders",
				"refreshed": [{"name": "secrets.properties", "path": `"secret/orders/api"`}],
			},
		}],
		"warnings": [],
	}
}

test_decision_proxy_listens if {
	_decide({"mode": "proxy"}).injections[0].listens == [8200]
	_decide({"mode": "secrets,proxy", "proxy-port": "9200"}).injections[0].listens == [9200]
}
