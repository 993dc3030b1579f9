# METADATA
# description: |
#   Kubernetes quantities, as ParseQuantity of k8s.io/apimachinery takes them. Stricter in two things: without any digit
#   a text is no quantity ("m" is 0 there), and an exponent has at most three digits.
package podgraft.lib.quantity

# METADATA
# description: What is said of a text that is no quantity; undefined where it is one. The empty text is none.
error(text) := _explanation(suffix) if {
	not _is_plain(text)
	suffix := _suffix(text)
	not _is_quantity(text, suffix)
}

# Spares the rest for what people write: digits and a suffix.
_is_plain(text) if {
	suffix := trim_left(text, "0123456789")
	suffix != text
	_suffixes[suffix]
}

_is_quantity(text, suffix) if {
	_is_suffix(suffix)
	number := substring(text, 0, count(text) - count(suffix))
	trim_left(number, "+-.") != ""
}

# What follows the sign, the whole part and the fraction.
_suffix(text) := trim_left(substring(rest, 1, -1), "0123456789") if {
	rest := _behind_digits(text)
	startswith(rest, ".")
} else := _behind_digits(text)

_behind_digits(text) := trim_left(_unsigned(text), "0123456789")

_unsigned(text) := substring(text, 1, -1) if {
	substring(text, 0, 1) in {"+", "-"}
} else := text

_suffixes := {"", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"}

_is_suffix(suffix) if _suffixes[suffix]

_is_suffix(suffix) if {
	substring(suffix, 0, 1) in {"e", "E"}
	exponent := _unsigned(substring(suffix, 1, -1))
	count(exponent) in {1, 2, 3}
	trim(exponent, "0123456789") == ""
}

_explanation(suffix) := "unable to parse quantity's suffix" if {
	suffix != ""
	_behind_digits(trim_left(suffix, "eEinumkKMGTP")) == ""
} else := "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
