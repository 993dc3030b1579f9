package podgraft.systems.vault_env

import data.podgraft.lib.driver_variables
import data.podgraft.lib.pod

# The pod's containers in the order in which they start.
_containers := array.concat(pod.init_containers, pod.containers)

# Spares the rest for the texts that people write.
_is_reference(text) if {
	contains(text, _scheme)
	_is_marked(text)
}

_is_marked(text) if {
	some prefix in _marks.prefixes
	startswith(text, prefix)
}

_is_marked(text) if {
	some opening in _marks.openings
	contains(text, opening)
	some index, rest in split(text, opening)
	index > 0
	contains(split(rest, "\n")[0], "}")
}

# A container that asks for resolution by what the pod itself says.
_asks(container) if _referring[object.get(container, "name", "")]

_asks(_) if _asks_for_all

_asks_for_all if _given[concat("-", [_provider, "from-path"])] != ""

# The containers with a reference among their variables, by name: a pod may have thousands of variables, and they are
# looked through once.
_referring contains object.get(container, "name", "") if {
	some container in _containers
	some variable in container.env
	_is_reference(variable.value)
}

# The ConfigMaps and Secrets that a container takes variables from. Where one is missing, the container goes without.
_sources(container) := array.concat(
	[source |
		some variable in container.env
		some field, resource in {"configMapKeyRef": "configmaps", "secretKeyRef": "secrets"}
		selector := variable.valueFrom[field]
		selector.name != ""
		not driver_variables.names[variable.name]
		source := {"resource": resource, "name": selector.name, "key": selector.key}
	],
	[source |
		some part in container.envFrom
		some field, resource in {"configMapRef": "configmaps", "secretRef": "secrets"}
		selector := part[field]
		selector.name != ""
		source := {"resource": resource, "name": selector.name, "optional": object.get(selector, "optional", false) == true}
	],
)

# A container whose sources decide whether it is wrapped.
_may_ask(container) if {
	_looks_behind
	not _asks(container)
	_sources(container) != []
}

_looks_behind if _config.lookups.references == "always"

_looks_behind if {
	_config.lookups.references == "annotated"
	count(_given) > 0
}

_any_may_ask if {
	some container in _containers
	_may_ask(container)
}

# A container that asks by what stands behind its sources.
_asks_behind(container) if {
	_may_ask(container)
	some source in _sources(container)
	_holds_reference(source)
}

_holds_reference(source) if _found_keys[_source_key(source)][source.key]

_holds_reference(source) if {
	not source.key
	_keys(source) != []
}

_holds_reference(source) if {
	_config.lookups.withoutReferences == "assume"
	_source_error(source)
}

# Every container that runs under the helper.
_wrapped := [container |
	some container in _containers
	_is_wrapped(container)
	_command(container)
]

_is_wrapped(container) if _asks(container)

_is_wrapped(container) if _asks_behind(container)
