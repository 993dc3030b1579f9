package podgraft.systems.vault_csi

test_own_volume_is_used if {
	emitted := _emitted_for(_by_class({}), {"volumes": [_volume_of({"secretProviderClass": "db"})]})
	emitted.volume == "own"
	not emitted.attributes
}

test_own_inline_volume_is_used if {
	objects := `[{"objectName": "db", "secretKey": "password", "secretPath": "secret/data/db"}]`
	own := _volume_of({"secretProviderClass": "vault-inline", "roleName": "shop", "objects": objects})
	_emitted_for(_inline({}), {"volumes": [own]}).volume == "own"
}

test_volumes_of_others_are_not_looked_at if {
	others := [
		{"name": "a"},
		{"name": "b", "csi": null},
		{"name": "c", "csi": {"driver": "other", "volumeAttributes": {"secretProviderClass": "db"}}},
		{"name": "d", "csi": {"driver": "secrets-store.csi.k8s.io"}},
		_volume_of({"secretProviderClass": "another"}),
	]
	emitted := _emitted_for(_by_class({}), {"volumes": others})
	emitted.volume == "vault-csi"
	emitted.attributes == {"secretProviderClass": "db"}
}
