package podgraft.systems.vault_agent

_bools := {key |
	some key, row in _tables.annotations
	row.kind == "bool"
	key in _tables.parse_order
	key != "agent-share-process-namespace"
}

test_parse_problem_bools if {
	count(_bools) == 13
	every key in _bools {
		_denied({key: "tRuE"}) == _parsing(_no_bool("tRuE"))
	}
}

test_parse_problem_integers if {
	_denied({"agent-run-as-user": "root"}) == _parsing(`strconv.ParseInt: parsing "root": invalid syntax`)
	_denied({"agent-run-as-group": "1.5"}) == _parsing(`strconv.ParseInt: parsing "1.5": invalid syntax`)
	huge := `strconv.ParseInt: parsing "99999999999999999999": value out of range`
	_denied({"template-max-connections-per-host": "99999999999999999999"}) == _parsing(huge)
}

test_parse_problem_grace if {
	every text in ["", "-1", "foobar"] {
		message := concat("", [`strconv.ParseUint: parsing "`, text, `": invalid syntax`])
		_denied({"agent-revoke-grace": text}) == _parsing(message)
	}
	every text in ["5", "0", "01"] { _decide({"agent-revoke-grace": text}).injections }
}

test_parse_problem_threshold if {
	_denied({"template-lease-renewal-threshold": ""}) == _parsing(`strconv.ParseFloat: parsing "": invalid syntax`)
}

test_parse_problem_default_template if {
	_denied({"agent-inject-default-template": "YAML"}) == _parsing("invalid default template type: yaml")
	_denied({"agent-inject-default-template": ""}) == _parsing("invalid default template type: ")
	_decide({"agent-inject-default-template": "JSON"}).injections
}

test_parse_problem_secret_option if {
	broken := {"agent-inject-secret-a": "x", "error-on-missing-key-a": "maybe", "agent-init-first": "y"}
	_denied(broken) == _parsing(_no_bool("maybe"))
	_decide({"error-on-missing-key-a": "maybe"}).injections
}

# Every setting broken at once, and then one less from the front.
test_parse_problem_order if {
	order := _tables.parse_order
	every index, key in order {
		broken := {later: concat("", ["bad", format_int(position, 10)]) |
			some position, later in order
			position >= index
		}
		contains(_denied(broken), broken[key])
	}
}

test_parse_problem_process_namespace if {
	key := "agent-share-process-namespace"
	unreadable := concat("", [`invalid value both for annotation "vault.hashicorp.com/`, key, `", err=`, _no_bool("both")])
	_denied({key: "both"}) == _parsing(unreadable)
	refused := "shareProcessNamespace explicitly disabled on the pod, refusing to enable it"
	_denied_for({key: "true"}, {"shareProcessNamespace": false}) == _parsing(refused)
	_emitted_for({key: "false"}, {"shareProcessNamespace": true}).shareProcessNamespace == false
	_emitted({key: "true"}).shareProcessNamespace == true
	_emitted({key: "true", "agent-pre-populate": "false"}).shareProcessNamespace == true
}

test_parse_problem_configured_identity if {
	message := _parsing(`strconv.ParseInt: parsing "nobody": invalid syntax`)
	_denied_under({"agent-run-as-user": "nobody"}, {}) == message
	_denied_under({"agent-run-as-group": "nobody"}, {}) == message
	_emitted_under({"agent-run-as-user": "nobody"}, {"agent-run-as-user": "7"}).security.user == 7
}
