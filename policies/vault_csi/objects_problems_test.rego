package podgraft.systems.vault_csi

_listing(items) := {"role": "shop", "objects": json.marshal(items)}

test_option_without_object if {
	_denied(_inline({"object-perms-cache": "0600"})) == `annotation "vault-csi.podgraft.dev/object-perms-cache" is about a file that no annotation asks for`
	every name in ["object-perms-cache", "object-encoding-cache", "agent-inject-perms-cache", "object-perms-"] {
		_denied_by(_inline({name: "x"})) in {"option_without_object", "annotation_unknown"}
	}
}

test_paths_count if {
	every annotations in [{"secrets-path": "a,b", "secrets-destination": "a"}, {"secrets-path": "a"}, {"secrets-destination": "a"}] {
		_denied_by(_inline(annotations)) == "paths_count"
	}
}

test_objects_unreadable if {
	every text in ["[", "{}", "null", "\"a\"", "1", "- a: b", "[1]", "[[]]", "[{\"objectName\": 1}]", "[{\"a\": \"b\"}]"] {
		_denied_by({"role": "shop", "objects": text}) == "objects_unreadable"
	}
}

test_objects_unreadable_says_where if {
	_denied(_listing([{"objectName": "a", "secretPath": "a"}, {"objectNam": "b"}])) == `annotation "vault-csi.podgraft.dev/objects", item 2: "objectNam" is no field of an entry`
	_denied(_listing([{"filePermission": 400}])) == `annotation "vault-csi.podgraft.dev/objects", item 1: filePermission is not a text`
	_denied(_listing([{"secretArgs": []}])) == `annotation "vault-csi.podgraft.dev/objects", item 1: secretArgs is not a map`
	_denied(_listing([{"secretArgs": {"a": ["b"]}}])) == `annotation "vault-csi.podgraft.dev/objects", item 1: secretArgs holds something else than texts, numbers and booleans`
	_denied(_listing(["x"])) == `annotation "vault-csi.podgraft.dev/objects", item 1: it is not a map of fields`
}

test_objects_many if {
	items := [{"objectName": name, "secretPath": "x"} | some index in numbers.range(1, 256); name := format_int(index, 10)]
	count(_emitted(_listing(items)).attributes.objects) == 256
	_denied(object.union(_listing(items), {"object-a": "x"})) == "the pod asks for 257 files; 256 are the most"
	_denied_by(object.union(_listing(items), {"secrets-path": "x", "secrets-destination": "y"})) == "objects_many"
}

test_objects_missing if {
	_denied({"role": "shop", "objects": "[]"}) == "no secrets configured - the provider will not read any secret material"
}

test_objects_duplicated if {
	twice := "each `objectName` within a SecretProviderClass must be unique, but the following keys were duplicated: \"db\""
	_denied(_inline({"agent-inject-secret-db": "kv/db"})) == twice
	_denied(_inline({"objects": `[{"objectName": "db", "secretPath": "x"}]`})) == twice
}

test_file_in_file if {
	_denied_by(_listing([{"objectName": "a/b", "secretPath": "x"}, {"objectName": "a", "secretPath": "x"}])) == "file_in_file"
	items := [{"objectName": name, "secretPath": "x"} | some name in ["a-b", "a", "a.b", "a/b/c", "z"]]
	_denied(_listing(items)) == `"a" would be a file and a folder at once`
	_decide(_listing([{"objectName": "a/b", "secretPath": "x"}, {"objectName": "a/c", "secretPath": "x"}, {"objectName": "a-b", "secretPath": "x"}])).injections
}

_issue(name, path, method, arguments) := {"objectName": name, "secretPath": path, "method": method, "secretArgs": arguments}

test_arguments_shared if {
	_denied_by(_listing([_issue("a", "pki/issue/x", "PUT", {"cn": "a"}), _issue("b", "/v1/pki/issue/x", "PUT", {"cn": "b"})])) == "arguments_shared"
	_denied_by(_listing([_issue("a", "pki/issue/x", "GET", {"cn": "a"}), {"objectName": "b", "secretPath": "pki/issue/x"}])) == "arguments_shared"
}

test_arguments_not_shared if {
	every second in [
		_issue("b", "pki/issue/x", "PUT", {"cn": "a"}),
		_issue("b", "pki/issue/x", "POST", {"cn": "b"}),
		_issue("b", "pki/issue/y", "PUT", {"cn": "b"}),
	] {
		_decide(_listing([_issue("a", "pki/issue/x", "PUT", {"cn": "a"}), second])).injections
	}
}
