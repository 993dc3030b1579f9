package podgraft.lib.quantity_test

import data.podgraft.lib.quantity

test_error_quantity_is_undefined if {
	every text in [
		"0",
		"1",
		"250m",
		"64Mi",
		"1.5Gi",
		"0.0001",
		".5",
		"5.",
		"1.G",
		"+64Mi",
		"-1",
		"2e0",
		"1e9",
		"1E9",
		"1E",
		"12e-3",
		"3e+2",
		"100n",
		"1u",
		"1k",
		"1M",
		"1T",
		"1P",
		"1Ki",
		"1Ti",
		"1Pi",
		"1Ei",
	] {
		not quantity.error(text)
	}
}

test_error_format if {
	every text in ["", "half", "1gi", "128g", "128gi", "128mb", "2e3m", "x", " 1", "1 ", "1..5", "+"] {
		quantity.error(text) == "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
	}
}

test_error_suffix if {
	every text in ["500mi", "128Mm", "1iK", "1e", "1KiKi", "1m5", "1Mi2", "--1", "1e1000"] {
		quantity.error(text) == "unable to parse quantity's suffix"
	}
}

test_error_no_digit_is_no_quantity if {
	every text in ["m", "+Mi", ".", "-.G"] { quantity.error(text) }
}
