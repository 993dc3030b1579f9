package podgraft.systems.vault_env

# What has to be known from outside of the pod before it can be decided, each once. There is but one round, so the image
# of a container that may turn out to need no wrapping is asked for as well.
_lookups := array.concat(_reference_lookups, _image_lookups)

_reference_lookups := [lookup |
	some [resource, name] in sort({[source.resource, source.name] | some source in _doubtful_sources})
	lookup := {
		"key": _source_key({"resource": resource, "name": name}),
		"kind": "references",
		"resource": resource,
		"namespace": _namespace,
		"name": name,
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
		"pullSecrets": _pull_secrets,
		"serviceAccount": object.get(input.request.object.spec, "serviceAccountName", ""),
		"refresh": object.get(_refreshed_images, image, false),
		"skipTlsVerify": _switch("registry-skip-verify"),
	}
]

_pull_secrets := [secret.name | some secret in input.request.object.spec.imagePullSecrets; secret.name != ""]

# The kubelet asks the registry each time, too.
_refreshed_images := {container.image: true | some container in _imageless; container.imagePullPolicy == "Always"}

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

# What the operator says of an image: of just this one, or of all its tags and digests.
_known_image(image) := known if {
	known := _config.images[image]
} else := _config.images[_repository(image)]

# An image without tag and digest. A colon before the last slash is of a port.
_repository(image) := substring(name, 0, (count(name) - count(last)) + indexof(last, ":")) if {
	name := split(image, "@")[0]
	parts := split(name, "/")
	last := parts[count(parts) - 1]
	contains(last, ":")
} else := split(image, "@")[0]
