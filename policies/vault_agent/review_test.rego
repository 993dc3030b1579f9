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

# The same under other defaults.

_emitted_under(changes, annotations) := emitted if {
	emitted := _emitted(annotations) with data.podgraft.config.vault_agent.defaults as _defaults(changes)
}

_denied_under(changes, annotations) := message if {
	message := _denied(annotations) with data.podgraft.config.vault_agent.defaults as _defaults(changes)
}

# What the messages of a stage begin with.

_defaulting(text) := concat("", ["error adding default annotations: ", text])

_parsing(text) := concat("", ["error creating new agent sidecar: ", text])

_validating(text) := concat("", ["error validating agent configuration: ", text])

_patching(text) := concat("", ["error creating patch for agent: ", text])

_no_bool(text) := concat("", [`cannot parse '' as bool: strconv.ParseBool: parsing "`, text, `": invalid syntax`])

_defaults(changes) := object.union(_config.defaults, changes)
