package podgraft.systems.talend_vsi

import data.podgraft.lib.quantity
import data.podgraft.lib.url

# METADATA
# description: |
#   What follows from the configuration alone, worked out once: the parameters of a pod without annotations of its own,
#   the values with which nothing can go well, and those that a pod can still repair.
configuration := {
	"parameters": {"talend-vsi": object.union(_layer, _optional)},
	"errors": _amount_errors,
	"doubts": array.concat(
		[{"path": "/vault/address", "message": _address_doubt} | _address_doubt],
		[{"path": "/hook/handler", "message": "pods that ask for the hook are refused unless it is exec"} |
			_config.hook.handler != "exec"
		],
	),
}

_address_doubt := "Vault server's address must be specified" if {
	_config.vault.address == ""
} else := url.unreachable(_config.vault.address)

_layer := {
	"statusKey": _key("status"),
	"address": _config.vault.address,
	"skipVerify": _config.vault.skipVerify,
	"authPath": _config.vault.kubernetesPath,
	"roleIdFile": _config.vault.roleIdFile,
	"secretIdFile": _config.vault.secretIdFile,
	"kv2": _config.kvVersion == "2",
	"image": _config.agent.image,
	"pullPolicy": _config.agent.pullPolicy,
	"logFormat": _config.agent.logFormat,
	"logLevel": _config.agent.logLevel,
	"envInit": _config.envInit,
	"babysitter": _config.babysitter,
}

_optional[name] := text if {
	some name in ["caSecret", "namespace"]
	text := _config.vault[name]
	text != ""
}

_optional["resources"] := _config.agent.resources

_amount_errors := [{"path": concat("/", ["", part, "resources", list, _token(resource)]), "message": message} |
	some part in ["agent", "babysitter", "envInit"]
	some list in ["limits", "requests"]
	some resource in sort([name | some name, _ in _config[part].resources[list]])
	message := quantity.error(_config[part].resources[list][resource])
]

# As a JSON Pointer writes it.
_token(text) := replace(replace(text, "~", "~0"), "/", "~1")
