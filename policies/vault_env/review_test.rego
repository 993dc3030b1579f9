package podgraft.systems.vault_env

# What the tests of this package ask: a review of a pod with a reference, with annotations or another pod.

_review(annotations) := _review_of(annotations, {})

_review_of(annotations, spec) := {"request": {
	"operation": "CREATE",
	"namespace": "shop",
	"object": {
		"metadata": {
			"name": "web-0",
			"annotations": {concat("", [_newer_prefix, name]): text | some name, text in annotations},
		},
		"spec": object.union({"containers": [_web], "serviceAccountName": "shop-web"}, spec),
	},
}}

_web := {
	"name": "web",
	"image": "registry.shop/web:1",
	"command": ["/srv/web"],
	"args": ["--port", "80"],
	"env": [_secret_variable],
	"volumeMounts": [_account],
}

_secret_variable := {"name": "PASSWORD", "value": "vault:kv/data/db#password"}

_account := {"name": "account", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "readOnly": true}

# A container without a reference.
_plain := {"name": "plain", "image": "registry.shop/plain:1", "command": ["/srv/plain"], "env": [{"name": "MODE", "value": "live"}]}

_changed(container, changes) := object.union(container, changes)

_decide(annotations) := answer if {
	answer := decision with input as _review(annotations)
}

_decide_for(annotations, spec) := answer if {
	answer := decision with input as _review_of(annotations, spec)
}

_decide_with(annotations, spec, facts) := answer if {
	answer := decision with input as object.union(_review_of(annotations, spec), {"facts": facts})
}

_emitted(annotations) := _decide(annotations).injections[0].parameters

_emitted_for(annotations, spec) := _decide_for(annotations, spec).injections[0].parameters

_code_for(annotations, spec) := _decide_for(annotations, spec).skips[0].code

_denied(annotations) := _decide(annotations).denials[0]

_denied_for(annotations, spec) := _decide_for(annotations, spec).denials[0]

_configured(changes) := object.union(data.podgraft.config.vault_env, changes)
