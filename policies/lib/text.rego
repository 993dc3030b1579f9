# METADATA
# description: Texts as such, whatever they say.
package podgraft.lib.text

# METADATA
# scope: document
# description: |
#   Whether a text holds nothing but what can be shown: no control characters, no invisible ones, no blanks but the
#   plain one.
is_printable(text) if trim(text, _plain) == ""

is_printable(text) if podgraft.quote(text) == concat("", [`"`, replace(replace(text, `\`, `\\`), `"`, `\"`), `"`])

# METADATA
# description: How many bytes a text has as UTF-8.
bytes(text) := ((3 * count(encoded)) / 4) - (count(encoded) - count(trim_right(encoded, "="))) if {
	encoded := base64.encode(text)
}

# What people write; for the rest the question costs a call.
_plain := "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !#$%&'()*+,-./:;<=>?@[]^_`{|}~"
