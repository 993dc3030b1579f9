package podgraft.systems.vault_csi

_login_of(annotations) := object.remove(_emitted(_inline(annotations)).attributes, ["objects", "secretProviderClass"])

test_login_of_annotations if {
	_login_of({
		"role": "app",
		"audience": "vault",
		"namespace": "eu/shop",
		"vault-address": "https://vault:8200",
		"auth-path": "/auth/k8s-eu/",
		"tls-skip-verify": "T",
	}) == {
		"roleName": "app",
		"audience": "vault",
		"vaultNamespace": "eu/shop",
		"vaultAddress": "https://vault:8200",
		"vaultAuthMountPath": "k8s-eu",
		"vaultSkipTLSVerify": "true",
	}
}

test_login_auth_path if {
	every text, mount in {"auth/k8s-eu": "k8s-eu", "k8s-eu": "k8s-eu", "auth/a/b": "a/b", "auth/auth/x": "auth/x", "auth": "auth"} {
		_login_of({"auth-path": text}).vaultAuthMountPath == mount
	}
}

test_login_auth_path_by_its_older_name if {
	older := _configured({"inline": {"authPathParameter": "vaultKubernetesMountPath"}})
	_login_of({"auth-path": "eu"}) == {"roleName": "shop", "vaultKubernetesMountPath": "eu"} with data.podgraft.config.vault_csi as older
}

test_login_of_defaults if {
	defaults := _configured({"defaults": {"audience": "vault", "tls-skip-verify": "0"}})
	_login_of({}) == {"roleName": "shop", "audience": "vault", "vaultSkipTLSVerify": "false"} with data.podgraft.config.vault_csi as defaults
	_login_of({"audience": "eu"}).audience == "eu" with data.podgraft.config.vault_csi as defaults
}

test_login_does_not_name_an_address_unless_asked if not _login_of({}).vaultAddress
