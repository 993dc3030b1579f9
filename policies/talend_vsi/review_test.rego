package podgraft.systems.talend_vsi

# What the tests of this package ask: a review of a pod that wants an agent, with more annotations or another pod.

_review(annotations) := _review_of(annotations, {})

_review_of(annotations, spec) := {"request": {
	"operation": "CREATE",
	"namespace": "shop",
	"object": {
		"metadata": {
			"labels": {"com.talend.application": "orders", "com.talend.service": "api"},
			"annotations": object.union({_key("inject"): "true"}, {_key(name): text | some name, text in annotations}),
		},
		"spec": object.union({"containers": [_web]}, spec),
	},
}}

_web := {"name": "web", "command": ["/srv/web"], "volumeMounts": [_account]}

_account := {"name": "account", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}

_named(name) := object.union(_web, {"name": name})

_own_mount(path) := object.union(_web, {"volumeMounts": [{"name": "secrets", "mountPath": path}, _account]})

# A review without some of the labels.
_unlabelled(annotations, labels) := json.remove(
	_review(annotations),
	[concat("", ["/request/object/metadata/labels/", label]) | some label in labels],
)

_decide(annotations) := answer if {
	answer := decision with input as _review(annotations)
}

_decide_for(annotations, spec) := answer if {
	answer := decision with input as _review_of(annotations, spec)
}

_emitted(annotations) := _decide(annotations).injections[0].parameters

_emitted_for(annotations, spec) := _decide_for(annotations, spec).injections[0].parameters

_denied(annotations) := _decide(annotations).denials[0].message

_denied_for(annotations, spec) := _decide_for(annotations, spec).denials[0].message

_denied_by(annotations) := _decide(annotations).denials[0].code

_configured(changes) := object.union(data.podgraft.config.talend_vsi, changes)

_without_resources := object.union(
	object.remove(data.podgraft.config.talend_vsi, ["agent"]),
	{"agent": object.remove(data.podgraft.config.talend_vsi.agent, ["resources"])},
)
