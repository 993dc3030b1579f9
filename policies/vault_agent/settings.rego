# METADATA
# title: vault-agent
# description: The HashiCorp Vault agent beside a pod, asked for by the annotations of vault-k8s.
# schemas:
#   - input: schema.input
#   - data.podgraft.config.vault_agent: schema.config.vault_agent
package podgraft.systems.vault_agent

import data.podgraft.lib.annotations
import data.podgraft.lib.bool

_given := annotations.under("vault.hashicorp.com/")

_config := data.podgraft.config.vault_agent

_tables := data.podgraft.tables.vault_agent

# An annotation that is present counts, even if it is empty.
_value(key) := text if {
	text := _given[key]
} else := text if {
	text := _config.defaults[key]
} else := ""

_has_value(key) if _given[key]

_has_value(key) if _config.defaults[key]

# Undefined where the value is no boolean.
_switch(key) := bool.parse(_value(key))

_any_given(keys) if {
	some key in keys
	_given[key]
}
