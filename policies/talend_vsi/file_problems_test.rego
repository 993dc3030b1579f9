package podgraft.systems.talend_vsi

test_destinations_many if {
	names := concat(",", [format_int(index, 10) | some index in numbers.range(1, 256)])
	given := {"secrets-destination": names, "secrets-path": names}
	count(_emitted(given).refreshed) == 256
	more := {name: concat(",", [text, "257"]) | some name, text in given}
	_denied(more) == "Submitted pod must not contain more than 256 secrets destinations"
}

test_path_empty if {
	every text in [" ", "a,", ","] {
		names := concat(",", [name | some index, _ in split(text, ","); name := concat("", ["x", format_int(index, 10)])])
		_denied({"secrets-path": text, "secrets-destination": names}) == "Submitted pod must not contain an empty secrets path"
	}
}

test_destinations_refused if {
	_denied({"secrets-destination": "a,", "secrets-path": "kv/a,kv/b"}) == "Submitted pod makes use of unsupported secrets destination ''"
	every name in ["../x", "a/b", "/etc/passwd", "..", ".", "a\nb", "a\u0000b"] {
		_denied({"secrets-destination": name}) == concat("", ["Submitted pod makes use of unsupported secrets destination '", name, "'"])
	}
}

test_destinations_accepted if {
	every name in ["a..b", ".env", `x"y`, "${HOME}", "$(id)", "{{ x }}", "blank in it", "żółw", `back\slash`] {
		_emitted({"secrets-destination": name}).refreshed[0].name == name
	}
}

test_destinations_reserved if {
	text := "Submitted pod must not use the name 'vaultinjector-env' as a secrets destination"
	_denied({"secrets-destination": "vaultinjector-env"}) == text
	_denied_by({"secrets-destination": "approle_roleid", "auth": "approle"}) == "destination_reserved"
	_denied_by({"secrets-destination": "approle_secretid", "auth": "approle"}) == "destination_reserved"
	_emitted({"secrets-destination": "approle_roleid"})
}

test_destinations_twice if {
	_denied({"secrets-destination": "b,a,c, a", "secrets-path": "1,2,3,4"}) == "Submitted pod must not contain secrets destination 'a' twice"
}

test_template_large if {
	template := concat("", [_command_placeholder | some _ in numbers.range(1, 101)])
	long := concat("", ["0123456789" | some _ in numbers.range(1, 1000)])
	text := "Submitted pod must not make a secrets template too large with its command"
	_denied({"secrets-template": template, "notify": long}) == text
	_emitted({"secrets-template": "x", "notify": long})
	count(_emitted({"secrets-template": template, "notify": "run"}).refreshed[0].contents) == 303
}

test_kv_version_unknown if {
	_denied({"secrets-kv-version": "3"}) == "Submitted pod makes use of unsupported KV version '3'"
}
