package podgraft.systems.vault_agent

_bools := {key |
	some key, row in data.podgraft.tables.vault_agent.annotations
	row.kind == "bool"
	key in data.podgraft.tables.vault_agent.parse_order
	key != "agent-share-process-namespace"
}

test_parse_problem_bools if {
	count(_bools) == 13
	every key in _bools {
		_denied({key: "tRuE"}) == `error creating new agent sidecar: cannot parse '' as bool: strconv.ParseBool: parsing "tRuE": invalid syntax`
	}
}

test_parse_problem_integers if {
	_denied({"agent-run-as-user": "root"}) == `error creating new agent sidecar: strconv.ParseInt: parsing "root": invalid syntax`
	_denied({"agent-run-as-group": "1.5"}) == `error creating new agent sidecar: strconv.ParseInt: parsing "1.5": invalid syntax`
	_denied({"template-max-connections-per-host": "99999999999999999999"}) == `error creating new agent sidecar: strconv.ParseInt: parsing "99999999999999999999": value out of range`
}

test_parse_problem_grace if {
	every text in ["", "-1", "foobar"] {
		_denied({"agent-revoke-grace": text}) == concat("", [
			`error creating new agent sidecar: strconv.ParseUint: parsing "`,
			text,
			`": invalid syntax`,
		])
	}
	every text in ["5", "0", "01"] { _decide({"agent-revoke-grace": text}).injections }
}

test_parse_problem_threshold if {
	_denied({"template-lease-renewal-threshold": ""}) == `error creating new agent sidecar: strconv.ParseFloat: parsing "": invalid syntax`
}

test_parse_problem_default_template if {
	_denied({"agent-inject-default-template": "YAML"}) == "error creating new agent sidecar: invalid default template type: yaml"
	_denied({"agent-inject-default-template": ""}) == "error creating new agent sidecar: invalid default template type: "
	_decide({"agent-inject-default-template": "JSON"}).injections
}

test_parse_problem_secret_option if {
	_denied({"agent-inject-secret-a": "x", "error-on-missing-key-a": "maybe", "agent-init-first": "y"}) == `error creating new agent sidecar: cannot parse '' as bool: strconv.ParseBool: parsing "maybe": invalid syntax`
	_decide({"error-on-missing-key-a": "maybe"}).injections
}

# Every setting broken at once, and then one less from the front.
test_parse_problem_order if {
	order := data.podgraft.tables.vault_agent.parse_order
	every index, key in order {
		broken := {later: concat("", ["bad", format_int(position, 10)]) |
			some position, later in order
			position >= index
		}
		contains(_denied(broken), broken[key])
	}
}

test_parse_problem_process_namespace if {
	_denied({"agent-share-process-namespace": "both"}) == `error creating new agent sidecar: invalid value both for annotation "vault.hashicorp.com/agent-share-process-namespace", err=cannot parse '' as bool: strconv.ParseBool: parsing "both": invalid syntax`
	_denied_for({"agent-share-process-namespace": "true"}, {"shareProcessNamespace": false}) == "error creating new agent sidecar: shareProcessNamespace explicitly disabled on the pod, refusing to enable it"
	_emitted_for({"agent-share-process-namespace": "false"}, {"shareProcessNamespace": true}).shareProcessNamespace == false
	_emitted({"agent-share-process-namespace": "true"}).shareProcessNamespace == true
	_emitted({"agent-share-process-namespace": "true", "agent-pre-populate": "false"}).shareProcessNamespace == true
}

test_parse_problem_configured_identity if {
	message := `error creating new agent sidecar: strconv.ParseInt: parsing "nobody": invalid syntax`
	_denied({}) == message with data.podgraft.config.vault_agent.defaults as _defaults({"agent-run-as-user": "nobody"})
	_denied({}) == message with data.podgraft.config.vault_agent.defaults as _defaults({"agent-run-as-group": "nobody"})
	_emitted({"agent-run-as-user": "7"}).security.user == 7 with data.podgraft.config.vault_agent.defaults as _defaults({"agent-run-as-user": "nobody"})
}
