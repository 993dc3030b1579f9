package podgraft.systems.talend_vsi

_configuration_of(changes) := answer if {
	answer := configuration with data.podgraft.config.talend_vsi as _configured(changes)
}

test_configuration_parameters if {
	answer := _configuration_of({})
	answer.errors == []
	answer.doubts == []
	parameters := answer.parameters["talend-vsi"]
	parameters.statusKey == "sidecar.vault.talend.org/status"
	parameters.authPath == "auth/kubernetes"
	parameters.kv2 == false
	parameters.resources.limits.cpu == "200m"
	not parameters.namespace
	not parameters.caSecret
}

test_configuration_optional if {
	parameters := _configuration_of({"vault": {"namespace": "admin", "caSecret": "ca"}, "kvVersion": "2"}).parameters["talend-vsi"]
	parameters.namespace == "admin"
	parameters.caSecret == "ca"
	parameters.kv2
}

test_configuration_without_amounts if {
	answer := configuration with data.podgraft.config.talend_vsi as _without_resources
	not answer.parameters["talend-vsi"].resources
	answer.errors == []
}

test_configuration_errors if {
	answer := _configuration_of({"babysitter": {"resources": {"limits": {"cpu": "lots", "a/b": "~"}}}})
	[error.path | some error in answer.errors] == ["/babysitter/resources/limits/a~1b", "/babysitter/resources/limits/cpu"]
}

test_configuration_doubts if {
	_configuration_of({"vault": {"address": ""}, "hook": {"handler": "httpGet"}}).doubts == [
		{"path": "/vault/address", "message": "Vault server's address must be specified"},
		{"path": "/hook/handler", "message": "pods that ask for the hook are refused unless it is exec"},
	]
	_configuration_of({"vault": {"address": "vault"}}).doubts == [{
		"path": "/vault/address",
		"message": "begins with none of https://, http:// and unix://",
	}]
}
