package podgraft.systems.vault_csi

test_configuration if {
	configuration == {
		"parameters": {"vault-csi": {"statusKey": "vault-csi.podgraft.dev/status", "mountPath": "/mnt/secrets-store"}},
		"errors": [],
		"doubts": [],
	}
}

_found(changes) := [error.path | some error in answer.errors] if {
	answer := configuration with data.podgraft.config.vault_csi as _configured(changes)
}

test_configuration_prefix_of_another if {
	shared := {"annotationPrefix": "vault-csi.podgraft.dev"}
	_found({}) == ["/annotationPrefix"] with data.podgraft.config.talend_vsi as shared
	_found({}) == [] with data.podgraft.config.talend_vsi as object.union(shared, {"enabled": false})
}

test_configuration_errors if {
	_found({"inline": {"class": "Not a name"}}) == ["/inline/class"]
	_found({"inline": {"class": ""}}) == []
	_found({"defaults": {"mount-path": "x"}}) == ["/defaults/mount-path"]
	_found({"defaults": {"auth-path": "auth/"}}) == ["/defaults/auth-path"]
	_found({"defaults": {"tls-skip-verify": "yes"}}) == ["/defaults/tls-skip-verify"]
	_found({"defaults": {"vault-address": "vault:8200"}}) == ["/defaults/vault-address"]
	_found({"defaults": {"auth-path": "auth/eu", "tls-skip-verify": "true"}}) == []
}
