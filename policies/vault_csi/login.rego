package podgraft.systems.vault_csi

import data.podgraft.lib.bool

# The parameters of the class that the volume gives, by the names that driver and provider know.
_attributes := object.union_n([{"secretProviderClass": _class}, _login, _secrets])

# How the provider reaches Vault and logs in, as far as the pod or, for want of a class, the configuration says it.
_login := {parameter: value |
	some name, parameter in _login_parameters
	value := _login_value(name, _login_text(name))
}

_login_parameters := {
	"role": "roleName",
	"audience": "audience",
	"namespace": "vaultNamespace",
	"vault-address": "vaultAddress",
	"tls-skip-verify": "vaultSkipTLSVerify",
	"auth-path": _config.inline.authPathParameter,
}

_login_text(name) := _text(name) if {
	_way == "class"
} else := text if {
	_way == "inline"
	text := _setting(name)
	text != ""
}

_login_value("auth-path", text) := _auth_mount(text)

_login_value("tls-skip-verify", text) := "true" if bool.parse(text)

_login_value("tls-skip-verify", text) := "false" if bool.parse(text) == false

_login_value(name, text) := text if not name in {"auth-path", "tls-skip-verify"}

# Where a login method is mounted: Vault's other tools write it with auth/ in front.
_auth_mount(text) := trim(trim_prefix(trim_left(text, "/"), "auth/"), "/")

_secrets := {"objects": [_written(entry) | some entry in _entries]} if {
	_way == "inline"
} else := {}
