package podgraft.systems.vault_agent

# What the tests of this package ask: a review of a pod that wants an agent, with more annotations or another pod.

_review(annotations) := _review_of(annotations, {})

_review_of(annotations, spec) := {"request": {
	"operation": "CREATE",
	"namespace": "shop",
	"object": {
		"metadata": {"annotations": object.union(
			{"vault.hashicorp.com/agent-inject": "true", "vault.hashicorp.com/role": "shop"},
			{concat("", ["vault.hashicorp.com/", key]): text | some key, text in annotations},
		)},
		"spec": object.union({"containers": [_web], "volumes": [{"name": "account"}]}, spec),
	},
}}

_web := {"name": "web", "volumeMounts": [_token_mount]}

_token_mount := {"name": "account", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}

_named(name) := object.union(_web, {"name": name})

_decide(annotations) := answer if {
	answer := decision with input as _review(annotations)
}

_emitted(annotations) := answer.injections[0].parameters if {
	answer := _decide(annotations)
	not answer.denials
}

_emitted_for(annotations, spec) := answer.injections[0].parameters if {
	answer := decision with input as _review_of(annotations, spec)
}

_denied(annotations) := _decide(annotations).denials[0].message

_denied_for(annotations, spec) := answer.denials[0].message if {
	answer := decision with input as _review_of(annotations, spec)
}

_defaults(changes) := object.union(data.podgraft.config.vault_agent.defaults, changes)
