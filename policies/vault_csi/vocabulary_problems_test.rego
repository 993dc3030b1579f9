package podgraft.systems.vault_csi

test_annotation_unknown if {
	_denied(_by_class({"roll": "x"})) == `annotation "vault-csi.podgraft.dev/roll" is not known here`
	every name in ["csi_class", "objekt-db", "object-", "env-", "secrets-kv-version", "x${y}"] {
		_denied_by(_inline({name: "x"})) == "annotation_unknown"
	}
}

test_sidecar_only if {
	_denied(_inline({"notify": "x"})) == `annotation "vault-csi.podgraft.dev/notify" has no counterpart in CSI: the driver runs no command when a file changes`
	every name in ["secrets-template", "notify", "secrets-hook", "proxy-port", "sa-token", "secret-name", "agent-inject-template-db", "agent-inject-command-db"] {
		_denied_by(_inline({name: "x"})) == "sidecar_only"
	}
}

test_mode if {
	every text in ["", "csi", "CSI"] { _decide(_by_class({"mode": text})).injections }
	every text in ["secrets", "job", "csi,proxy"] { _denied_by(_by_class({"mode": text})) == "mode_unknown" }
}

test_auth if {
	_denied(_by_class({"auth": "approle"})) == `annotation "vault-csi.podgraft.dev/auth" is "approle"; the provider logs in with the pod's service account only`
	every text in ["", "kubernetes", "Kubernetes"] { _decide(_by_class({"auth": text})).injections }
}

test_ways_exclusive if {
	_denied_by(_by_class({"object-db": ""})) == "ways_exclusive"
	_decide(_by_class({"objects": ""})).injections
	every name in ["object-db", "objects", "secrets-path", "secrets-destination", "agent-inject-secret-db", "object-perms-db"] {
		_denied_by(_by_class({name: "x"})) == "ways_exclusive"
	}
}

test_way_missing if {
	_denied_by({}) == "way_missing"
	_denied_by({"role": "shop", "csi-class": ""}) == "way_missing"
}

test_overrides_forbidden if {
	_decide(_by_class({"role": ""})).injections
	every name in ["role", "audience", "namespace", "auth-path", "tls-skip-verify", "vault-address"] {
		_denied_by(_by_class({name: "x"})) == "overrides_forbidden"
	}
}

test_overrides_allowed if {
	emitted := _emitted(_by_class({"role": "admin", "auth-path": "auth/eu"})) with data.podgraft.config.vault_csi as _configured({"classOverrides": true})
	emitted.attributes == {"secretProviderClass": "db", "roleName": "admin", "vaultAuthMountPath": "eu"}
}

test_defaults_do_not_override_a_class if {
	defaults := _configured({"defaults": {"role": "shop", "audience": "vault", "tls-skip-verify": "true"}})
	_emitted(_by_class({})).attributes == {"secretProviderClass": "db"} with data.podgraft.config.vault_csi as defaults
}

test_inline_off if {
	_denied_by(_inline({})) == "inline_off" with data.podgraft.config.vault_csi as _configured({"inline": {"class": ""}})
}

test_env_needs_class if {
	every name in ["env-DB", "env"] { _denied_by(_inline({name: "x"})) == "env_needs_class" }
}
