package podgraft.systems.talend_vsi

_env := {"secrets-type": "static", "secrets-injection-method": "env"}

test_command_missing if {
	every command in [{}, {"command": []}] {
		bare := object.union({"name": "bare", "volumeMounts": [_account]}, command)
		_denied_for(_env, {"containers": [_web, bare]}) == "No explicit command found for container bare"
		_emitted_for({"secrets-type": "static"}, {"containers": [_web, bare]})
	}
}

test_job_containers if {
	two := {"containers": [_web, _named("b")]}
	_denied_for({"mode": "job"}, two) == "Submitted pod should contain only one container"
	_denied_for({"mode": "job", "secrets-type": "static"}, two) == "Submitted pod should contain only one container"
	native := decision with input as _review_of({"mode": "job"}, two) with data.podgraft.config.talend_vsi.nativeSidecars as "jobs"
	native.injections
}
