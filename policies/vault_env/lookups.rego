package podgraft.systems.vault_env

# What has to be known from outside of the pod before it can be decided, each once. There is but one round, so the image
# of a container that may turn out to need no wrapping is asked for as well.
_lookups := array.concat(_reference_lookups, _image_lookups)

_reference_lookups := [lookup |
	some key in sort({_source_key(source) | some source in _doubtful_sources})
	source := [source | some source in _doubtful_sources; _source_key(source) == key][0]
	lookup := {
		"key": key,
		"kind": "references",
		"resource": source.resource,
		"namespace": _namespace,
		"name": source.name,
		"prefixes": _marks.prefixes,
		"openings": _marks.openings,
	}
]

_doubtful_sources := [source |
	some container in _containers
	_may_ask(container)
	some source in _sources(container)
]

_source_key(source) := concat("/", ["vault_env/references", source.resource, source.name])

_image_lookups := [lookup |
	some image in sort({container.image | some container in _imageless})
	lookup := {
		"key": _image_key(image),
		"kind": "image",
		"image": image,
		"namespace": _namespace,
		"pullSecrets": [secret.name | some secret in input.request.object.spec.imagePullSecrets; secret.name != ""],
		"serviceAccount": object.get(input.request.object.spec, "serviceAccountName", ""),
		"refresh": count([1 | some container in _imageless; container.image == image; container.imagePullPolicy == "Always"]) > 0,
		"skipTlsVerify": _switch("registry-skip-verify"),
	}
]

_image_key(image) := concat("/", ["vault_env/image", image])

# Containers that may be wrapped and whose command only their image says.
_imageless := [container |
	some container in _containers
	container.image != ""
	_may_be_wrapped(container)
	not _has_command(container)
	not _known_image(container.image)
]

_may_be_wrapped(container) if _asks(container)

_may_be_wrapped(container) if _may_ask(container)

_has_command(container) if count(container.command) > 0

_namespace := object.get(input.request, "namespace", "")

# The keys of a ConfigMap or Secret that hold a reference; undefined where that is not known.
_keys(source) := keys if {
	keys := input.facts[_source_key(source)].keys
	is_array(keys)
} else := [] if {
	_may_be_missing(source, input.facts[_source_key(source)].error)
}

# What isn't there holds nothing; and what is optional may go unread, where all of its keys are taken.
_may_be_missing(_, error) if error.code == "not_found"

_may_be_missing(source, error) if {
	error
	source.optional
}

# Why it is not known.
_source_error(source) := _fact_error(_source_key(source)) if not _keys(source)

_fact_error(key) := error if {
	error := input.facts[key].error
	is_string(error.message)
	is_string(error.code)
} else := {"code": "no_fact", "message": "there is no answer to this look-up"}

# What an image runs; undefined where that is not known.
_image_command(image) := known if {
	known := _known_image(image)
} else := fact if {
	fact := input.facts[_image_key(image)]
	_are_texts(object.get(fact, "entrypoint", null))
	_are_texts(object.get(fact, "command", null))
}

_are_texts(list) if {
	is_array(list)
	every item in list { is_string(item) }
}

# What the operator says of an image: of just this one, or of all its tags and digests.
_known_image(image) := known if {
	known := _config.images[image]
} else := _config.images[_repository(image)]

_repository(image) := substring(name, 0, count(name) - count(tag)) if {
	name := split(image, "@")[0]
	parts := split(name, "/")
	tag := substring(parts[count(parts) - 1], indexof(parts[count(parts) - 1], ":"), -1)
	contains(parts[count(parts) - 1], ":")
} else := split(image, "@")[0]

# Containers whose sources could not be searched, each with the first of them and why.
_unsearched := [{"container": container.name, "source": source, "error": error} |
	some container in _containers
	_may_ask(container)
	not _asks_behind(container)
	failed := [[source, error] | some source in _sources(container); error := _source_error(source)]
	[source, error] := failed[0]
]

# Containers that are to be wrapped and whose command is not known, each with why.
_unknown_commands := [{"container": container.name, "image": container.image, "error": _fact_error(_image_key(container.image))} |
	some container in _containers
	_is_wrapped(container)
	not _command(container)
]
