# METADATA
# title: vault-csi
# description: |
#   Secrets of Vault as files through the Secrets Store CSI driver, asked for by annotations: a volume of a
#   SecretProviderClass that the pod names, or one whose parameters its annotations spell out.
# schemas:
#   - input: schema.input
package podgraft.systems.vault_csi

import data.podgraft.lib.annotations

_config := data.podgraft.config.vault_csi

_tables := data.podgraft.tables.vault_csi

_prefix := concat("", [_config.annotationPrefix, "/"])

_given := annotations.under(_prefix)

# What an annotation says; undefined where it says nothing. An empty one says nothing.
_text(name) := text if {
	text := _given[name]
	text != ""
}

# What an annotation says, or configuration in its place.
_setting(name) := text if {
	text := _text(name)
} else := _config.defaults[name]

# An annotation as a message names it.
_annotation(name) := concat("", [`annotation "`, _prefix, name, `"`])

# A value as a message shows it: quoted, and not at any length.
_shown(text) := podgraft.quote(text) if {
	count(text) <= 80
} else := concat("", [podgraft.quote(substring(text, 0, 80)), "…"])
