package podgraft.systems.vault_agent

import data.podgraft.lib.integer
import data.podgraft.lib.shell

# How the sidecar gives its token back when the pod ends; null: it does not. The original names neither the namespace
# nor what the connection needs beside certificate files, and so cannot reach Vault where they matter.
_revocation := object.union(
	{
		"grace": integer.parse_unsigned(_value("agent-revoke-grace")),
		"address": _value("service"),
		"tlsSkipVerify": _switch("tls-skip-verify"),
	},
	{field: text |
		some field, key in _revocation_keys
		text := _value(key)
		text != ""
	},
) if {
	_switch("agent-revoke-on-shutdown")
	_has_sidecar
} else := null

_revocation_keys := {
	"caCert": "ca-cert",
	"caPath": "ca-key",
	"clientCert": "client-cert",
	"clientKey": "client-key",
	"namespace": "namespace",
	"tlsServerName": "tls-server-name",
}

# The command goes through a shell.
_revocation_error := concat("", ["vault.hashicorp.com/", key, " ", _shell_rule]) if {
	_revocation != null
	some key in ["service", "ca-cert", "ca-key", "client-cert", "client-key", "namespace", "tls-server-name"]
	not shell.is_word(_value(key))
}

_shell_rule := "is part of the pre-stop command, where only letters, digits and _ . / @ % + = : , - may stand"
