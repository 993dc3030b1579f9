package podgraft.systems.vault_env

import data.podgraft.lib.quantity

# What the agent and consul-template may use. A shorter name, without -limit, goes first; what is no quantity does not
# count, not even against the same thing by its older name.
_agent_resources := {
	"limits": {
		"cpu": _amount(["agent-cpu", "agent-cpu-limit"], "100m"),
		"memory": _amount(["agent-memory", "agent-memory-limit"], "128Mi"),
	},
	"requests": {
		"cpu": _amount(["agent-cpu-request"], "100m"),
		"memory": _amount(["agent-memory-request"], "128Mi"),
	},
}

_template_limits := {
	"cpu": _amount(["ct-cpu"], "100m"),
	"memory": _amount(["ct-memory"], "128Mi"),
}

_amount(settings, usual) := [text |
	said := [vocabulary[_key(setting)] | some setting in settings; some vocabulary in [_newer, _renamed]]
	configured := [_preset(setting) | some setting in settings]
	some text in array.flatten([said, configured, usual])
	not quantity.error(text)
][0]

# What the helper and the login agent may use.
_helper_resources := {
	"limits": _config.helper.limits,
	"requests": object.union(_config.helper.requests, {"memory": _helper_memory}),
}

_helper_memory := text if {
	text := _config.helper.requests.memory
	text != ""
} else := _tables.helpers[_config.helper.name].memory
