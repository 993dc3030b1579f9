# METADATA
# description: Go's durations. time.ParseDuration is a builtin; what Duration.String writes is worked out here.
package podgraft.lib.duration

# METADATA
# description: What Go says of a text that is no duration; undefined where it is one.
error(text) := message if {
	message := podgraft.parse_duration(text).error
	message != ""
}

# METADATA
# description: The same duration as Go writes it, 1m30s for 90s; undefined where the text is none.
canonical(text) := _written(nanoseconds(text))

# METADATA
# description: How long a duration is; undefined where the text is none.
nanoseconds(text) := result.value if {
	result := podgraft.parse_duration(text)
	result.error == ""
}

_written(length) := "0s" if {
	length == 0
} else := concat("", ["-", _written_length(0 - length)]) if {
	length < 0
} else := _written_length(length)

_written_length(length) := concat("", [format_int(length, 10), "ns"]) if {
	length < 1000
} else := concat("", [_decimal(length, 1000), "µs"]) if {
	length < 1000000
} else := concat("", [_decimal(length, 1000000), "ms"]) if {
	length < 1000000000
} else := concat("", [_hours(length), _minutes(length), seconds, "s"]) if {
	minutes := floor(length / 60000000000)
	seconds := _decimal(length - (minutes * 60000000000), 1000000000)
}

_hours(length) := concat("", [format_int(floor(length / 3600000000000), 10), "h"]) if {
	length >= 3600000000000
} else := ""

_minutes(length) := concat("", [format_int(minutes - (60 * floor(minutes / 60)), 10), "m"]) if {
	length >= 60000000000
	minutes := floor(length / 60000000000)
} else := ""

# A number of units, with as many decimals as it takes.
_decimal(length, unit) := format_int(whole, 10) if {
	whole := floor(length / unit)
	whole * unit == length
} else := concat(".", [format_int(whole, 10), trim_right(decimals, "0")]) if {
	whole := floor(length / unit)
	decimals := substring(format_int((unit + length) - (whole * unit), 10), 1, -1)
}
