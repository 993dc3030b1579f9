# METADATA
# description: >
#   Go's strconv.ParseFloat, through the builtin that knows it. "NaN", "+Inf" and "-Inf" are values as well, as texts.
package podgraft.lib.float

# METADATA
# description: The number that a text spells; undefined where it spells none.
parse(text) := result.value if {
	result := podgraft.parse_float(text)
	result.error == ""
}

# METADATA
# description: What Go says of a text that spells no number; undefined where it spells one.
error(text) := message if {
	message := podgraft.parse_float(text).error
	message != ""
}
