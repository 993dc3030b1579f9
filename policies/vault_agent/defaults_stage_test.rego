package podgraft.systems.vault_agent

test_defaults_problem_namespace_missing if {
	answer := decision with input as object.union(_review({}), {"request": {"namespace": ""}})
	answer.denials[0].message == "error adding default annotations: kubernetes namespace required"
	without := decision with input as object.remove(_review({}).request, ["namespace"])
	without.skips
}

test_defaults_problem_backoffs if {
	_denied({"auth-min-backoff": "5"}) == `error adding default annotations: error parsing min backoff as duration: time: missing unit in duration "5"`
	_denied({"auth-max-backoff": "a while"}) == `error adding default annotations: error parsing max backoff as duration: time: invalid duration "a while"`
	_denied({"auth-max-backoff": "x", "auth-min-backoff": "y", "agent-json-patch": "z"}) == `error adding default annotations: error parsing min backoff as duration: time: invalid duration "y"`
}

test_defaults_problem_backoffs_fine if {
	every text in ["", "1s", "1m"] { _decide({"auth-min-backoff": text, "auth-max-backoff": text}).injections }
}

test_defaults_problem_json_patches if {
	every key in ["agent-json-patch", "agent-init-json-patch"] {
		prefix := concat("", ["error adding default annotations: error parsing JSON patch for annotation vault.hashicorp.com/", key, ": "])
		_denied({key: "{"}) == concat("", [prefix, "unexpected end of JSON input"])
		_denied({key: "{}"}) == concat("", [prefix, "json: cannot unmarshal object into Go value of type jsonpatch.Patch"])
		_denied({key: "true"}) == concat("", [prefix, "json: cannot unmarshal bool into Go value of type jsonpatch.Patch"])
		_denied({key: "[{}, 1]"}) == concat("", [prefix, "json: cannot unmarshal number into Go value of type jsonpatch.Operation"])
	}
}

test_defaults_problem_json_patches_fine if {
	every text in ["", "null", "[]", "[null]", "[{}]"] {
		_decide({"agent-json-patch": text, "agent-init-json-patch": text}).injections
	}
}
