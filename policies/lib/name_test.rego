package podgraft.lib.name_test

import data.podgraft.lib.name

_of_length(length) := concat("", ["a" | some _ in numbers.range(1, length)])

test_is_subdomain if {
	every text in ["a", "0", "my-class", "a.b-c.d", _of_length(253)] { name.is_subdomain(text) }
}

test_is_subdomain_not if {
	every text in ["", "A", "a_b", "-a", "a-", "a..b", ".a", "a.", "a.-b", "ä", "a/b", "a b", _of_length(254)] {
		not name.is_subdomain(text)
	}
}

test_is_variable if {
	every text in ["A", "_a", "a.b", "a-b", "A1", "-", ".a"] { name.is_variable(text) }
}

test_is_variable_not if {
	every text in ["", "1A", "A=B", "A B", "ä", ".", "..", "..a", "A$"] { not name.is_variable(text) }
}

test_is_key if {
	every text in ["a", "1", "tls.crt", "A_b-c", ".dockerconfigjson", _of_length(253)] { name.is_key(text) }
}

test_is_key_not if {
	every text in ["", "a/b", ".", "..", "..a", "a b", "ä", _of_length(254)] { not name.is_key(text) }
}
