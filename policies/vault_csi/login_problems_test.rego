package podgraft.systems.vault_csi

test_role_missing if {
	_denied(_inline({"role": ""})) == `missing 'roleName' in SecretProviderClass definition: the pod needs annotation "vault-csi.podgraft.dev/role"`
	_decide(_inline({"role": ""})).injections with data.podgraft.config.vault_csi as _configured({"defaults": {"role": "shop"}})
}

test_role_forbidden if {
	lists := _configured({"allowedRoles": {"shop": ["shop", "web"], "*": ["common"]}})
	_decide(_inline({"role": "web"})).injections with data.podgraft.config.vault_csi as lists
	_denied_by(_inline({"role": "admin"})) == "role_forbidden" with data.podgraft.config.vault_csi as lists
	_denied_by(_inline({"role": "common"})) == "role_forbidden" with data.podgraft.config.vault_csi as lists
}

test_role_of_other_namespaces if {
	others := _configured({"allowedRoles": {"*": ["common"]}})
	_decide(_inline({"role": "common"})).injections with data.podgraft.config.vault_csi as others
	none := _configured({"allowedRoles": {"other": ["shop"]}})
	_denied_by(_inline({})) == "role_forbidden" with data.podgraft.config.vault_csi as none
}

test_role_of_a_class_is_not_known if {
	none := _configured({"allowedRoles": {"other": ["shop"]}})
	_decide(_by_class({})).injections with data.podgraft.config.vault_csi as none
}

test_login_unreadable if {
	_decide(_inline({"role": `"größe" \ ${x} $(Y) {{z}}`})).injections
	every name in ["role", "audience", "namespace", "auth-path", "vault-address"] {
		_denied_by(_inline({name: "a\nb"})) == "login_unreadable"
	}
}

test_auth_path_invalid if {
	every text in ["/", "auth/", "a//b", "a/../b", "../x", "a?b", "a#b", "."] {
		_denied_by(_inline({"auth-path": text})) == "auth_path_invalid"
	}
}

test_tls_skip_verify_invalid if {
	_denied_by(_inline({"tls-skip-verify": "yes"})) == "tls_skip_verify_invalid"
	contains(_denied(_inline({"tls-skip-verify": "yes"})), `strconv.ParseBool: parsing "yes": invalid syntax`)
}

test_address_invalid if {
	_decide(_inline({"vault-address": "unix:///var/run/vault/agent.sock"})).injections
	every text in ["vault:8200", "https://", "ftp://vault", "HTTP//x"] {
		_denied_by(_inline({"vault-address": text})) == "address_invalid"
	}
}
