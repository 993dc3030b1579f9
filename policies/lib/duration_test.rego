package podgraft.lib.duration_test

import data.podgraft.lib.duration

test_error_duration_is_undefined if {
	every text in ["0", "1s", "5m30s", "1.5h", "-2ms", "100ns", "7µs"] { not duration.error(text) }
}

test_error_names_what_is_wrong if {
	duration.error("") == `time: invalid duration ""`
	duration.error("5") == `time: missing unit in duration "5"`
	duration.error("a while") == `time: invalid duration "a while"`
	duration.error("5d") == `time: unknown unit "d" in duration "5d"`
}
