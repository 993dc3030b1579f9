package podgraft.systems.vault_env

import data.podgraft.lib.ip
import data.podgraft.lib.url

# What is wrong with the address that the pod names; undefined where it names none, or one that it may. The operator's
# own is trusted.
_address_error := "address is empty" if {
	_named_address == ""
} else := message if {
	message := _form_error(_named_address)
} else := _quoted("is not in the configured allowlist") if {
	not url.normalised(_named_address) in _allowed_addresses
} else := _quoted("targets a metadata host, which is never allowed") if {
	url.host(_named_address) in {"localhost", "metadata.google.internal"}
} else := _quoted("targets a private address, which is not allowed") if {
	not _config.allowPrivateAddresses
	_is_private(url.host(_named_address))
}

_named_address := trim_space(_said.addr)

_quoted(message) := concat(" ", ["address", podgraft.quote(_named_address), message])

_allowed_addresses := {url.normalised(address) |
	some address in array.concat(_config.addresses, [_preset("addr")])
	not _form_error(trim_space(address))
}

# What is wrong with the form of an address.
_form_error(text) := concat(" ", ["address", podgraft.quote(text), "has unsupported scheme", scheme]) if {
	not url.scheme(text) in {"http", "https"}
	scheme := concat(" ", [podgraft.quote(url.scheme(text)), "(only http and https are allowed)"])
} else := concat(" ", ["address", podgraft.quote(text), "has no host"]) if {
	url.host(text) == ""
} else := concat(" ", ["address", podgraft.quote(text), "must not contain user credentials"]) if {
	contains(url.authority(text), "@")
} else := concat(" ", ["address", podgraft.quote(text), "must not contain a query or a fragment"]) if {
	some mark in ["?", "#"]
	contains(text, mark)
}

_is_private(host) if ip.is_local(host)

_is_private(host) if ip.is_disguised(host)

# Certificates go unverified where the operator says so; the pod is asked only if it may say.
_skips_verification if {
	_config.allowSkipVerify
	_is_on("skip-verify")
}

_skips_verification if {
	not _config.allowSkipVerify
	_preset("skip-verify") in {"1", "t", "T", "true", "TRUE", "True"}
}
