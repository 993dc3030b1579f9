package podgraft.systems.vault_agent

_projected(sources) := {"name": "vault-token", "projected": {"sources": sources}}

_has_path := [{"configMap": {"name": "x"}}, {"serviceAccountToken": {"path": "vault-token"}}]

_asks_by_name := {"agent-service-account-token-volume-name": "vault-token"}

test_token_first_account_mount if {
	odd := {"name": "data", "mountPath": "/data/my-serviceaccount-files"}
	emitted := _emitted_for({}, {"containers": [
		{"name": "plain"},
		{"name": "a", "volumeMounts": [{"name": "x", "mountPath": "/x"}, odd]},
		_web,
	]})
	emitted.token == {"volume": "data", "path": "/data/my-serviceaccount-files"}
	emitted.authConfig.token_path == "/data/my-serviceaccount-files/token"
}

test_token_not_found if {
	message := _parsing("failed to find service account volume mount")
	_denied_for({}, {"containers": [{"name": "plain"}]}) == message
	_denied_for({}, {"containers": [{"name": "plain"}], "initContainers": [_web]}) == message
	_denied_for({"agent-configmap": "c", "auth-type": "approle"}, {"containers": []}) == message
}

test_token_named_and_mounted if {
	mount := {"name": "vault-token", "mountPath": "/tokens/"}
	emitted := _emitted_for(_asks_by_name, {
		"containers": [{"name": "a", "volumeMounts": [mount]}],
		"volumes": [_projected(_has_path)],
	})
	emitted.token == {"volume": "vault-token", "path": "/tokens/"}
	emitted.authConfig.token_path == "/tokens/vault-token"
}

test_token_named_and_not_mounted if {
	emitted := _emitted_for(_asks_by_name, {"volumes": [_projected(_has_path)]})
	emitted.token == {"volume": "vault-token", "path": "/var/run/secrets/vault.hashicorp.com/serviceaccount"}
}

test_token_named_errors if {
	_denied(_asks_by_name) == _parsing(`failed to find service account volume "vault-token"`)
	mounts := {"containers": [{"name": "a", "volumeMounts": [{"name": "vault-token", "mountPath": "/t"}]}]}
	_denied_for(_asks_by_name, mounts) == _parsing(`failed to find volume "vault-token" in Pod "" volumes`)
	every sources in [[], [{"serviceAccountToken": {}}], [{"serviceAccountToken": {"path": ""}}]] {
		message := `failed to find tokenPath for projected volume "vault-token"`
		_denied_for(_asks_by_name, {"volumes": [_projected(sources)]}) == _parsing(message)
	}
}

test_token_error_quotes_as_go if {
	message := _parsing(`failed to find service account volume "a\"b\n"`)
	_denied({"agent-service-account-token-volume-name": "a\"b\n"}) == message
}

test_token_incomplete if {
	message := _validating("no service account token volume name, mount path or token path found")
	_denied_for(_asks_by_name, {
		"containers": [{"name": "a", "volumeMounts": [{"name": "vault-token"}]}],
		"volumes": [_projected(_has_path)],
	}) == message
	every nameless in [{"name": "", "mountPath": "/serviceaccount"}, {"mountPath": "/serviceaccount"}] {
		_denied_for({}, {"containers": [{"name": "a", "volumeMounts": [nameless]}]}) == message
	}
}
