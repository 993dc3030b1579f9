# METADATA
# description: The addresses of servers, as far as their parts decide something.
package podgraft.lib.url

# METADATA
# description: What Go's net/url says of a text that is no address; undefined where it parses one.
error(text) := concat("", ["parse ", podgraft.quote(whole), ": ", message]) if {
	whole := _before(text, "#")
	message := _syntax_error(whole)
}

_syntax_error(text) := "missing protocol scheme" if {
	startswith(text, ":")
} else := "first path segment in URL cannot contain colon" if {
	scheme(text) == ""
	contains(_before(_before(text, "?"), "/"), ":")
} else := "missing ']' in host" if {
	startswith(_place(text), "[")
	not contains(_place(text), "]")
} else := $`invalid character " " in host name` if {
	contains(authority(text), " ")
} else := $"invalid port {podgraft.quote(port)} after host" if {
	port := _port(text)
	trim(port, "0123456789") != ":"
}

# What stands behind the host, with its colon.
_port(text) := parts[count(parts) - 1] if {
	parts := split(_place(text), "]")
	count(parts) > 1
	parts[count(parts) - 1] != ""
} else := concat("", [":", parts[count(parts) - 1]]) if {
	not contains(_place(text), "]")
	parts := split(_place(text), ":")
	count(parts) > 1
}

# METADATA
# description: Why Vault's client would reach nobody at a text; undefined where it may.
unreachable(text) := message if {
	message := error(text)
} else := "begins with none of https://, http:// and unix://" if {
	not scheme(text) in {"http", "https", "unix"}
} else := "has no host" if {
	scheme(text) != "unix"
	host(text) == ""
}

# METADATA
# description: The scheme in small letters; empty where a text has none.
scheme(text) := lower(word) if {
	contains(text, ":")
	word := _before(text, ":")
	substring(word, 0, 1) != ""
	trim(lower(substring(word, 0, 1)), "abcdefghijklmnopqrstuvwxyz") == ""
	trim(lower(word), "abcdefghijklmnopqrstuvwxyz0123456789+-.") == ""
} else := ""

# METADATA
# description: What stands between // and the next slash, question mark or hash sign; empty where nothing does.
authority(text) := _before(_before(_before(rest, "/"), "?"), "#") if {
	startswith(_behind_scheme(text), "//")
	rest := substring(_behind_scheme(text), 2, -1)
} else := ""

# METADATA
# description: The host in small letters, without user, port, brackets and a point at its end.
host(text) := trim_suffix(lower(_before(trim_prefix(place, "["), "]")), ".") if {
	place := _place(text)
	startswith(place, "[")
} else := trim_suffix(lower(_before(_place(text), ":")), ".")

# METADATA
# description: |
#   The one form of texts that mean the same address: scheme, host and port in small letters, no slash at the end.
normalised(text) := concat("", [scheme(text), "://", lower(authority(text)), trim_suffix(rest, "/")]) if {
	rest := substring(_behind_scheme(text), count(authority(text)) + 2, -1)
}

_behind_scheme(text) := substring(text, indexof(text, ":") + 1, -1) if {
	scheme(text) != ""
} else := text

# Host and port.
_place(text) := strings.reverse(_before(strings.reverse(authority(text)), "@"))

# Spares the parts behind the mark, of which there may be very many; the whole text where it is not there.
_before(text, mark) := substring(text, 0, indexof(text, mark))
