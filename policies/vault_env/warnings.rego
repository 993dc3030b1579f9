package podgraft.systems.vault_env

import data.podgraft.lib.bool
import data.podgraft.lib.duration
import data.podgraft.lib.integer
import data.podgraft.lib.quantity

# What a user should know of an injection that goes well.
_warnings := array.flatten([_unreadable_values, _unheeded, _left_alone])

# What an annotation holds that cannot be read, and what is taken instead, as the original does in silence.
_unreadable_values := [$"{_annotation(setting)} {message}" |
	some setting in sort([setting | some setting, _ in _said])
	message := _unreadable(_row(setting).kind, _said[setting])
]

_unreadable("bool", text) := "is no boolean: false is taken" if {
	text != ""
	bool.error(text)
}

_unreadable("integer", text) := "is no integer: 0 is taken" if not integer.parse(text)

_unreadable("batch", text) := "is no integer above 0: 25 is taken" if not _is_positive(text)

_unreadable("duration", text) := "is no duration: 0s is taken" if duration.error(text)

_unreadable("positive", text) := "is no duration: none is taken" if {
	text != ""
	duration.error(text)
}

_unreadable("quantity", text) := "is no quantity: the usual amount is taken" if quantity.error(text)

_unreadable("pull-policy", text) := "is no pull policy: IfNotPresent is taken" if not _tables.pull_policies[text]

_unreadable("variables", _) := $"{_variables_error}: no variables are taken" if _variables_error

_is_positive(text) if integer.parse(text) > 0

_unheeded := [$"{_annotation("skip-verify")} has no effect: allowSkipVerify is off" |
	not _config.allowSkipVerify
	_said["skip-verify"]
	_is_on("skip-verify")
	_skip_verify == "false"
]

# Containers that are not wrapped because something about them is not known.
_left_alone := array.concat(
	[substring(_unsearched_text(failed), 0, 250) |
		_config.lookups.withoutReferences == "warn"
		some failed in _unsearched
	],
	[substring(_unknown_command_text(failed), 0, 250) |
		_config.lookups.withoutImage == "warn"
		some failed in _unknown_commands
	],
)
