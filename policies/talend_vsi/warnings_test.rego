package podgraft.systems.talend_vsi

_warned(annotations, spec) := _decide_for(annotations, spec).warnings

test_warnings_unknown_modes if {
	_warned({"mode": "proxy,foo,bar"}, {}) == [
		"sidecar.vault.talend.org/mode: 'foo' is none of secrets, proxy and job",
		"sidecar.vault.talend.org/mode: 'bar' is none of secrets, proxy and job",
	]
}

test_warnings_few if {
	words := [concat("", ["m", format_int(index, 10)]) | some index in numbers.range(1, 20)]
	count(_warned({"mode": concat(",", array.concat(["proxy"], words))}, {})) == 8
}

test_warnings_old_words if {
	_warned({"workload": "job"}, {}) == ["sidecar.vault.talend.org/workload is deprecated: say job in sidecar.vault.talend.org/mode"]
	_warned({"workload": "batch"}, {}) == []
}

test_warnings_lost_hooks if {
	hooked := object.union(_web, {"lifecycle": {"postStart": {"exec": {"command": ["warm"]}}}})
	stopped := object.union(_named("b"), {"lifecycle": {"preStop": {"exec": {"command": ["drain"]}}}})
	spec := {"containers": [hooked, stopped]}
	_warned({"secrets-hook": "y"}, spec) == ["the postStart hook of container web gives way to one that waits for the secrets"]
	_warned({}, spec) == []
}
