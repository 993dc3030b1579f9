package podgraft.lib.bool_test

import data.podgraft.lib.bool

test_parse_spellings if {
	every text in ["1", "t", "T", "true", "TRUE", "True"] { bool.parse(text) == true }
	every text in ["", "0", "f", "F", "false", "FALSE", "False"] { bool.parse(text) == false }
}

test_parse_no_match_is_undefined if {
	every text in ["tRuE", "fAlSe", "yes", "on", " true", "true ", "2", "null", "\u0000"] { not bool.parse(text) }
}

test_error_quotes_the_text if {
	bool.error("tRuE") == `cannot parse '' as bool: strconv.ParseBool: parsing "tRuE": invalid syntax`
	bool.error("\"\n") == `cannot parse '' as bool: strconv.ParseBool: parsing "\"\n": invalid syntax`
}

test_error_spelling_is_undefined if {
	not bool.error("")
	not bool.error("0")
	not bool.error("True")
}
