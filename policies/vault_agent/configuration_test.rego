package podgraft.systems.vault_agent

_configured(changes) := answer if {
	answer := configuration with data.podgraft.config.vault_agent.defaults as _defaults(changes)
}

_first_error(changes) := _configured(changes).errors[0]

_first_doubt(changes) := _configured(changes).doubts[0]

test_configuration_shipped if {
	configuration.errors == []
	configuration.doubts == []
	parameters := configuration.parameters["vault-agent"]
	parameters.image == "hashicorp/vault:2.0.4"
	parameters.address == "https://vault.vault.svc:8200"
	parameters.init == true
	parameters.sidecar == true
	parameters.limits == {"cpu": "500m", "memory": "128Mi"}
	parameters.httpsProxy == null
	parameters.initApi == null
	parameters.revocation == null
	parameters.caCertBytes == null
	not parameters.security
	not parameters.token
}

test_configuration_changed if {
	parameters := _configured({
		"agent-revoke-on-shutdown": "true",
		"namespace": "root",
		"agent-cache-enable": "true",
		"agent-limits-cpu": "",
		"agent-disable-keep-alives": "caching",
		"template-lease-renewal-threshold": "0.6",
	}).parameters["vault-agent"]
	parameters.revocation.namespace == "root"
	parameters.keepsCache == true
	parameters.limits == {"memory": "128Mi"}
	parameters.disableKeepAlives == ["caching"]
	parameters.leaseRenewalThreshold == 0.6
}

test_configuration_errors if {
	_first_error({"service": ""}) == {"path": "/defaults/service", "message": "address for Vault required"}
	_first_error({"auth-path": ""}) == {"path": "/defaults/auth-path", "message": "Vault Auth Path required"}
	_first_error({"auth-min-backoff": "5"}).message == `time: missing unit in duration "5"`
	_first_error({"auth-max-backoff": "x"}).message == `time: invalid duration "x"`
	_first_error({"agent-inject-default-template": "yaml"}).message == "invalid default template type: yaml"
	_first_error({"template-lease-renewal-threshold": "NaN"}).message == "json: unsupported value: NaN"
	_first_error({"template-lease-renewal-threshold": "x"}).message == `strconv.ParseFloat: parsing "x": invalid syntax`
	_first_error({"template-max-connections-per-host": "x"}).message == `strconv.ParseInt: parsing "x": invalid syntax`
	_first_error({"agent-revoke-grace": ""}).message == `strconv.ParseUint: parsing "": invalid syntax`
	_first_error({"agent-revoke-on-shutdown": "on"}).message == _no_bool("on")
	endswith(_first_error({"agent-json-patch": "{}"}).message, "into Go value of type jsonpatch.Patch")
}

test_configuration_doubts if {
	_first_doubt({"agent-run-as-user": "nobody"}) == {
		"path": "/defaults/agent-run-as-user",
		"message": `strconv.ParseInt: parsing "nobody": invalid syntax`,
	}
	_first_doubt({"agent-run-as-group": "nobody"}).path == "/defaults/agent-run-as-group"
	_first_doubt({"agent-image": ""}).message == "no Vault image found"
	_first_doubt({"auth-type": ""}).message == "no Vault Auth Type found"
	_first_doubt({"agent-revoke-on-shutdown": "true", "ca-cert": "a b"}).path == "/defaults/agent-revoke-on-shutdown"
	_first_doubt({"service": "vault:8200"}) == {
		"path": "/defaults/service",
		"message": "begins with none of https://, http:// and unix://",
	}
	every key in array.concat(_limit_keys, _request_keys) {
		_first_doubt({key: "lots"}).path == concat("", ["/defaults/", key])
	}
}

test_configuration_doubts_are_no_errors if {
	answer := _configured({"agent-run-as-user": "nobody", "agent-limits-cpu": "lots", "agent-image": ""})
	answer.errors == []
	count(answer.doubts) == 3
	answer.parameters["vault-agent"].limits == {"memory": "128Mi"}
}

test_configuration_telemetry if {
	not configuration.parameters["vault-agent"].telemetry
	answer := configuration with data.podgraft.config.vault_agent.telemetry as {"statsd-address": "statsd:8125"}
	answer.parameters["vault-agent"].telemetry == {"statsd_address": "statsd:8125"}
}

test_configuration_ca_certificates if {
	pem := "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
	every text in [pem, base64.encode(pem), replace(base64.encode(pem), "L", "L\r\n")] {
		answer := configuration with data.podgraft.config.vault_agent.caCertBytes as text
		answer.parameters["vault-agent"].caCertBytes == pem
		answer.doubts == []
	}
}

test_configuration_ca_certificates_doubtful if {
	every text, held in {"no certificate": "no certificate", "AB=C": "AB=C", "A===": "A===", "YWJj": "abc"} {
		answer := configuration with data.podgraft.config.vault_agent.caCertBytes as text
		answer.parameters["vault-agent"].caCertBytes == held
		answer.doubts == [{"path": "/caCertBytes", "message": "is neither PEM nor base64 of PEM"}]
	}
}
