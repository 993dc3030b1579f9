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

# Each problem stands before those that come later in the original, and these before what only podgraft refuses.
test_problem_first_one_counts if {
	wrong := [
		["auth", "ldap", "auth_unknown"],
		["sa-token", "/nowhere", "token_not_mounted"],
		["secrets-type", "sticky", "type_unknown"],
		["secrets-injection-method", "envvars", "method_unknown"],
		["secrets-path", "a,", "paths_count"],
		["secrets-hook", "on", "hook_in_job"],
		["secrets-destination", "a/b", "job_containers"],
	]
	every index, row in wrong {
		given := {name: text | some [name, text, _] in array.slice(wrong, index, count(wrong))}
		answer := _decide_for(object.union(given, {"mode": "job"}), {"containers": [_web, _named("b")]})
		answer.denials[0].code == row[2]
	}
}

test_problem_own_ones_last if {
	answer := decision with input as _unlabelled({"mode": "Proxy"}, ["com.talend.application"])
	answer.denials[0].code == "role_missing"
	_denied_by({"mode": "Proxy", "sa-token": "/nowhere"}) == "token_not_mounted"
	_denied_by({"mode": "Proxy", "secrets-destination": "a/b", "proxy-port": "x"}) == "mode_unknown"
	_denied_by({"mode": "secrets,proxy", "secrets-destination": "a/b", "proxy-port": "x"}) == "destination_invalid"
	crowded := _decide_for({"mode": "foo", "workload": "job"}, {"containers": [_web, _named("b")]})
	crowded.denials[0].code == "job_containers"
	env := {"secrets-type": "static", "secrets-injection-method": "env", "secrets-destination": "a/b"}
	answered := _decide_for(env, {"containers": [_web, {"name": "bare"}]})
	answered.denials[0].code == "command_missing"
}

# Annotations of a mode that is off are not looked at.
test_problem_only_of_modes_that_are_on if {
	_emitted({"mode": "proxy", "secrets-type": "sticky", "secrets-destination": "a/b"})
	_emitted({"proxy-port": "http"})
	answer := decision with input as _unlabelled({"mode": "proxy"}, ["com.talend.service"])
	answer.injections
}
