package podgraft.systems.vault_csi

test_class_name_invalid if {
	every text in ["Db", "a/b", "../x", "a_b", "${x}", "a\nb", "ä", "-a"] {
		_denied_by({"csi-class": text}) == "class_name_invalid"
	}
}

_class_of_length(length) := concat("", ["c" | some _ in numbers.range(1, length)])

_with_names(metadata, length) := answer if {
	plain := _review(_by_class({"csi-class": _class_of_length(length)}))
	nameless := json.remove(plain, ["/request/object/metadata/name"])
	answer := decision with input as object.union(nameless, {"request": {"object": {"metadata": metadata}}})
}

test_class_name_long if {
	# web-0, shop and two dashes
	_with_names({"name": "web-0"}, 242).injections
	_with_names({"name": "web-0"}, 243).denials[0].code == "class_name_long"
}

test_class_name_long_with_generated_name if {
	_with_names({"generateName": "web-"}, 238).injections
	_with_names({"generateName": "web-"}, 239).denials[0].code == "class_name_long"
	_with_names({"generateName": _class_of_length(200)}, 184).injections
	_with_names({"generateName": _class_of_length(200)}, 185).denials[0].code == "class_name_long"
	_with_names({}, 247).injections
	_with_names({}, 248).denials[0].code == "class_name_long"
}

test_class_twice if {
	twice := {"volumes": [_volume_of({"secretProviderClass": "db"}), object.union(_volume_of({"secretProviderClass": "db"}), {"name": "again"})]}
	_denied_for(_by_class({}), twice) == "class_twice"
	other := {"volumes": [_volume_of({"secretProviderClass": "db"}), object.union(_volume_of({"secretProviderClass": "cache"}), {"name": "again"})]}
	_decide_for(_by_class({}), other).injections
}

test_volume_not_read_only if {
	every stanza in [{"readOnly": false}, {"readOnly": null}] {
		spec := {"volumes": [object.union(_volume_of({"secretProviderClass": "db"}), {"csi": stanza})]}
		_denied_for(_by_class({}), spec) == "volume_not_read_only"
	}
}

test_volume_differs if {
	_denied_for(_by_class({}), {"volumes": [_volume_of({"secretProviderClass": "db", "roleName": "x"})]}) == "volume_differs"
	_denied_for(_by_class({}), {"volumes": [_volume_of({"secretProviderClass": "db", "objects": "[]"})]}) == "volume_differs"
	_denied_for(_inline({}), {"volumes": [_volume_of({"secretProviderClass": "vault-inline"})]}) == "volume_differs"
	_denied_for(_inline({}), {"volumes": [_volume_of({"secretProviderClass": "vault-inline", "roleName": "shop", "objects": "- {"})]}) == "volume_differs"
}
