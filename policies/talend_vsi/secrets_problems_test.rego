package podgraft.systems.talend_vsi

test_secrets_texts if {
	every row in [
		[{"secrets-type": "Sticky"}, "Submitted pod makes use of unsupported secrets type 'sticky'"],
		[{"secrets-injection-method": "ENVVARS"}, "Submitted pod makes use of unsupported secrets injection method 'envvars'"],
		[
			{"secrets-injection-method": "env"},
			"Submitted pod uses unsupported combination of secrets injection method 'env' with dynamic secrets",
		],
		[
			{"auth": "AppRole", "secrets-type": "static"},
			"Submitted pod uses unsupported combination of Vault Auth Method 'approle' with static secrets",
		],
		[
			{"secrets-path": "kv/a,kv/b"},
			"Submitted pod must contain same numbers of secrets path and secrets destinations",
		],
		[
			{"secrets-template": "a---b"},
			"Submitted pod must contain same numbers of templates and secrets destinations",
		],
		[{"secrets-path": " "}, "Submitted pod must not contain an empty secrets path"],
		[
			{"mode": "job", "secrets-hook": "on"},
			"Submitted pod uses unsupported combination of 'sidecar.vault.talend.org/secrets-hook' annotation with 'job' mode",
		],
	] {
		_denied(row[0]) == row[1]
	}
}

test_secrets_labels_missing if {
	every label in ["com.talend.application", "com.talend.service"] {
		answer := decision with input as _unlabelled({"role": "r", "secrets-template": "x"}, [label])
		answer.denials[0].message == "Submitted pod must contain labels com.talend.application and com.talend.service"
	}
}

test_secrets_destinations_refused if {
	_denied({"secrets-destination": "a,", "secrets-path": "kv/a,kv/b"}) == "Submitted pod makes use of unsupported secrets destination ''"
	every name in ["../x", "a/b", "/etc/passwd", "..", ".", "a\nb", "a\u0000b"] {
		_denied({"secrets-destination": name}) == concat("", ["Submitted pod makes use of unsupported secrets destination '", name, "'"])
	}
}

test_secrets_destinations_accepted if {
	every name in ["a..b", ".env", `x"y`, "${HOME}", "$(id)", "{{ x }}", "blank in it", "żółw", `back\slash`] {
		_emitted({"secrets-destination": name}).refreshed[0].name == name
	}
}

test_secrets_destinations_reserved if {
	text := "Submitted pod must not use the name 'vaultinjector-env' as a secrets destination"
	_denied({"secrets-destination": "vaultinjector-env"}) == text
	_denied_by({"secrets-destination": "approle_roleid", "auth": "approle"}) == "destination_reserved"
	_denied_by({"secrets-destination": "approle_secretid", "auth": "approle"}) == "destination_reserved"
	_emitted({"secrets-destination": "approle_roleid"})
}

test_secrets_destinations_twice if {
	_denied({"secrets-destination": "b,a,c, a", "secrets-path": "1,2,3,4"}) == "Submitted pod must not contain secrets destination 'a' twice"
}

test_secrets_hook_unsupported if {
	answer := decision with input as _review({"secrets-hook": "y"}) with data.podgraft.config.talend_vsi.hook.handler as "httpGet"
	answer.denials[0].message == "Unsupported lifecycle hook. Only support Exec type"
	without := decision with input as _review({}) with data.podgraft.config.talend_vsi.hook.handler as "httpGet"
	without.injections
}
