package podgraft.systems.vault_csi

_code_of(entry) := _denied_by(_listing([object.union({"objectName": "db", "secretPath": "kv/db"}, entry)]))

_long(text, length) := concat("", [text | some _ in numbers.range(1, length)])

test_file_invalid if {
	every file in ["", "/a", "..", "../a", "a/../b", "a/./b", ".", "./a", "a//b", "a/", "..a", "..a/b", "a\nb", "\u0000", _long("a", 256), _long("é", 128), _long("a/", 2049)] {
		_code_of({"objectName": file}) == "file_invalid"
	}
}

test_file if {
	every file in ["a", ".a", "a..b", "a/..b", "größe x", "${x}", `"`, _long("a", 255), _long("é", 127)] { not _code_of({"objectName": file}) }
}

test_file_long_path if {
	parts := concat("/", [_long("a", 204) | some _ in numbers.range(1, 20)])
	count(parts) == 4099
	_code_of({"objectName": parts}) == "file_invalid"
	not _code_of({"objectName": substring(parts, 3, -1)})
}

test_path_invalid if {
	_denied_by({"role": "shop", "object-db": ""}) == "path_invalid"
	_denied_by({"role": "shop", "object-db": "#key"}) == "path_invalid"
	every path in ["", "/", "v1", "v1/", "/v1/", "kv/../sys", "..", "kv/./db", "kv/\ndb", "kv/\u2028"] {
		_code_of({"secretPath": path}) == "path_invalid"
	}
}

test_path if {
	every path in ["x", "/x", "v1/x", "/v1/x", "v1x", "kv/db?version=2&x=../y"] { not _code_of({"secretPath": path}) }
}

test_key_invalid if {
	_denied_by({"role": "shop", "object-db": "kv/db#"}) == "key_invalid"
	every key in ["", "a\tb"] { _code_of({"secretKey": key}) == "key_invalid" }
}

test_encoding_invalid if {
	contains(_denied(_inline({"object-encoding-db": "latin-1"})), "invalid encoding type. Should be utf-8, base64, or hex")
	_code_of({"encoding": "hex"}) == "encoding_invalid"
	every encoding in ["hex", "HEX", "Utf-8", "base64"] { not _code_of({"encoding": encoding, "secretKey": "k"}) }
}

test_permission_invalid if {
	every text in ["", "8", "1000", "rw-", "-1", "0o600"] { _code_of({"filePermission": text}) == "permission_invalid" }
}

test_method_unknown if {
	every method in ["", "get", "DELETE", "PATCH", "GET\n"] { _code_of({"method": method}) == "method_unknown" }
	every method in ["GET", "LIST", "POST", "PUT"] { not _code_of({"method": method}) }
}

test_arguments_invalid if {
	every arguments in [{"a": "\u0000"}, {"a": "\u0085"}, {"a": "\ufeff"}, {"a\nb": "c"}, {_long("a", 257): "b"}] {
		_code_of({"secretArgs": arguments}) == "arguments_invalid"
	}
	every arguments in [{}, {"csr": "-----BEGIN\n\tx\r\n-----END"}, {"": ""}, {"größe": 1.5}, {"a": false}] {
		not _code_of({"secretArgs": arguments})
	}
}
