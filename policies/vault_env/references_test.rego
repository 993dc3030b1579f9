package podgraft.systems.vault_env

_finds(text) if {
	_is_reference(text) with input as _review({})
}

test_is_reference_prefix if {
	every text in ["vault:", "vault:kv/data/a#b", ">>vault:pki/issue/a#b", "vault:v1:abc"] { _finds(text) }
}

test_is_reference_inline if {
	every text in [
		"${vault:a#b}",
		"pg://${vault:a#user}:${vault:a#pass}@db",
		"$${vault:a#b}",
		"${>vault:a#b}",
		"${>>vault:a#b}",
		"${vault:a#${.p | urlquery}}",
		"${vault:}",
		"${vault:a\n${vault:b}",
		"first line\n${vault:a#b}\nlast line",
	] {
		_finds(text)
	}
}

test_is_reference_none if {
	every text in ["", "vault", "Vault:a", " vault:a", ">vault:a", ">>>vault:a", "x vault:a", "${ vault:a}", "${vault:a", "${vault:a\n}", "${>>>vault:a}", "bao:a", "${vaults:a}"] {
		not _finds(text)
	}
}

test_is_reference_bao if {
	not _is_reference("vault:a") with input as _review({"provider": "bao"})
	every text in ["bao:a", ">>bao:a", "${bao:a}"] {
		_is_reference(text) with input as _review({"provider": "bao"})
	}
}

test_wrapped_by_env if {
	names := object.keys(_emitted_for({}, {
		"initContainers": [_changed(_web, {"name": "migrate"}), _changed(_plain, {"name": "prep"})],
		"containers": [_plain, _web],
	}).wrap)
	names == {"migrate", "web"}
}

test_wrapped_all_by_path if {
	emitted := _emitted_for({"vault-from-path": "kv/data/all"}, {"initContainers": [_changed(_plain, {"name": "prep"})], "containers": [_plain]})
	object.keys(emitted.wrap) == {"plain", "prep"}
	emitted.fromPath == "kv/data/all"
}

test_wrapped_not_by_an_empty_path if {
	_code_for({"vault-from-path": ""}, {"containers": [_plain]}) == "no_references"
}

test_wrapped_not_by_other_variables if {
	odd := [{"name": "A"}, {"name": "B", "value": ""}, {"name": "C", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]
	_code_for({}, {"containers": [_changed(_plain, {"env": odd})]}) == "not_requested"
}

_from_objects := _changed(_plain, {"envFrom": [
	{"configMapRef": {"name": "settings"}},
	{"secretRef": {"name": "creds", "optional": true}},
	{"prefix": "X_"},
	{"configMapRef": {"name": ""}},
]})

_from_keys := _changed(_plain, {"env": [
	{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "dsn"}}},
	{"name": "B", "valueFrom": {"secretKeyRef": {"name": "creds", "key": "pass", "optional": true}}},
	{"name": "C", "valueFrom": {"secretKeyRef": {"name": "creds", "key": "user"}}},
]})

_settings_key := "vault_env/references/configmaps/settings"

_creds_key := "vault_env/references/secrets/creds"

test_wrapped_not_by_what_vault_csi_brings if {
	brought := {"request": {"object": {"metadata": {"annotations": {
		"vault-csi.podgraft.dev/status": "injected",
		"vault-csi.podgraft.dev/env-B": "creds#pass",
	}}}}}
	review := object.union(_review_of({"vault-role": "x"}, {"containers": [_from_keys]}), brought)
	answer := decision with input as review
	[lookup.name | some lookup in answer.lookups] == ["settings", "creds"]
	container := _changed(_plain, {"env": [_from_keys.env[1]]})
	alone := decision with input as object.union(_review_of({"vault-role": "x"}, {"containers": [container]}), brought)
	alone.skips[0].code == "no_references"
}

_always := _configured({"lookups": {"references": "always"}})

test_lookups_of_annotated_pods if {
	every container in [_from_objects, _from_keys] {
		_code_for({}, {"containers": [container]}) == "not_requested"
		answer := _decide_for({"vault-role": "x"}, {"containers": [container]})
		[lookup.key | some lookup in answer.lookups] == [_settings_key, _creds_key]
	}
}

test_lookups_always if {
	answer := _decide_for({}, {"containers": [_from_objects]}) with data.podgraft.config.vault_env as _always
	answer == {"lookups": [
		{
			"key": _settings_key,
			"kind": "references",
			"resource": "configmaps",
			"namespace": "shop",
			"name": "settings",
			"prefixes": ["vault:", ">>vault:"],
			"openings": ["${vault:", "${>vault:", "${>>vault:"],
		},
		{
			"key": _creds_key,
			"kind": "references",
			"resource": "secrets",
			"namespace": "shop",
			"name": "creds",
			"prefixes": ["vault:", ">>vault:"],
			"openings": ["${vault:", "${>vault:", "${>>vault:"],
		},
	]}
}

test_lookups_never if {
	answer := _decide_for({"vault-role": "x"}, {"containers": [_from_objects]}) with data.podgraft.config.vault_env.lookups.references as "never"
	answer.skips[0].code == "no_references"
}

test_lookups_not_for_what_is_known if {
	not _decide_for({"vault-role": "x"}, {"containers": [_changed(_from_objects, {"env": [_secret_variable]})]}).lookups
	not _decide_for({"vault-from-path": "x"}, {"containers": [_from_objects]}).lookups
}

test_lookups_too_many if {
	many := [{"secretRef": {"name": $"s{number}"}} | some number in numbers.range(1, 257)]
	answer := _decide_for({"vault-role": "x"}, {"containers": [_changed(_plain, {"envFrom": many})]})
	answer.denials[0].code == "lookups_too_many"
	few := array.slice(many, 0, 256)
	count(_decide_for({"vault-role": "x"}, {"containers": [_changed(_plain, {"envFrom": few})]}).lookups) == 256
}

_answered(container, facts) := _decide_with({"vault-role": "x"}, {"containers": [container]}, facts)

_is_wrapping(answer) if answer.injections[0].parameters.wrap.plain

_no_fact(code) := {"error": {"code": code, "message": "they say no"}}

test_facts_keys if {
	_is_wrapping(_answered(_from_objects, {_settings_key: {"keys": ["dsn"]}, _creds_key: {"keys": []}}))
	_is_wrapping(_answered(_from_keys, {_settings_key: {"keys": ["dsn", "x"]}, _creds_key: {"keys": []}}))
	_is_wrapping(_answered(_from_keys, {_settings_key: {"keys": []}, _creds_key: {"keys": ["user"]}}))
	_answered(_from_keys, {_settings_key: {"keys": ["other"]}, _creds_key: {"keys": []}}).skips[0].code == "no_references"
	every container in [_from_objects, _from_keys] {
		_answered(container, {_settings_key: {"keys": []}, _creds_key: {"keys": []}}).skips[0].code == "no_references"
	}
}

test_facts_missing_objects_hold_nothing if {
	gone := {_settings_key: _no_fact("not_found"), _creds_key: _no_fact("not_found")}
	every container in [_from_objects, _from_keys] {
		_answered(container, gone).skips[0].code == "no_references"
	}
}

test_facts_unread_optional_objects_hold_nothing if {
	unread := {_settings_key: {"keys": []}, _creds_key: _no_fact("forbidden")}
	_answered(_from_objects, unread).skips[0].code == "no_references"
	_answered(_from_keys, unread).denials[0].code == "references_unknown"
}

test_facts_unread if {
	unread := {_settings_key: _no_fact("forbidden"), _creds_key: {"keys": []}}
	_answered(_from_objects, unread).denials[0] == {
		"system": "vault_env",
		"code": "references_unknown",
		"message": `could not mutate object: cannot tell whether container "plain" takes references from ConfigMap "settings": they say no`,
	}
	found_elsewhere := {_settings_key: _no_fact("forbidden"), _creds_key: {"keys": ["user"]}}
	_is_wrapping(_answered(_from_keys, found_elsewhere))
}

test_facts_misshapen if {
	every fact in [{}, {"keys": "dsn"}, {"error": "no"}, {"error": {"code": 1, "message": "x"}}, null] {
		answer := _answered(_from_objects, {_settings_key: fact, _creds_key: {"keys": []}})
		contains(answer.denials[0].message, "there is no answer to this look-up")
	}
}

test_facts_unread_with_a_warning if {
	unread := {_settings_key: _no_fact("no_adapter"), _creds_key: _no_fact("no_adapter")}
	answer := _answered(_from_objects, unread) with data.podgraft.config.vault_env.lookups.withoutReferences as "warn"
	answer.skips[0].code == "no_references"
	answer.warnings == [`cannot tell whether container "plain" takes references from ConfigMap "settings": they say no`]
}

test_facts_unread_assumed if {
	unread := {_settings_key: _no_fact("no_adapter"), _creds_key: _no_fact("no_adapter")}
	_is_wrapping(_answered(_from_objects, unread)) with data.podgraft.config.vault_env.lookups.withoutReferences as "assume"
}
