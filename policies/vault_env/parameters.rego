package podgraft.systems.vault_env

import data.podgraft.lib.bool
import data.podgraft.lib.duration
import data.podgraft.lib.integer

# METADATA
# description: |
#   What the template needs beyond what configuration gives it: the parameters that follow from the pod, and those that
#   its annotations change.
parameters := object.union(_settings, _graft)

# Configuration speaks to one provider; a pod that names the other one gets all of that one's settings said.
_changes := _said if {
	_provider == _configured_provider
} else := object.union(_settings_of(_config.defaults), _said)

_configured_provider := _config.provider if {
	_config.provider != ""
} else := "vault"

_settings[row.parameter] := value if {
	some setting, text in _changes
	row := _row(setting)
	value := _parameter(row.kind, text)
}

_settings[name] := word if {
	_provider != _configured_provider
	some name, word in _names
}

_settings["skipVerify"] := _skip_verify if _changes["skip-verify"]

# Null takes away what a lower layer gave.
_parameter("text", text) := text

_parameter("address", text) := trim_space(text)

_parameter("optional", text) := text if {
	text != ""
} else := null

_parameter("bool", text) if {
	bool.parse(text)
} else := false

_parameter("duration", text) := duration.canonical(text) if {
	not duration.error(text)
} else := "0s"

_parameter("positive", text) := duration.canonical(text) if {
	duration.nanoseconds(text) > 0
} else := null

_parameter("batch", text) := format_int(number, 10) if {
	number := integer.parse(text)
	number > 0
} else := "25"

_parameter("pull-policy", text) := object.get(_tables.pull_policies, text, "IfNotPresent")

_parameter("helper", text) := text if {
	text != ""
} else := _tables.helpers[_config.helper.name].image

# From the pod, in every review. What stands below a security context has to be said each time.
_graft["wrap"] := _wrap

_graft["readers"] := _readers

_graft["role"] := _role

_graft["security"] := _security

_graft["sharesProcesses"] := _shares_processes

_graft["tls"] := _tls if _value("tls-secret") != ""

_graft["hasTokenFile"] if _has_token_file

_graft["copiesHelper"] if _wrapped != []

_graft["tokenSource"] := _token_source if _copies_token

_graft["tokenMount"] := _token_mount if _has_agent

_graft["loginAgent"] if _has_login_agent

_graft["loginConfigMap"] := _login_config_map if _login_config_map != null

_graft["loginToken"] := _login_token

_graft["filesVolume"] := _files_volume if _brings_files

_graft["filesPath"] := _files_path if _brings_files

_graft["agentFiles"] := _value("agent-configmap") if _value("agent-configmap") != ""

_graft["sidecar"] := {
	"exitsAfterLogin": _switch("agent-once"),
	"resources": _agent_resources,
	"variables": _agent_variables,
} if {
	_has_sidecar
}

_graft["consulTemplate"] := {
	"configMap": _value("ct-configmap"),
	"image": _value("ct-image"),
	"pullPolicy": _parameter("pull-policy", _value("ct-pull-policy")),
	"limits": _template_limits,
	"once": _switch("ct-once"),
	"stays": _stays,
} if {
	_has_consul_template
}

_has_agent if _has_login_agent

_has_agent if _has_sidecar

# The volume with the certificate authority is named for the provider, or for the helper where the pod has one so named.
_tls := {"secret": _value("tls-secret"), "owner": _config.helper.name} if {
	some volume in input.request.object.spec.volumes
	volume.name == concat("-", [_provider, "tls"])
} else := {"secret": _value("tls-secret"), "owner": _provider}

_stays := false if {
	_is_on("ct-once")
} else := true

_skip_verify := "true" if {
	_skips_verification
} else := "false"
