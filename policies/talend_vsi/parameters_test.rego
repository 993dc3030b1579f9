package podgraft.systems.talend_vsi

test_parameters_of_one_annotation_each if {
	emitted := _emitted({
		"vault-image": "acme/vault:1",
		"vault-address": "https://v",
		"vault-namespace": "admin",
		"vault-ca-secret": "vault-ca",
	})
	emitted.image == "acme/vault:1"
	emitted.address == "https://v"
	emitted.namespace == "admin"
	emitted.caSecret == "vault-ca"
}

test_parameters_empty_annotation_says_nothing if {
	not _emitted({"vault-image": ""}).image
}

test_parameters_static_with_proxy if {
	emitted := _emitted({"mode": "secrets,proxy", "secrets-type": "static"})
	emitted.fetched == [{"name": "secrets.properties", "path": `"secret/orders/api"`}]
	not emitted.refreshed
	emitted.proxyPort == 8200
}
