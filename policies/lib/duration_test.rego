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

test_canonical if {
	lengths := {
		"0": "0s",
		"0h": "0s",
		"10s": "10s",
		"90s": "1m30s",
		"1m": "1m0s",
		"1h": "1h0m0s",
		"1h30m": "1h30m0s",
		"1500ms": "1.5s",
		"61.25s": "1m1.25s",
		"2600h": "2600h0m0s",
		"20ms": "20ms",
		"1.5ms": "1.5ms",
		"30us": "30µs",
		"1001ns": "1.001µs",
		"999ns": "999ns",
		"-2m": "-2m0s",
		"1s1ns": "1.000000001s",
	}
	every text, written in lengths { duration.canonical(text) == written }
}

test_canonical_no_duration if {
	every text in ["", "5", "a while"] { not duration.canonical(text) }
}

test_nanoseconds if {
	duration.nanoseconds("1.5us") == 1500
	not duration.nanoseconds("soon")
}
