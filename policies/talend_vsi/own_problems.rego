package podgraft.systems.talend_vsi

import data.podgraft.lib.containers
import data.podgraft.lib.name
import data.podgraft.lib.pod
import data.podgraft.lib.port
import data.podgraft.lib.quantity
import data.podgraft.lib.shell

# What is wrong with the pod that the original lets through.
_own_problem := _say("mode_unknown", $"Submitted pod makes use of unsupported mode '{_given.mode}'") if {
	not _modes
} else := _files_problem if {
	_has_secrets
	_files_problem
} else := _say(
	"mount_path_unusable",
	$"Submitted pod mounts secrets at '{_unusable_folders[0]}', which cannot stand in a command",
) if {
	_exports_env
	_unusable_folders != []
} else := _say("container_names", "Submitted pod must contain containers with unique names") if {
	not containers.have_unique_names
} else := _settings_problem

_unusable_folders := [folder |
	some container in pod.containers
	folder := _secrets_folder(container)
	not shell.is_word(folder)
]

# What is wrong with the agent's settings.
_settings_problem := _say(
	"port_invalid",
	$"Submitted pod makes use of unsupported proxy port '{_given["proxy-port"]}'",
) if {
	_has_proxy
	not _proxy_port
} else := _say(
	"ca_secret_invalid",
	$"Submitted pod makes use of '{_text("vault-ca-secret")}', which is no name of a Secret",
) if {
	not name.is_subdomain(_text("vault-ca-secret"))
} else := _say("quantity_invalid", _amount_faults[0]) if {
	_amount_faults != []
} else := _say("address_missing", "Vault server's address must be specified") if {
	_config.vault.address == ""
	not _text("vault-address")
}

_proxy_port := 8200 if {
	not _text("proxy-port")
} else := port.parse(_text("proxy-port"))

_amount_faults := [$"Submitted pod makes use of unsupported quantity '{text}' in annotation '{_key(row)}': {fault}" |
	some row in _amount_names
	text := _text(row)
	fault := quantity.error(text)
]

_amount_names := sort([row | some row, _ in _tables.resources])
