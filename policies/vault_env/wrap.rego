package podgraft.systems.vault_env

# What is to be known of each container that runs under the helper, by its name.
_wrap := {container.name: parameters |
	some container in _wrapped
	parameters := object.union_n([_command(container), _log_level(container), _probes(container), _hooks(container)])
}

# What a container runs, without the helper: the pod's own words, and behind which of the image's they stand. Undefined
# where only the image says what it runs, and that is not known.
_command(container) := {"words": array.concat(container.command, _arguments(container))} if {
	_has_command(container)
} else := {"imageWords": image.entrypoint, "words": _arguments(container)} if {
	image := _image_command(container.image)
	_arguments(container) != []
} else := {"imageWords": array.concat(image.entrypoint, image.command), "words": []} if {
	image := _image_command(container.image)
}

_arguments(container) := args if {
	args := container.args
	is_array(args)
} else := []

# The container's own level stays.
_log_level(container) := {} if {
	some variable in container.env
	variable.name == concat("", [_names.logPrefix, "_LOG_LEVEL"])
} else := {"logLevel": _value("log-level")} if {
	_value("log-level") != ""
} else := {}

_probes(container) := {probe: command |
	_is_on("mutate-probes")
	some probe in ["livenessProbe", "readinessProbe", "startupProbe"]
	command := container[probe].exec.command
	count(command) > 0
}

_hooks(container) := {hook: command |
	_is_on("mutate-lifecycle")
	some hook in ["postStart", "preStop"]
	command := container.lifecycle[hook].exec.command
	count(command) > 0
}
