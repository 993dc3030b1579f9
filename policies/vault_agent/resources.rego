package podgraft.systems.vault_agent

import data.podgraft.lib.quantity

_limit_keys := ["agent-limits-cpu", "agent-limits-mem", "agent-limits-ephemeral"]

_request_keys := ["agent-requests-cpu", "agent-requests-mem", "agent-requests-ephemeral"]

_resource_names := ["cpu", "memory", "ephemeral-storage"]

# Amounts by resource, null for none at all. An empty one is left out, and so is a configured one that is no quantity:
# it is doubtful, and a pod that does not put something in its place is denied.
_amounts(keys) := amounts if {
	amounts := {_resource_names[index]: text |
		some index, key in keys
		text := _value(key)
		text != ""
		not quantity.error(text)
	}
	amounts != {}
} else := null
