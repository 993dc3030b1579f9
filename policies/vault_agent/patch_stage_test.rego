package podgraft.systems.vault_agent

test_patch_problem_numbers_without_words_in_json if {
	every text, word in {"NaN": "NaN", "Inf": "+Inf", "-inf": "-Inf"} {
		_denied({"template-lease-renewal-threshold": text}) == _patching(concat("", ["json: unsupported value: ", word]))
	}
}

test_patch_problem_numbers_that_are_not_written if {
	_emitted({"template-lease-renewal-threshold": "NaN", "agent-configmap": "own"}).leaseRenewalThreshold == null
}

test_patch_problem_number_before_quantity if {
	contains(_denied({"template-lease-renewal-threshold": "NaN", "agent-limits-cpu": "x"}), "NaN")
}

test_patch_problem_secret_file_outside if {
	escaping := {"agent-inject-secret-a": "kv/a", "agent-inject-file-a": "../../etc/passwd"}
	_denied(escaping) == _patching(`the file of secret "a" lies outside its folder /vault/secrets`)
	_denied({"agent-inject-secret-..": "kv/a"})
	_denied({"agent-inject-secret-../../x": "kv/a"})
	secret := {"agent-inject-secret-a": "kv/a", "secret-volume-path": "x/y"}
	every text in ["../a", "b/../../a", "..", ".", "/../a"] {
		_denied(object.union(secret, {"agent-inject-file-a": text}))
	}
}

test_patch_problem_secret_file_inside if {
	_decide({"agent-inject-secret-x/y": "kv/a"}).injections
	every text in ["a/../b", "..a", "/etc/passwd", "a/..b/c"] {
		_decide({"agent-inject-secret-a": "kv/a", "agent-inject-file-a": text}).injections
	}
}

test_patch_problem_mount_twice if {
	message := _patching("two volumes would be mounted at /home/vault in the agent")
	_denied({"secret-volume-path": "/home/vault"}) == message
	_denied({"tls-secret": "t", "agent-inject-secret-a": "x", "secret-volume-path-a": "/vault/tls"})
	_denied({"agent-cache-enable": "true", "secret-volume-path": "/vault/agent-cache"})
	_denied({"agent-configmap": "c", "secret-volume-path": "/vault/configs"})
	_denied({"agent-extra-secret": "s", "secret-volume-path": "/vault/custom"})
	spec := {"containers": [{"name": "a", "volumeMounts": [_token_mount, {"name": "x", "mountPath": "/home/vault"}]}]}
	_denied_for({"agent-copy-volume-mounts": "a"}, spec)
}

test_patch_problem_mount_once if {
	_decide({"secret-volume-path": "/vault/tls"}).injections
	neither := {"secret-volume-path": "/home/vault", "agent-pre-populate": "false", "agent-pre-populate-only": "true"}
	_decide(neither).injections
}

test_patch_problem_container_names if {
	message := _patching("the containers of the pod do not have unique names")
	_denied_for({}, {"containers": [_web, _web]}) == message
	_denied_for({}, {"initContainers": [_web]}) == message
	_denied_for({}, {"initContainers": [{"image": "x"}]}) == message
	_denied_for({}, {"initContainers": [{"name": ""}]}) == message
}
