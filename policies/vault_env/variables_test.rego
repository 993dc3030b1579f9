package podgraft.systems.vault_env

_variables(text) := _emitted({"vault-agent-configmap": "own", "vault-agent-env-variables": text}).sidecar.variables

test_agent_variables if {
	_variables(`[{"name": "A", "value": "$(X)"}, {"Name": "B"}, {"NAME": "C", "Value": "c", "more": 1}]`) == [
		{"name": "A", "value": "$(X)"},
		{"name": "B", "value": ""},
		{"name": "C", "value": "c"},
	]
	_variables(`[{"name": "A", "value": null, "valueFrom": null}]`) == [{"name": "A", "value": ""}]
	_variables("[]") == []
	_variables("") == []
}

test_agent_variables_from_elsewhere if {
	_variables(`[
		{"Name": "POD", "ValueFrom": {"FieldRef": {"fieldPath": "metadata.name", "APIVERSION": "v1"}}},
		{"name": "CPU", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu", "divisor": "0", "containerName": "x"}}},
		{"name": "S", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k", "optional": true}}},
		{"name": "C", "valueFrom": {"configMapKeyRef": {"name": "c", "key": "k", "optional": "maybe", "newer": 1}}}
	]`) == [
		{"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name", "apiVersion": "v1"}}},
		{"name": "CPU", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu", "divisor": "0", "containerName": "x"}}},
		{"name": "S", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k", "optional": true}}},
		{"name": "C", "valueFrom": {"configMapKeyRef": {"name": "c", "key": "k"}}},
	]
}

test_agent_variables_of_two_minds if {
	_variables(`[{"Name": "a", "name": "b", "value": "x"}]`) == [{"name": "b", "value": "x"}]
	_variables(`[{"name": "a", "valueFrom": {"secretKeyRef": {"name": "s"}, "fieldRef": {"fieldPath": "f"}}}]`) == [{"name": "a", "valueFrom": {"fieldRef": {"fieldPath": "f"}}}]
}

test_agent_variables_unreadable if {
	every text in ["A=b", "{}", `"x"`, "[1]", `[{"value": "x"}]`, `[{"name": 1}]`, `[{"name": "a", "value": 1}]`, `[{"name": "a", "valueFrom": {}}]`, `[{"name": "a", "valueFrom": "x"}]`, "[{}]", "["] {
		answer := _decide({"vault-agent-configmap": "own", "vault-agent-env-variables": text})
		answer.injections[0].parameters.sidecar.variables == []
		answer.warnings == ["secrets-webhook.security.bank-vaults.io/vault-agent-env-variables is no JSON list of variables: no variables are taken"]
	}
}
