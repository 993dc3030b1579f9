package podgraft.systems.vault_csi

import data.podgraft.lib.bool
import data.podgraft.lib.text

# What is wrong with the login.
_login_problem := _say(
	"role_missing",
	$"missing 'roleName' in SecretProviderClass definition: the pod needs {_annotation("role")}",
) if {
	_way == "inline"
	not _login_text("role")
} else := _say("login_unreadable", $"{_annotation(_unreadable[0])} has characters that cannot be shown") if {
	_unreadable != []
} else := _say(
	"role_forbidden",
	$"pods of the namespace {_shown(_namespace)} may not use the Vault role {_shown(_forbidden_role)}",
) if {
	_forbidden_role
} else := _say(
	"auth_path_invalid",
	$"{_annotation("auth-path")} is not the path of a login method: {_shown(_wrong_auth_path)}",
) if {
	_wrong_auth_path
} else := _say("tls_skip_verify_invalid", $"{_annotation("tls-skip-verify")}: {_skip_verify_error}") if {
	_skip_verify_error
} else := _say(
	"address_invalid",
	$"{_annotation("vault-address")} begins with none of https://, http:// and unix://: {_shown(_wrong_address)}",
) if {
	_wrong_address
}

_namespace := object.get(input.request, "namespace", "")

# Without a list, every role is allowed; Vault itself says who may log in with it.
_forbidden_role := role if {
	_config.allowedRoles != {}
	role := _login_text("role")
	not role in object.get(_config.allowedRoles, _namespace, object.get(_config.allowedRoles, "*", []))
}

_unreadable := sort([name |
	some name, _ in _login_parameters
	written := _login_text(name)
	not text.is_printable(written)
])

_wrong_auth_path := written if {
	written := _login_text("auth-path")
	not _is_mount(_auth_mount(written))
}

_is_mount(path) if {
	not contains(path, "?")
	not contains(path, "#")
	not _has_part(path, ["", ".", ".."])
}

_skip_verify_error := bool.error(_login_text("tls-skip-verify"))

_wrong_address := written if {
	written := _login_text("vault-address")
	not _is_address(written)
}

_is_address(text) if {
	some scheme in ["https://", "http://", "unix://"]
	startswith(text, scheme)
	text != scheme
}
