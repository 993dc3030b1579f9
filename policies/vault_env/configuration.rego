package podgraft.systems.vault_env

import data.podgraft.lib.bool
import data.podgraft.lib.duration
import data.podgraft.lib.integer
import data.podgraft.lib.quantity

# METADATA
# description: |
#   What follows from the configuration alone, worked out once: the parameters of a pod that would spell out every
#   default, and the values with which nothing can go well.
configuration := answer if {
	spelled := {concat("", [_newer_prefix, key]): text | some key, text in _config.defaults}
	named := object.union(spelled, {concat("", [_newer_prefix, "provider"]): _configured_provider})
	answer := _configuration with input as {"request": {"object": {"metadata": {"annotations": named}, "spec": {}}}}
}

_configuration := {
	"parameters": {"vault-env": object.union_n([_settings, _words, _fixed])},
	"errors": array.flatten([_default_errors, _address_errors, _helper_errors, _role_errors]),
}

_words := _names if {
	_names
} else := {}

_fixed["helper"] := _config.helper.name

_fixed["helperResources"] := _helper_resources

_fixed["logServer"] := _config.helper.logServer if _config.helper.logServer != ""

_default_errors := [{"path": concat("/", ["/defaults", key]), "message": message} |
	some key in sort([key | some key, _ in _config.defaults])
	message := _default_error(_kind(key), _config.defaults[key])
]

_kind(key) := _tables.shared[key].kind

_kind(key) := _tables.provider[setting].kind if {
	some provider in ["bao", "vault"]
	setting := trim_prefix(key, concat("", [provider, "-"]))
	setting != key
}

_default_error("bool", text) := bool.error(text)

_default_error("integer", text) := integer.error(text)

_default_error("batch", text) := integer.error(text)

_default_error("duration", text) := duration.error(text)

_default_error("positive", text) := duration.error(text) if text != ""

_default_error("quantity", text) := quantity.error(text)

_default_error("pull-policy", text) := "is none of Always, IfNotPresent and Never" if not _tables.pull_policies[text]

_address_errors := array.concat(
	[{"path": $"/addresses/{index}", "message": message} |
		some index, address in _config.addresses
		message := _form_error(trim_space(address))
	],
	[{"path": $"/defaults/{key}", "message": message} |
		some key in ["bao-addr", "vault-addr"]
		message := _form_error(trim_space(_config.defaults[key]))
	],
)

_helper_errors := array.concat(
	[{"path": "/helper/name", "message": "vault-env knows Vault only; OpenBao needs secret-init"} | not _names],
	sort([{"path": $"/helper/{list}/{resource}", "message": message} |
		some list, amounts in {"limits": _config.helper.limits, "requests": _config.helper.requests}
		some resource, text in amounts
		[list, resource, text] != ["requests", "memory", ""]
		message := quantity.error(text)
	]),
)

_role_errors := [{"path": $"/defaults/{provider}-role", "message": message} |
	some provider in ["bao", "vault"]
	message := _role_error with input.request.object.metadata.annotations as {
		concat("", [_newer_prefix, "provider"]): provider,
		concat("", [_newer_prefix, provider, "-role"]): _config.defaults[$"{provider}-role"],
	}
]
