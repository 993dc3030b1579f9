package podgraft.systems.talend_vsi

test_problem_no_container if {
	_denied_for({}, {"containers": []}) == "Submitted pod must contain at least one container"
}

test_problem_no_known_mode if {
	_denied({"mode": "Proxy"}) == "Submitted pod makes use of unsupported mode 'Proxy'"
	_denied({"mode": "foo, bar"}) == "Submitted pod makes use of unsupported mode 'foo, bar'"
}

test_problem_no_role if {
	answer := decision with input as _unlabelled({"secrets-path": "kv/x"}, ["com.talend.application"])
	answer.denials[0].message == "Submitted pod must contain label com.talend.application"
}

# Each problem stands before those that come later in the original.
test_problem_first_one_counts if {
	wrong := {
		"auth": "ldap",
		"mode": "Proxy",
		"sa-token": "/nowhere",
		"secrets-type": "sticky",
		"secrets-injection-method": "envvars",
	}
	_denied_by(wrong) == "auth_unknown"
	_denied_by(object.remove(wrong, ["auth"])) == "mode_unknown"
	_denied_by(object.remove(wrong, ["auth", "mode"])) == "token_not_mounted"
	_denied_by(object.remove(wrong, ["auth", "mode", "sa-token"])) == "type_unknown"
	_denied_by({"secrets-injection-method": "envvars"}) == "method_unknown"
}

# Annotations of a mode that is off are not looked at.
test_problem_only_of_modes_that_are_on if {
	_emitted({"mode": "proxy", "secrets-type": "sticky", "secrets-destination": "a/b"})
	_emitted({"proxy-port": "http"})
	answer := decision with input as _unlabelled({"mode": "proxy"}, ["com.talend.service"])
	answer.injections
}
