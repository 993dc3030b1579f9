package podgraft.systems.talend_vsi

import data.podgraft.lib.containers

_auth := _word("auth", "kubernetes")

# The Vault role; AppRole needs none.
_role := role if {
	role := _text("role")
} else := _application

_default_token_folder := "/var/run/secrets/kubernetes.io/serviceaccount"

# The folder of the token that the agent logs in with.
_token_folder := trim_suffix(_text("sa-token"), "/token") if {
	_text("sa-token")
} else := _default_token_folder

# The volume of that token. An AppRole login uses none, so there need not be any.
_token_volume := containers.volume_at(_token_folder)

# The volume of the token that the babysitter asks the API server with.
_default_token_volume := containers.volume_at(_default_token_folder)

# The folder of a token that is needed and not mounted.
_missing_token_folder := _default_token_folder if {
	_needs_default_token
	not _default_token_volume
} else := _token_folder if {
	_needs_token
	not _token_volume
}

_needs_token if _auth == "kubernetes"

# A folder of the pod's own choice is there, whoever needs it.
_needs_token if _token_folder != _default_token_folder

_needs_default_token if _needs_babysitter

_needs_default_token if {
	_auth == "kubernetes"
	_token_folder == _default_token_folder
}

# The login method's path, unless it is the one that configuration gives.
_auth_path := path if {
	path := _text("vault-auth-path")
} else := _config.vault.approlePath if {
	_auth == "approle"
}
