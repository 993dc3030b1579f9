package podgraft.systems.vault_env

_commandless := object.remove(_web, ["command", "args"])

_image_fact := {"vault_env/image/registry.shop/web:1": {"entrypoint": ["/entry", "--"], "command": ["/srv/web", "--serve"]}}

_wrapped_web(container, facts) := answer.injections[0].parameters.wrap.web if {
	answer := _decide_with({}, {"containers": [container]}, facts)
}

test_image_lookup if {
	answer := _decide_for({"registry-skip-verify": "true"}, {
		"containers": [_changed(_commandless, {"imagePullPolicy": "Always"}), _changed(_commandless, {"name": "again"})],
		"imagePullSecrets": [{"name": "regcred"}, {"name": ""}, {}],
	})
	answer.lookups == [{
		"key": "vault_env/image/registry.shop/web:1",
		"kind": "image",
		"image": "registry.shop/web:1",
		"namespace": "shop",
		"pullSecrets": ["regcred"],
		"serviceAccount": "shop-web",
		"refresh": true,
		"skipTlsVerify": true,
	}]
}

test_image_lookup_of_a_plain_pod if {
	answer := decision with input as {"request": {"object": {"spec": {"containers": [object.union(_commandless, {"command": []})]}}}}
	answer.lookups[0].namespace == ""
	answer.lookups[0].pullSecrets == []
	answer.lookups[0].serviceAccount == ""
	answer.lookups[0].refresh == false
	answer.lookups[0].skipTlsVerify == false
}

test_image_lookup_of_those_that_may_ask if {
	doubtful := _changed(_commandless, {"env": [], "envFrom": [{"secretRef": {"name": "creds"}}]})
	answer := _decide_for({"vault-role": "x"}, {"containers": [doubtful]})
	[lookup.kind | some lookup in answer.lookups] == ["references", "image"]
}

test_image_lookup_not_needed if {
	not _decide({}).lookups
	not _decide_for({"vault-role": "x"}, {"containers": [object.remove(_plain, ["command"])]}).lookups
}

test_image_command_and_entrypoint if {
	_wrapped_web(_commandless, _image_fact) == {"imageWords": ["/entry", "--", "/srv/web", "--serve"], "words": [], "logLevel": "info"}
}

test_image_own_arguments_replace_its_command if {
	wrapped := _wrapped_web(_changed(_commandless, {"args": ["-x", "$(PORT)"]}), _image_fact)
	wrapped.imageWords == ["/entry", "--"]
	wrapped.words == ["-x", "$(PORT)"]
}

test_image_empty_command_is_none if {
	wrapped := _wrapped_web(_changed(_commandless, {"command": [], "args": []}), _image_fact)
	wrapped.imageWords == ["/entry", "--", "/srv/web", "--serve"]
}

test_image_runs_nothing if {
	answer := _decide_with({}, {"containers": [_commandless]}, {"vault_env/image/registry.shop/web:1": {"entrypoint": [], "command": []}})
	answer.denials[0].code == "nothing_to_run"
	answer.denials[0].message == `could not mutate object: container "web" has no command, and its image neither an entrypoint nor a command`
}

test_image_unknown if {
	every fact in [_no_fact("not_found"), {}, {"entrypoint": ["x"]}, {"entrypoint": ["x"], "command": [1]}, {"entrypoint": null, "command": []}] {
		answer := _decide_with({}, {"containers": [_commandless]}, {"vault_env/image/registry.shop/web:1": fact})
		answer.denials[0].code == "command_unknown"
	}
	answer := _decide_with({}, {"containers": [_commandless]}, {"vault_env/image/registry.shop/web:1": _no_fact("not_found")})
	answer.denials[0].message == `could not mutate object: container "web" has no command, and that of its image is not known: they say no`
}

test_image_unknown_does_not_matter_without_references if {
	doubtful := _changed(_commandless, {"env": [], "envFrom": [{"secretRef": {"name": "creds"}}]})
	facts := {_creds_key: {"keys": []}, "vault_env/image/registry.shop/web:1": _no_fact("not_found")}
	_decide_with({"vault-role": "x"}, {"containers": [doubtful]}, facts).skips[0].code == "no_references"
}

test_image_unknown_with_a_warning if {
	warned := _decide_with({}, {"containers": [_commandless, _changed(_web, {"name": "other"})]}, {}) with data.podgraft.config.vault_env.lookups.withoutImage as "warn"
	object.keys(warned.injections[0].parameters.wrap) == {"other"}
	warned.warnings == [`container "web" has no command, and that of its image is not known: there is no answer to this look-up`]
	alone := _decide_with({}, {"containers": [_commandless]}, {}) with data.podgraft.config.vault_env.lookups.withoutImage as "warn"
	alone.skips[0].code == "no_references"
	count(alone.warnings) == 1
}

_known(images) := _configured({"images": images})

test_image_of_the_configuration if {
	runs := {"entrypoint": ["/known"], "command": []}
	every name in ["registry.shop/web:1", "registry.shop/web"] {
		answer := _decide_for({}, {"containers": [_commandless]}) with data.podgraft.config.vault_env as _known({name: runs})
		answer.injections[0].parameters.wrap.web.imageWords == ["/known"]
	}
	every name in ["registry.shop/web:2", "web", "registry.shop"] {
		answer := _decide_for({}, {"containers": [_commandless]}) with data.podgraft.config.vault_env as _known({name: runs})
		answer.lookups
	}
}

test_image_repository if {
	_repository("redis") == "redis"
	_repository("redis:7") == "redis"
	_repository("localhost:5000/redis") == "localhost:5000/redis"
	_repository("localhost:5000/shop/redis:7") == "localhost:5000/shop/redis"
	_repository("redis@sha256:aa") == "redis"
	_repository("localhost:5000/redis:7@sha256:aa") == "localhost:5000/redis"
}
