# METADATA
# description: |
#   Variables that vault_csi has brought. Their Secrets are made by the driver, later than any review, from what Vault
#   holds; so there is nothing in them for another system to look at.
# schemas:
#   - input: schema.input
package podgraft.lib.driver_variables

import data.podgraft.lib.annotations

# METADATA
# scope: document
# description: The names of these variables.
names contains name if {
	_said.status == "injected"
	some key, _ in _said
	startswith(key, "env-")
	name := substring(key, 4, -1)
}

names contains name if {
	_said.status == "injected"
	some name, _ in podgraft.parse_json(_said.env).value
}

_said := annotations.under(concat("", [data.podgraft.config.vault_csi.annotationPrefix, "/"]))
