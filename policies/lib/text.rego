# METADATA
# description: Texts as such, whatever they say.
package podgraft.lib.text

# METADATA
# scope: document
# description: |
#   Whether a text holds nothing but what can be shown: no control characters, no invisible ones, no blanks but the
#   plain one.
is_printable(text) if trim(text, _plain) == ""

is_printable(text) if _added(text) == _times(text, [`"`, `\`])

# METADATA
# description: Whether a text of several lines holds nothing else but what can be shown.
is_printable_in_lines(text) if _added(text) == _times(text, [`"`, `\`, "\n", "\r", "\t"])

# How many characters quoting adds to a text: one to each of these, and one or more to whatever cannot be shown.
_added(text) := (count(podgraft.quote(text)) - count(text)) - 2

# Compiled, replace takes a time that grows with the square of what it finds.
_times(text, marks) := sum([times |
	some mark in marks
	times := count(split(text, mark)) - 1
])

# METADATA
# description: How many bytes a text has as UTF-8.
bytes(text) := ((3 * count(encoded)) / 4) - (count(encoded) - count(trim_right(encoded, "="))) if {
	encoded := base64.encode(text)
}

# What people write; for the rest the question costs a call.
_plain := "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !#$%&'()*+,-./:;<=>?@[]^_`{|}~"
