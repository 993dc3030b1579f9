package podgraft.systems.talend_vsi

test_mount_path_unusable if {
	spec := {"containers": [_own_mount("/a b;$(id)")]}
	_denied_for(_env, spec) == "Submitted pod mounts secrets at '/a b;$(id)', which cannot stand in a command"
	_emitted_for({}, spec)
}

test_container_names if {
	text := "Submitted pod must contain containers with unique names"
	_denied_for({}, {"containers": [_web, _web]}) == text
	_denied_for({}, {"initContainers": [_web]}) == text
	_denied_for({}, {"containers": [_web, {"name": ""}]}) == text
}

test_port if {
	_emitted({"mode": "proxy"}).proxyPort == 8200
	not _emitted({}).proxyPort
	every text, port in {"9999": 9999, "1": 1, "65535": 65535, "08200": 8200, "": 8200} {
		_emitted({"mode": "proxy", "proxy-port": text}).proxyPort == port
	}
}

test_port_invalid if {
	every text in ["http", "0", "65536", "-1", "8200 ", "8200\"", "1e3", "99999999999999999999"] {
		_denied({"mode": "proxy", "proxy-port": text}) == concat("", ["Submitted pod makes use of unsupported proxy port '", text, "'"])
	}
}

test_ca_secret if {
	_emitted({"vault-ca-secret": "vault-ca"}).caSecret == "vault-ca"
	_denied({"vault-ca-secret": "Vault CA"}) == "Submitted pod makes use of 'Vault CA', which is no name of a Secret"
}

test_amounts if {
	emitted := _emitted({"vault-limits-cpu": "1", "vault-requests-memory": "100Mi"})
	emitted.resources == {"limits": {"cpu": "1", "memory": "80Mi"}, "requests": {"cpu": "160m", "memory": "100Mi"}}
	not _emitted({}).resources
}

test_amounts_without_configured_ones if {
	answer := decision with input as _review({"vault-limits-cpu": "1"})
		with data.podgraft.config.talend_vsi as _without_resources
	answer.injections[0].parameters.resources == {"limits": {"cpu": "1"}}
}

test_amounts_invalid if {
	startswith(_denied({"vault-limits-cpu": "lots"}), "Submitted pod makes use of unsupported quantity 'lots' in annotation 'sidecar.vault.talend.org/vault-limits-cpu': ")
}

test_address if {
	empty := decision with input as _review({}) with data.podgraft.config.talend_vsi.vault.address as ""
	empty.denials[0].message == "Vault server's address must be specified"
	given := decision with input as _review({"vault-address": "https://v"}) with data.podgraft.config.talend_vsi.vault.address as ""
	given.injections[0].parameters.address == "https://v"
}
