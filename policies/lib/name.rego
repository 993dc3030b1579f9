# METADATA
# description: Names, by the rules of the API server.
package podgraft.lib.name

# METADATA
# description: Whether a text can name an object, such as a Secret. (RFC 1123 subdomain)
is_subdomain(text) if {
	text != ""
	count(text) <= 253
	trim(text, "abcdefghijklmnopqrstuvwxyz0123456789-.") == ""
	every label in split(text, ".") { _is_label(label) }
}

# METADATA
# description: Whether a text can name an environment variable.
is_variable(text) if {
	text != ""
	trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") == ""
	trim_left(text, "0123456789") == text
	not text in {".", ".."}
	not startswith(text, "..")
}

# METADATA
# description: Whether a text can be a key of a Secret or a ConfigMap.
is_key(text) if {
	text != ""
	count(text) <= 253
	trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") == ""
	not text in {".", ".."}
	not startswith(text, "..")
}

_is_label(text) if {
	text != ""
	trim(text, "-") == text
}
