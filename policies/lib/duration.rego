# METADATA
# description: Go's time.ParseDuration, through the builtin that knows it.
package podgraft.lib.duration

# METADATA
# description: What Go says of a text that is no duration; undefined where it is one.
error(text) := message if {
	message := podgraft.parse_duration(text).error
	message != ""
}
