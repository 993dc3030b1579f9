package podgraft.systems.vault_csi

# What the tests of this package ask: a review of a pod that wants secrets, with more annotations or another pod.

_review(annotations) := _review_of(annotations, {})

_review_of(annotations, spec) := {"request": {
	"operation": "CREATE",
	"namespace": "shop",
	"object": {
		"metadata": {
			"name": "web-0",
			"annotations": object.union({_key("inject"): "true"}, {_key(name): text | some name, text in annotations}),
		},
		"spec": object.union({"containers": [_web]}, spec),
	},
}}

_key(name) := concat("", [_config.annotationPrefix, "/", name])

_web := {"name": "web", "image": "web:1"}

# The least that each way needs.
_by_class(annotations) := object.union({"csi-class": "db"}, annotations)

_inline(annotations) := object.union({"role": "shop", "object-db": "secret/data/db#password"}, annotations)

_decide(annotations) := answer if {
	answer := decision with input as _review(annotations)
}

_decide_for(annotations, spec) := answer if {
	answer := decision with input as _review_of(annotations, spec)
}

_emitted(annotations) := _decide(annotations).injections[0].parameters

_emitted_for(annotations, spec) := _decide_for(annotations, spec).injections[0].parameters

_denied(annotations) := _decide(annotations).denials[0].message

_denied_by(annotations) := _decide(annotations).denials[0].code

_denied_for(annotations, spec) := _decide_for(annotations, spec).denials[0].code

_volume_of(attributes) := {"name": "own", "csi": {
	"driver": "secrets-store.csi.k8s.io",
	"readOnly": true,
	"volumeAttributes": attributes,
}}

_configured(changes) := object.union(data.podgraft.config.vault_csi, changes)
