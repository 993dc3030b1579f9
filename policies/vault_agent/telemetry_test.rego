package podgraft.systems.vault_agent

_telemetry_of(fields) := emitted.telemetry if {
	emitted := _emitted({concat("", ["agent-telemetry-", name]): text | some name, text in fields})
}

test_telemetry_types if {
	_telemetry_of({
		"prometheus-retention-time": "24h",
		"disable-hostname": "true",
		"prefix-filter": `["+vault.token", "-vault.expire"]`,
		"maximum-gauge-cardinality": "3",
		"statsd_address": "statsd:8125",
		"circonus-api-token": `"quoted"`,
	}) == {
		"prometheus_retention_time": "24h",
		"disable_hostname": true,
		"prefix_filter": ["+vault.token", "-vault.expire"],
		"maximum_gauge_cardinality": 3,
		"statsd_address": "statsd:8125",
		"circonus_api_token": "quoted",
	}
}

test_telemetry_every_field if {
	samples := {"string": "a", "number": "7", "boolean": "true", "array": `["a"]`}
	fields := _tables.telemetry
	emitted := _telemetry_of({replace(name, "_", "-"): samples[type] | some name, type in fields})
	object.keys(emitted) == object.keys(fields)
	count(fields) == 31
}

test_telemetry_zero_values_left_out if {
	_telemetry_of({
		"disable-hostname": "false",
		"num-lease-metrics-buckets": "0",
		"statsd-address": "",
		"prefix-filter": "[]",
		"dogstatsd-tags": "null",
	}) == {}
}

test_telemetry_unknown_left_out if _telemetry_of({"colour": "blue", "": "x"}) == {}

# The original drops the whole stanza for one of these.
test_telemetry_wrong_types_left_out if {
	_telemetry_of({
		"statsd-address": "8125",
		"disable-hostname": "yes",
		"enable-hostname-label": "1",
		"maximum-gauge-cardinality": "3.5",
		"num-lease-metrics-buckets": "1e300",
		"prefix-filter": "[1]",
		"dogstatsd-tags": `"a"`,
		"filter-default": "true",
	}) == {"filter_default": true}
}

test_telemetry_case_does_not_matter if {
	_telemetry_of({"Statsd-Address": "a:1"}) == {"statsd_address": "a:1"}
	_telemetry_of({"STATSD-address": "a:1", "statsd-address": "b:2", "statsd_address": "c:3"}) == {"statsd_address": "c:3"}
}

test_telemetry_configured if {
	configured := {"statsd-address": "all:1", "disable-hostname": "true"}
	without := _emitted({}) with data.podgraft.config.vault_agent.telemetry as configured
	not without.telemetry
	own := {"agent-telemetry-statsd-address": "own:1"}
	emitted := _emitted(own) with data.podgraft.config.vault_agent.telemetry as configured
	emitted.telemetry == {"statsd_address": "own:1", "disable_hostname": true}
}
