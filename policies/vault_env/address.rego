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
} else := $"address {podgraft.quote(_named_address)}: {message}" if {
	not _config.allowPrivateAddresses
	message := _private_error(url.host(_named_address))
}

_named_address := trim_space(_said.addr)

_quoted(message) := _saying(_named_address, message)

_saying(text, message) := $"address {podgraft.quote(text)} {message}"

_allowed_addresses := {url.normalised(address) |
	some text in array.concat(_config.addresses, [_preset("addr")])
	address := trim_space(text)
	not _form_error(address)
}

# What is wrong with the form of an address.
_form_error(text) := $"malformed address {podgraft.quote(text)}: {message}" if {
	message := url.error(text)
} else := _saying(text, $"has unsupported scheme {scheme} (only http and https are allowed)") if {
	not url.scheme(text) in {"http", "https"}
	scheme := podgraft.quote(url.scheme(text))
} else := _saying(text, "has no host") if {
	url.host(text) == ""
} else := _saying(text, "must not contain user credentials") if {
	contains(url.authority(text), "@")
} else := _saying(text, "must not contain a query string or fragment") if {
	some mark in ["?", "#"]
	contains(text, mark)
}

# What is wrong with a host in a private network, or one that may be.
_private_error(host) := $"targets a loopback, link-local, private, or shared-address-space host {quoted}" if {
	ip.is_local(host)
	quoted := podgraft.quote(host)
} else := $"has an ambiguous numeric IP literal host {podgraft.quote(host)}" if {
	ip.is_disguised(host)
}

# Certificates go unverified where the operator says so; the pod is asked only if it may say.
_skips_verification if {
	_config.allowSkipVerify
	_is_on("skip-verify")
}

_skips_verification if {
	not _config.allowSkipVerify
	_preset("skip-verify") in {"1", "t", "T", "true", "TRUE", "True"}
}
