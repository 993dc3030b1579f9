package podgraft.systems.talend_vsi

_modes_of(annotations) := answer if {
	answer := _modes with input as _review(annotations)
}

test_modes_default if {
	_modes_of({}) == {"secrets"}
	_modes_of({"mode": ""}) == {"secrets"}
}

test_modes_listed if {
	_modes_of({"mode": "proxy"}) == {"proxy"}
	_modes_of({"mode": "secrets, proxy"}) == {"proxy", "secrets"}
	_modes_of({"mode": "proxy,proxy,foo"}) == {"proxy"}
}

test_modes_job_alone_has_secrets if {
	_modes_of({"mode": "job"}) == {"job", "secrets"}
	_modes_of({"mode": " job,"}) == {"job", "secrets"}
	_modes_of({"mode": "job", "workload": "job"}) == {"job", "secrets"}
	_modes_of({"mode": "proxy,job"}) == {"job", "proxy"}
	_modes_of({"workload": "job"}) == {"job", "secrets"}
	_modes_of({"workload": "job", "mode": "proxy"}) == {"job", "proxy"}
	every text in ["job,job", "job,foo", "foo, job"] { _modes_of({"mode": text}) == {"job"} }
}

test_modes_other_workload_is_ignored if {
	every word in ["Job", "batch", "", "job "] { _modes_of({"workload": word}) == {"secrets"} }
}

test_modes_of_a_long_text if {
	not _modes_of({"mode": concat(",", [word | some _ in numbers.range(1, 200); word := "proxy"])})
}

test_modes_unknown_is_undefined if {
	not _modes_of({"mode": "foo", "workload": "job"})
	every text in ["Proxy", "foo", "foo,bar", "secrets proxy", " ", ",", " , "] { not _modes_of({"mode": text}) }
}

# What each combination injects: an init container, a sidecar, a babysitter.
_shape(annotations) := [
	object.get(emitted, "fetched", null) != null,
	object.get(emitted, "sidecar", true),
	object.get(emitted, "job", null) != null,
] if {
	emitted := _emitted(annotations)
}

test_modes_outcomes if {
	every row in [
		[{}, [false, true, false]],
		[{"secrets-type": "static"}, [true, false, false]],
		[{"secrets-type": "STATIC", "secrets-injection-method": "Env"}, [true, false, false]],
		[{"mode": "job"}, [false, true, true]],
		[{"mode": "job", "secrets-type": "static"}, [true, false, false]],
		[{"mode": "job,job"}, [false, true, true]],
		[{"mode": "job,job", "secrets-type": "static"}, [false, true, true]],
		[{"mode": "proxy"}, [false, true, false]],
		[{"mode": "proxy,job"}, [false, true, true]],
		[{"mode": "secrets,proxy", "secrets-type": "static"}, [true, true, false]],
		[{"mode": "secrets,proxy,job", "secrets-type": "static"}, [true, true, true]],
		[{"mode": "secrets,proxy"}, [false, true, false]],
		[{"mode": "secrets,proxy,job"}, [false, true, true]],
	] {
		_shape(row[0]) == row[1]
	}
}

test_modes_env_init_only_for_env if {
	_emitted({"secrets-type": "static", "secrets-injection-method": "env"}).exportsEnv
	not _emitted({"secrets-type": "static"}).exportsEnv
}

test_modes_native_in_jobs if {
	job := _emitted({"mode": "job"}) with data.podgraft.config.talend_vsi.nativeSidecars as "jobs"
	job.nativeSidecar
	job.sidecar == false
	not job.job
	plain := _emitted({}) with data.podgraft.config.talend_vsi.nativeSidecars as "jobs"
	not plain.nativeSidecar
	static := {"mode": "job", "secrets-type": "static"}
	without := _emitted(static) with data.podgraft.config.talend_vsi.nativeSidecars as "jobs"
	not without.nativeSidecar
}

test_modes_native_always if {
	plain := _emitted({}) with data.podgraft.config.talend_vsi.nativeSidecars as "always"
	plain.nativeSidecar
	plain.sidecar == false
	job := _emitted({"mode": "job"}) with data.podgraft.config.talend_vsi.nativeSidecars as "always"
	not job.job
}
