package podgraft.lib.port_test

import data.podgraft.lib.port

test_parse if {
	every text, number in {"1": 1, "8200": 8200, "08200": 8200, "65535": 65535} { port.parse(text) == number }
}

test_parse_not if {
	every text in ["", "0", "65536", "-1", "+1", "8200 ", "8_2", "0x10", "99999999999999999999"] { not port.parse(text) }
}
