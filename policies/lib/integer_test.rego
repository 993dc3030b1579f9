package podgraft.lib.integer_test

import data.podgraft.lib.integer

test_parse_numbers if {
	every text, number in {
		"": 0,
		"0": 0,
		"-0": 0,
		"007": 7,
		"+12": 12,
		"-5": -5,
		"-0005": -5,
		"9007199254740991": 9007199254740991,
		"-9007199254740991": -9007199254740991,
		"0000000000000000000000000000001": 1,
	} {
		integer.parse(text) == number
	}
}

test_parse_no_match_is_undefined if {
	every text in ["root", "1.0", "1e3", "0x1", "1_0", " 1", "+", "-", "--1", "9007199254740992"] {
		not integer.parse(text)
	}
}

test_error_syntax if {
	integer.error("root") == `strconv.ParseInt: parsing "root": invalid syntax`
	integer.error("+") == `strconv.ParseInt: parsing "+": invalid syntax`
	integer.error("--1") == `strconv.ParseInt: parsing "--1": invalid syntax`
}

test_error_range if {
	integer.error("99999999999999999999") == `strconv.ParseInt: parsing "99999999999999999999": value out of range`
	integer.error("-9007199254740992") == `strconv.ParseInt: parsing "-9007199254740992": value out of range`
}

test_error_number_is_undefined if {
	every text in ["", "0", "-5", "+7", "0001"] { not integer.error(text) }
}

test_parse_unsigned_numbers if {
	every text, number in {"0": 0, "01": 1, "5": 5, "9007199254740991": 9007199254740991} {
		integer.parse_unsigned(text) == number
	}
}

test_parse_unsigned_no_match_is_undefined if {
	every text in ["", "-1", "+1", "foobar", "9007199254740992", "18446744073709551616"] {
		not integer.parse_unsigned(text)
	}
}

test_error_unsigned_syntax if {
	every text in ["", "-1", "+1", "foobar", "1.5"] {
		integer.error_unsigned(text) == concat("", [`strconv.ParseUint: parsing "`, text, `": invalid syntax`])
	}
}

test_error_unsigned_range if {
	message := `strconv.ParseUint: parsing "18446744073709551616": value out of range`
	integer.error_unsigned("18446744073709551616") == message
}

test_error_unsigned_number_is_undefined if not integer.error_unsigned("007")
