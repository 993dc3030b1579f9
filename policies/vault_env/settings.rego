# METADATA
# title: vault-env
# description: |
#   References to secrets of Vault or OpenBao in a container's variables, resolved when the container starts, and agents
#   beside it: by the annotations of Bank-Vaults' webhooks, the newer names and the older ones.
# schemas:
#   - input: schema.input
package podgraft.systems.vault_env

import data.podgraft.lib.annotations
import data.podgraft.lib.bool
import data.podgraft.lib.integer

_config := data.podgraft.config.vault_env

_tables := data.podgraft.tables.vault_env

_newer_prefix := "secrets-webhook.security.bank-vaults.io/"

_older_prefix := "vault.security.banzaicloud.io/"

_newer := annotations.under(_newer_prefix)

_older := annotations.under(_older_prefix)

# What the pod says, by the newer names; these go over the older ones.
_given := object.union(_renamed, _newer)

_renamed := {name: text | some key, text in _older; name := _tables.older_names[key]}

_provider := object.get(_given, "provider", _config.provider)

# What the pod says to its provider, whose own settings stand here without its name.
_said := _settings_of(_given)

_settings_of(texts) := {setting: text | some key, text in texts; setting := _setting_of(key)}

_setting_of(key) := key if {
	_tables.shared[key]
} else := setting if {
	setting := trim_prefix(key, concat("", [_provider, "-"]))
	setting != key
	_tables.provider[setting]
}

_row(setting) := _tables.shared[setting]

_row(setting) := _tables.provider[setting]

# Each annotation, by its newer name, as the pod writes it.
_written := object.union(
	{name: concat("", [_older_prefix, key]) | some key, _ in _older; name := _tables.older_names[key]},
	{name: concat("", [_newer_prefix, name]) | some name, _ in _newer},
)

# What an annotation is called where something is said of it.
_annotation(setting) := object.get(_written, _key(setting), concat("", [_newer_prefix, _key(setting)]))

# An annotation that is present counts, even if it is empty.
_value(setting) := text if {
	text := _said[setting]
} else := _preset(setting)

# What the configuration says; looked up one by one, because it says much and few of it matter to one pod.
_preset(setting) := object.get(_config.defaults, _key(setting), "")

_key(setting) := setting if {
	_tables.shared[setting]
} else := concat("-", [_provider, setting])

# What spells no boolean is off.
_is_on(setting) if bool.parse(_value(setting))

_switch(setting) if {
	_is_on(setting)
} else := false

# What spells no number is 0.
_number(setting) := number if {
	number := integer.parse(_value(setting))
} else := 0

# What marks a reference to the provider; undefined where no such provider is known.
_marks := _tables.references[_provider]

_scheme := concat("", [_provider, ":"])

_title := {"bao": "Bao", "vault": "Vault"}[_provider]

_names := _tables.names[_provider][_config.helper.name]

_home := concat("", ["/", _provider])
