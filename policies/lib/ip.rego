# METADATA
# description: IP addresses as texts, without looking anything up.
package podgraft.lib.ip

# METADATA
# description: |
#   Whether a host, written as an IP address, is of this machine, its link or a private network: loopback, link-local,
#   RFC 1918, unique local, unspecified or shared (100.64.0.0/10). An IPv4 address inside of an IPv6 one counts as such.
is_local(host) if {
	some network in _networks(host)
	net.cidr_contains(network, split(host, "%")[0])
}

_networks(host) := [
	"0.0.0.0/32",
	"10.0.0.0/8",
	"100.64.0.0/10",
	"127.0.0.0/8",
	"169.254.0.0/16",
	"172.16.0.0/12",
	"192.168.0.0/16",
	"224.0.0.0/24",
] if {
	_is_v4(host)
} else := ["::/128", "::1/128", "::ffff:0:0/96", "fc00::/7", "fe80::/10", "ff02::/16"] if {
	contains(host, ":")
}

# METADATA
# description: Whether a host is written so that some programs take it for an IP address and others do not.
is_disguised(host) if {
	_is_like_v4(host)
	not _is_v4(host)
}

_is_like_v4(host) if startswith(host, "0x")

_is_like_v4(host) if trim(host, "0123456789.") == ""

_is_v4(host) if {
	parts := split(host, ".")
	count(parts) == 4
	every part in parts { _is_octet(part) }
}

_is_octet(part) if {
	part != ""
	count(part) <= 3
	trim(part, "0123456789") == ""
	format_int(to_number(part), 10) == part
	to_number(part) <= 255
}
