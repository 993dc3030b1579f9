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

test_secrets_hook_unsupported if {
	answer := decision with input as _review({"secrets-hook": "y"}) with data.podgraft.config.talend_vsi.hook.handler as "httpGet"
	answer.denials[0].message == "Unsupported lifecycle hook. Only support Exec type"
	without := decision with input as _review({}) with data.podgraft.config.talend_vsi.hook.handler as "httpGet"
	without.injections
}
