package podgraft.systems.vault_env

_listing(addresses) := _configured({"addresses": addresses})

_refusal(address) := trim_prefix(
	_denied({"vault-addr": address}).message,
	"could not mutate object: failed to create Vault mutator: failed to load Vault configuration: rejected Vault address from object annotation: ",
)

_takes(address) if _decide({"vault-addr": address}).injections

test_address_form if {
	_refusal("") == "address is empty"
	_refusal(" \t") == "address is empty"
	_refusal("file:///etc/passwd") == `address "file:///etc/passwd" has unsupported scheme "file" (only http and https are allowed)`
	_refusal("vault:8200") == `address "vault:8200" has unsupported scheme "vault" (only http and https are allowed)`
	_refusal("vault") == `address "vault" has unsupported scheme "" (only http and https are allowed)`
	_refusal("https:vault") == `address "https:vault" has no host`
	_refusal("https://:8200") == `address "https://:8200" has no host`
	_refusal("https://a:b@vault:8200") == `address "https://a:b@vault:8200" must not contain user credentials`
	_refusal("https://vault:8200?x=1") == `address "https://vault:8200?x=1" must not contain a query string or fragment`
	_refusal("https://vault:8200/#f") == `address "https://vault:8200/#f" must not contain a query string or fragment`
}

test_address_malformed if {
	_refusal("10.1.2.3:8200") == `malformed address "10.1.2.3:8200": parse "10.1.2.3:8200": first path segment in URL cannot contain colon`
	_refusal("https://vault:port") == `malformed address "https://vault:port": parse "https://vault:port": invalid port ":port" after host`
}

test_address_listed if {
	every address in ["https://vault:8200", "HTTPS://VAULT:8200/", " https://vault:8200/ "] { _takes(address) }
	listed := _listing([" https://b.shop:8200/v ", " nonsense"])
	_takes("https://B.shop:8200/v/") with data.podgraft.config.vault_env as listed
	every address in ["https://b.shop:8200", "https://b.shop:8200/V", "https://b.shop", "http://b.shop:8200/v", "https://evil"] {
		contains(_refusal(address), "is not in the configured allowlist") with data.podgraft.config.vault_env as listed
	}
}

test_address_is_handed_on_without_blanks if {
	_emitted({"vault-addr": " https://VAULT:8200/ "}).address == "https://VAULT:8200/"
}

test_address_never if {
	every address in ["https://localhost:8200", "https://LOCALHOST.:8200", "http://metadata.google.internal"] {
		contains(_refusal(address), "targets a metadata host, which is never allowed") with data.podgraft.config.vault_env as _configured({"addresses": [address], "allowPrivateAddresses": true})
	}
}

test_address_private if {
	every host in ["127.0.0.1", "10.0.0.5", "169.254.169.254", "100.100.100.200"] {
		address := $"http://{host}:8200"
		message := $`address "{address}": targets a loopback, link-local, private, or shared-address-space host "{host}"`
		_refusal(address) == message with data.podgraft.config.vault_env as _listing([address])
		_takes(address) with data.podgraft.config.vault_env as _configured({"addresses": [address], "allowPrivateAddresses": true})
	}
	bracketed := _refusal("http://[::1]:8200") with data.podgraft.config.vault_env as _listing(["http://[::1]:8200"])
	endswith(bracketed, `shared-address-space host "::1"`)
}

test_address_disguised if {
	every host in ["2130706433", "0177.0.0.1", "0x7f000001"] {
		address := $"http://{host}"
		message := $`address "{address}": has an ambiguous numeric IP literal host "{host}"`
		_refusal(address) == message with data.podgraft.config.vault_env as _listing([address])
		_takes(address) with data.podgraft.config.vault_env as _configured({"addresses": [address], "allowPrivateAddresses": true})
	}
}

test_address_of_the_operator_is_trusted if {
	config := _configured({"defaults": {"vault-addr": "http://10.0.0.5:8200"}})
	_decide({}).injections with data.podgraft.config.vault_env as config
	contains(_refusal("http://10.0.0.5:8200"), "private,") with data.podgraft.config.vault_env as config
}

test_address_by_older_name if {
	older := {"request": {"object": {"metadata": {"annotations": {"vault.security.banzaicloud.io/vault-addr": "https://evil"}}}}}
	answer := decision with input as object.union(_review({}), older)
	answer.denials[0].code == "address_rejected"
}

test_address_of_bao if {
	denial := _denied({"provider": "bao", "bao-addr": "https://evil"})
	denial.message == `could not mutate object: failed to create Bao mutator: failed to load Bao configuration: rejected Bao address from object annotation: address "https://evil" is not in the configured allowlist`
	_decide({"bao-addr": "https://evil"}).injections
}

_verification(annotations, allowed, usual) := emitted if {
	config := _configured({"allowSkipVerify": allowed, "defaults": {"vault-skip-verify": usual}})
	emitted := _emitted(annotations).skipVerify with data.podgraft.config.vault_env as config
}

test_skip_verify if {
	_verification({"vault-skip-verify": "true"}, false, "false") == "false"
	_verification({"vault-skip-verify": "true"}, true, "false") == "true"
	_verification({"vault-skip-verify": "false"}, true, "true") == "false"
	_verification({"vault-skip-verify": "false"}, false, "true") == "true"
	_verification({"vault-skip-verify": "please"}, true, "true") == "false"
	not _emitted({}).skipVerify
}
