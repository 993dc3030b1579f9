package podgraft.systems.vault_agent

import data.podgraft.lib.duration
import data.podgraft.lib.quantity
import data.podgraft.lib.url

# METADATA
# description: |
#   What follows from the configuration alone, worked out once: the parameters of a pod that would spell out every
#   default, the values with which nothing can go well, and those that a pod can still repair.
configuration := answer if {
	annotations := {concat("", ["vault.hashicorp.com/", key]): text | some key, text in _config.defaults}
	answer := _configuration with input as {"request": {"object": {"metadata": {"annotations": annotations}}}}
}

_configuration := {
	"parameters": {"vault-agent": object.union_n([_settings, _configured_telemetry, {"caCertBytes": _ca_certificates}])},
	"errors": [finding | some [key, finding] in _findings; not _can_be_repaired(key)],
	"doubts": [doubt |
		some doubts in [
			[finding | some [key, finding] in _findings; _can_be_repaired(key)],
			[{"path": "/defaults/agent-revoke-on-shutdown", "message": _revocation_error} | _revocation_error],
			_ca_doubts,
			_address_doubts,
		]
		some doubt in doubts
	],
}

_configured_telemetry := {"telemetry": _telemetry} if {
	_config.telemetry != {}
} else := {}

_findings := [[key, {"path": concat("", ["/defaults/", key]), "message": message}] |
	some key in sort([key | some key, _ in _config.defaults])
	message := _configured_error(key, _value(key))
]

_configured_error(key, text) := "address for Vault required" if {
	[key, text] == ["service", ""]
} else := "Vault Auth Path required" if {
	[key, text] == ["auth-path", ""]
} else := "no Vault image found" if {
	[key, text] == ["agent-image", ""]
} else := "no Vault Auth Type found" if {
	[key, text] == ["auth-type", ""]
} else := duration.error(text) if {
	key in {"auth-min-backoff", "auth-max-backoff"}
	text != ""
} else := _json_patch_error(key) if {
	key in {"agent-json-patch", "agent-init-json-patch"}
} else := concat("", ["json: unsupported value: ", number]) if {
	number := _unwritable(text)
	key == "template-lease-renewal-threshold"
} else := quantity.error(text) if {
	_tables.annotations[key].kind == "quantity"
	text != ""
} else := _value_error(_tables.annotations[key].kind, text)

# The original takes any text.
_address_doubts := [{"path": "/defaults/service", "message": url.unreachable(_config.defaults.service)} |
	_config.defaults.service != ""
]

# A pod may say something else. What no pod could put right, or none is likely to notice, is an error.
_can_be_repaired(key) if key in {"agent-image", "agent-run-as-group", "agent-run-as-user", "auth-type"}

_can_be_repaired(key) if _tables.annotations[key].kind == "quantity"

# PEM, or base64 of it; null: none. What is base64 is taken apart whatever it holds, as the original does.
_ca_certificates := null if {
	_config.caCertBytes == ""
} else := text if {
	encoded := replace(replace(_config.caCertBytes, "\n", ""), "\r", "")
	_is_base64(encoded)
	text := base64.decode(encoded)
} else := _config.caCertBytes

# The compiled policy's own base64.is_valid takes everything.
_is_base64(text) if {
	count(text) % 4 == 0
	digits := trim_right(text, "=")
	count(text) - count(digits) <= 2
	trim(digits, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") == ""
}

_ca_doubts := [{"path": "/caCertBytes", "message": "is neither PEM nor base64 of PEM"} |
	_ca_certificates != null
	not contains(_ca_certificates, "-----BEGIN ")
]
