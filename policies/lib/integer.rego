# METADATA
# description: |
#   Go's strconv.ParseInt and ParseUint in base 10. A policy's numbers are doubles, so what lies beyond 2^53 is out of
#   range here, where Go takes 64 bits.
package podgraft.lib.integer

# METADATA
# description: The number, with or without a sign, that a text spells; 0 for an empty text, undefined where it is none.
parse(text) := 0 if {
	text == ""
} else := to_number(concat("", [_sign(text), digits])) if {
	digits := _significant(_unsigned(text))
	_fits(digits)
}

# METADATA
# description: The number that a text of digits alone spells; undefined where it is none.
parse_unsigned(text) := to_number(digits) if {
	digits := _significant(text)
	_fits(digits)
}

# METADATA
# description: What ParseInt says of a text that is no number; undefined where it is one.
error(text) := _error("ParseInt", text, _reason(_unsigned(text))) if text != ""

# METADATA
# description: What ParseUint says of a text that is no number; undefined where it is one.
error_unsigned(text) := _error("ParseUint", text, _reason(text))

_error(function, text, reason) := concat("", ["strconv.", function, ": parsing ", podgraft.quote(text), ": ", reason])

_reason(text) := "value out of range" if {
	digits := _significant(text)
	not _fits(digits)
} else := "invalid syntax" if {
	not _significant(text)
}

_unsigned(text) := substring(text, 1, -1) if {
	substring(text, 0, 1) in {"+", "-"}
} else := text

_sign(text) := "-" if {
	startswith(text, "-")
} else := ""

# A text of digits alone, without its leading zeros.
_significant(text) := digits if {
	text != ""
	trim(text, "0123456789") == ""
	digits := trim_left(text, "0")
	digits != ""
} else := "0" if {
	text != ""
	trim(text, "0") == ""
}

# Up to 2^53 - 1, every whole number is exact.
_fits(digits) if {
	count(digits) <= 16
	to_number(digits) <= 9007199254740991
}
