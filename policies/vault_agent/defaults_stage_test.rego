package podgraft.systems.vault_agent

test_defaults_problem_namespace_missing if {
	answer := decision with input as object.union(_review({}), {"request": {"namespace": ""}})
	answer.denials[0].message == "error adding default annotations: kubernetes namespace required"
	without := decision with input as object.remove(_review({}).request, ["namespace"])
	without.skips
}

test_defaults_problem_backoffs if {
	minimum := "error parsing min backoff as duration: time: "
	_denied({"auth-min-backoff": "5"}) == _defaulting(concat("", [minimum, `missing unit in duration "5"`]))
	maximum := "error parsing max backoff as duration: time: "
	_denied({"auth-max-backoff": "a while"}) == _defaulting(concat("", [maximum, `invalid duration "a while"`]))
	all_broken := {"auth-max-backoff": "x", "auth-min-backoff": "y", "agent-json-patch": "z"}
	_denied(all_broken) == _defaulting(concat("", [minimum, `invalid duration "y"`]))
}

test_defaults_problem_backoffs_fine if {
	every text in ["", "1s", "1m"] { _decide({"auth-min-backoff": text, "auth-max-backoff": text}).injections }
}

test_defaults_problem_json_patches if {
	mistakes := {
		"{": "unexpected end of JSON input",
		"{}": "json: cannot unmarshal object into Go value of type jsonpatch.Patch",
		"true": "json: cannot unmarshal bool into Go value of type jsonpatch.Patch",
		"[{}, 1]": "json: cannot unmarshal number into Go value of type jsonpatch.Operation",
	}
	every key in ["agent-json-patch", "agent-init-json-patch"] {
		every text, mistake in mistakes {
			place := concat("", ["annotation vault.hashicorp.com/", key])
			message := concat("", ["error parsing JSON patch for ", place, ": ", mistake])
			_denied({key: text}) == _defaulting(message)
		}
	}
}

test_defaults_problem_json_patches_fine if {
	every text in ["", "null", "[]", "[null]", "[{}]"] {
		_decide({"agent-json-patch": text, "agent-init-json-patch": text}).injections
	}
}
