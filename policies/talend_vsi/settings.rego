# METADATA
# title: talend-vsi
# description: The Vault agent beside a pod, asked for by the annotations of Talend's Vault Sidecar Injector.
# schemas:
#   - input: schema.input
package podgraft.systems.talend_vsi

import data.podgraft.lib.annotations

_config := data.podgraft.config.talend_vsi

_tables := data.podgraft.tables.talend_vsi

_prefix := "" if {
	_config.annotationPrefix == ""
} else := concat("", [_config.annotationPrefix, "/"])

_key(name) := concat("", [_prefix, name])

_given := annotations.under(_prefix)

# What an annotation says; undefined where it says nothing. An empty one says nothing.
_text(name) := text if {
	text := _given[name]
	text != ""
}

# One of a few words, in any case.
_word(name, fallback) := lower(text) if {
	text := _text(name)
} else := fallback

_is_on(text) if lower(text) in {"on", "true", "y", "yes"}

# The items of a list, each in its place, as they stand between the commas.
_items(text) := split(text, ",")

_trimmed(items) := [trim_space(item) | some item in items]

# What a label says; undefined where it says nothing.
_label(key) := text if {
	text := input.request.object.metadata.labels[key]
	text != ""
}

_application := _label(_config.applicationLabel)

_service := _label(_config.serviceLabel)
