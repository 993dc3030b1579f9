package podgraft.lib.ip_test

import data.podgraft.lib.ip

test_is_local_v4 if {
	every host in [
		"127.0.0.1",
		"127.255.255.254",
		"10.0.0.5",
		"172.16.0.1",
		"172.31.255.255",
		"192.168.1.1",
		"169.254.169.254",
		"224.0.0.251",
		"0.0.0.0",
		"100.64.0.1",
		"100.100.100.200",
	] {
		ip.is_local(host)
	}
}

test_is_local_v6 if {
	every host in ["::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8"] {
		ip.is_local(host)
	}
}

test_is_local_elsewhere if {
	every host in ["8.8.8.8", "172.32.0.1", "100.128.0.1", "0.0.0.1", "2001:db8::1", "vault", "vault.shop.svc", "1.2.3", "10.0.0.05", "10.0.0.256", "10.0.0.1.", "a:b:c", ""] {
		not ip.is_local(host)
	}
}

test_is_disguised if {
	every host in ["0x7f000001", "0x7f.1", "2130706433", "0177.0.0.1", "127.1", "1.2.3.4.5", "256.1.1.1", ""] {
		ip.is_disguised(host)
	}
}

test_is_disguised_plain if {
	every host in ["8.8.8.8", "127.0.0.1", "vault", "1.vault", "::1"] { not ip.is_disguised(host) }
}
