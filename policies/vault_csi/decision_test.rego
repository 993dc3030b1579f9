package podgraft.systems.vault_csi

_code(review) := answer.skips[0].code if {
	answer := decision with input as review
}

test_decision_not_requested if {
	_code({"request": {"object": {"metadata": {}, "spec": {}}}}) == "not_requested"
	_code({"request": {"object": {"metadata": {"annotations": {"csi-class": "x"}}}}}) == "not_requested"
	_code({"request": {}}) == "not_requested"
}

test_decision_switched_off if {
	every text in ["", "false", "No", "n", "OFF"] { _code(_review({"inject": text})) == "switched_off" }
}

test_decision_switched_on if {
	every text in ["true", "True", "yes", "Y", "on"] { _decide(_by_class({"inject": text})).injections }
}

test_decision_switch_invalid if {
	every text in ["1", "enabled", "true ", "${x}"] { _denied_by(_by_class({"inject": text})) == "switch_invalid" }
}

test_decision_already_injected if {
	spec := {"volumes": [_volume_of({"secretProviderClass": "db"})]}
	_code(_review_of(_by_class({"status": "injected"}), spec)) == "already_injected"
	_decide_for(_by_class({"status": "other"}), spec).injections
}

test_decision_copied_status_is_not_enough if _decide(_by_class({"status": "injected"})).injections

test_decision_class if {
	_decide(_by_class({})).injections == [{
		"system": "vault_csi",
		"template": "vault-csi",
		"reason": "class",
		"parameters": {
			"attributes": {"secretProviderClass": "db"},
			"volume": "vault-csi",
			"readers": {"web": {"mount": true}},
		},
	}]
}

test_decision_inline if {
	_decide(_inline({})).injections == [{
		"system": "vault_csi",
		"template": "vault-csi",
		"reason": "inline",
		"parameters": {
			"attributes": {
				"secretProviderClass": "vault-inline",
				"roleName": "shop",
				"objects": [{"objectName": "db", "secretPath": "secret/data/db", "secretKey": "password"}],
			},
			"volume": "vault-csi",
			"readers": {"web": {"mount": true}},
		},
	}]
}

test_decision_attributes_forbidden if {
	own := {"volumes": [_volume_of({"secretProviderClass": "db", "roleName": "admin"})]}
	answer := decision with input as {"request": {"object": {"metadata": {}, "spec": own}}}
		with data.podgraft.config.vault_csi as _configured({"podAttributes": "deny"})
	answer.denials[0].code == "attributes_forbidden"
	contains(answer.denials[0].message, `volume "own" gives`)
	allowed := decision with input as {"request": {"object": {"metadata": {}, "spec": own}}}
	allowed.skips
}

test_decision_plain_volumes_are_not_forbidden if {
	own := {"volumes": [_volume_of({"secretProviderClass": "db"}), {"name": "other", "csi": {"driver": "x", "volumeAttributes": {"a": "b"}}}]}
	answer := decision with input as {"request": {"object": {"metadata": {}, "spec": own}}}
		with data.podgraft.config.vault_csi as _configured({"podAttributes": "deny"})
	answer.skips[0].code == "not_requested"
}

_injected_volume(objects) := _volume_of({"secretProviderClass": "vault-inline", "roleName": "shop", "objects": json.marshal(objects)})

test_decision_own_work_is_not_forbidden if {
	spec := {"volumes": [_injected_volume([{"objectName": "db", "secretPath": "secret/data/db", "secretKey": "password"}])]}
	answer := decision with input as _review_of(_inline({"status": "injected"}), spec)
		with data.podgraft.config.vault_csi as _configured({"podAttributes": "deny"})
	answer.skips[0].code == "already_injected"
}

test_decision_forged_status_is_forbidden if {
	spec := {"volumes": [_injected_volume([{"objectName": "db", "secretPath": "secret/data/other", "secretKey": "password"}])]}
	answer := decision with input as _review_of(_inline({"status": "injected"}), spec)
		with data.podgraft.config.vault_csi as _configured({"podAttributes": "deny"})
	answer.denials[0].code == "attributes_forbidden"
}
