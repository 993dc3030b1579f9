package podgraft.systems.vault_agent

# The telemetry stanza: what can be read, and is not zero. The original drops all of it for one value of a wrong type.
_telemetry := {name: value |
	some name, text in _telemetry_texts
	type := _tables.telemetry[name]
	value := _json_or_text(text)
	_is_telemetry(type, value)
}

# Case does not matter; where two names differ in it only, the last in alphabetical order counts.
_telemetry_texts := {name: text |
	texts := object.union(_fields(_config.telemetry, ""), _fields(_given, "agent-telemetry-"))
	names := sort([[lower(name), name] | some name, _ in texts])
	some index, [name, spelling] in names
	not names[index + 1][0] == name
	text := texts[spelling]
}

_json_or_text(text) := parsed.value if {
	parsed := podgraft.parse_json(text)
	parsed.error == ""
} else := text

_is_telemetry("string", value) if {
	is_string(value)
	value != ""
}

_is_telemetry("boolean", true)

_is_telemetry("number", value) if {
	is_number(value)
	value != 0
	value == round(value)
	abs(value) <= 9007199254740991
}

_is_telemetry("array", value) if {
	is_array(value)
	value != []
	every item in value { is_string(item) }
}
