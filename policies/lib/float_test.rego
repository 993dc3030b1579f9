package podgraft.lib.float_test

import data.podgraft.lib.float

test_parse_numbers if {
	every text, number in {"0": 0, "9e-1": 0.9, ".5": 0.5, "0x1p-2": 0.25, "-1.5": -1.5} {
		float.parse(text) == number
	}
}

test_parse_without_words_in_json if {
	float.parse("nan") == "NaN"
	float.parse("Inf") == "+Inf"
	float.parse("-infinity") == "-Inf"
}

test_parse_no_match_is_undefined if {
	not float.parse("")
	not float.parse("half")
}

test_error_syntax if float.error("") == `strconv.ParseFloat: parsing "": invalid syntax`

test_error_number_is_undefined if not float.error("0.5")
