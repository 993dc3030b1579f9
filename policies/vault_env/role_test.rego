package podgraft.systems.vault_env

_error_of(role) := trim_prefix(
	_denied({"vault-role": role}).message,
	"could not mutate object: failed to create Vault mutator: failed to load Vault configuration: ",
)

test_role_source if {
	_emitted({}).role == "shop-web"
	_emitted({"vault-role": "own"}).role == "own"
	_emitted({"vault-role": ""}).role == ""
	_emitted({}).role == "usual" with data.podgraft.config.vault_env as _configured({"defaults": {"vault-role": "usual"}})
	answer := decision with input as {"request": {"object": {"spec": {"containers": [_web]}}}}
	answer.injections[0].parameters.role == ""
}

test_role_variables if {
	role := "{{.authmethod}}|{{ .name }}|{{\t.namespace\n}}|{{.path}}|{{.serviceaccount}}!"
	_emitted({"vault-role": role, "vault-serviceaccount": "bob", "vault-path": "a&b"}).role == "jwt|web-0|shop|a&b|bob!"
	_emitted({"vault-role": "}} {{.name}}{{.name}}"}).role == "}} web-0web-0"
}

test_role_literal if {
	_emitted({"vault-role": "a&b<c>'}}{"}).role == "a&b<c>'}}{"
}

test_role_unclosed if {
	_error_of("{{ .name") == "error parsing vault_role: template: vaultRole:1: unclosed action"
	_error_of("a\nb{{.name}}{{") == "error parsing vault_role: template: vaultRole:2: unclosed action"
}

test_role_unknown_variable if {
	_error_of("{{ .team }}") == `error templating vault_role: template: vaultRole:1:3: executing "vaultRole" at <.team>: map has no entry for key "team"`
	_error_of("x\ny-{{.name}}-{{.team}}") == `error templating vault_role: template: vaultRole:2:14: executing "vaultRole" at <.team>: map has no entry for key "team"`
}

test_role_more_than_a_name if {
	every role in ["{{ . }}", "{{ .name | upper }}", "{{ if .name }}x{{ end }}", "{{}}", "{{ .a.b }}", "{{- .name }}"] {
		_error_of(role) == "error parsing vault_role: only names like {{ .namespace }} are filled in: authmethod, name, namespace, path and serviceaccount"
	}
}

test_role_of_bao if {
	container := _changed(_web, {"env": [{"name": "P", "value": "bao:kv#x"}]})
	_emitted_for({"provider": "bao", "bao-role": "{{.path}}"}, {"containers": [container]}).role == "kubernetes"
	contains(_denied({"provider": "bao", "bao-role": "{{.x}}"}).message, "error templating bao_role: template: baoRole:1:2: executing")
}
