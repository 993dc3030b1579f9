package podgraft.systems.talend_vsi

_jwt := {"name": "jwt", "mountPath": "/var/run/jwt"}

_with_jwt := {"containers": [object.union(_web, {"volumeMounts": [_jwt, _account]})]}

_without_token := {"containers": [{"name": "web", "command": ["/srv/web"]}]}

test_role_annotation_beats_label if {
	_emitted({"role": "other"}).role == "other"
	_emitted({"role": ""}).role == "orders"
}

test_role_none_for_approle if {
	emitted := _emitted({"auth": "AppRole", "role": "other"})
	not emitted.role
	emitted.appRole
	emitted.authPath == "auth/approle"
}

test_auth_path_only_where_it_differs if {
	not _emitted({}).authPath
	_emitted({"vault-auth-path": "auth/eks"}).authPath == "auth/eks"
	_emitted({"vault-auth-path": "auth/roles", "auth": "approle"}).authPath == "auth/roles"
}

test_auth_unknown if {
	_denied({"auth": "LDAP"}) == "Submitted pod makes use of unsupported Vault Auth Method 'ldap'"
}

test_token_of_its_own if {
	every path in ["/var/run/jwt", "/var/run/jwt/token"] {
		_emitted_for({"sa-token": path}, _with_jwt).tokenVolume == "jwt"
	}
}

test_token_of_its_own_needs_no_other if {
	_emitted_for({"sa-token": "/var/run/jwt/token"}, {"containers": [{"name": "web", "volumeMounts": [_jwt]}]}).tokenVolume == "jwt"
}

test_token_of_any_container if {
	_emitted_for({}, {"containers": [{"name": "a"}, _web]}).tokenVolume == "account"
}

test_token_not_mounted if {
	_denied_for({}, _without_token) == "Volume Mount for path /var/run/secrets/kubernetes.io/serviceaccount not found in submitted pod"
	_denied({"sa-token": "/nowhere/token"}) == "Volume Mount for path /nowhere not found in submitted pod"
	_denied_for({"sa-token": "/var/run/jwt/"}, _with_jwt) == "Volume Mount for path /var/run/jwt/ not found in submitted pod"
}

test_token_not_needed_for_approle if {
	not _emitted_for({"auth": "approle"}, _without_token).tokenVolume
	_emitted({"auth": "approle"}).tokenVolume == "account"
	_denied({"auth": "approle", "sa-token": "/nowhere"}) == "Volume Mount for path /nowhere not found in submitted pod"
}

test_token_of_the_babysitter if {
	_emitted_for({"mode": "job", "sa-token": "/var/run/jwt"}, _with_jwt).job == {"container": "web", "tokenVolume": "account"}
	_denied_for({"mode": "job", "auth": "approle"}, _without_token) == "Volume Mount for path /var/run/secrets/kubernetes.io/serviceaccount not found in submitted pod"
	_denied_for({"mode": "job", "sa-token": "/var/run/jwt"}, {"containers": [{"name": "web", "volumeMounts": [_jwt]}]}) == "Volume Mount for path /var/run/secrets/kubernetes.io/serviceaccount not found in submitted pod"
}
