package podgraft.systems.vault_csi

_objects_of(annotations) := _emitted(object.union({"role": "shop"}, annotations)).attributes.objects

test_objects_of_annotations_in_the_order_of_files if {
	_objects_of({"object-b.txt": "kv/b", "object-a": "kv/a#x#y", "object-perms-a": "400", "object-encoding-a": "Base64"}) == [
		{"objectName": "a", "secretPath": "kv/a", "secretKey": "x#y", "filePermission": 256, "encoding": "base64"},
		{"objectName": "b.txt", "secretPath": "kv/b"},
	]
}

test_objects_of_the_names_of_vault_k8s if {
	_objects_of({"agent-inject-secret-db": "kv/db", "agent-inject-perms-db": "0600"}) == [{"objectName": "db", "secretPath": "kv/db", "filePermission": 384}]
}

test_objects_of_the_lists_of_the_talend_injector if {
	_objects_of({"secrets-path": "kv/a, kv/b", "secrets-destination": "b,a"}) == [
		{"objectName": "a", "secretPath": "kv/b"},
		{"objectName": "b", "secretPath": "kv/a"},
	]
}

test_objects_of_a_list if {
	listed := [
		{"objectName": "pki/cert", "secretPath": "pki/issue/web", "secretKey": "certificate", "method": "PUT", "secretArgs": {"common_name": "web", "ttl": 60, "x": true}},
		{"objectName": "a", "secretPath": "kv/a", "filePermission": "0777"},
	]
	_objects_of({"objects": json.marshal(listed), "object-b": "kv/b"}) == [
		{"objectName": "a", "secretPath": "kv/a", "filePermission": 511},
		{"objectName": "b", "secretPath": "kv/b"},
		listed[0],
	]
}

test_objects_hostile_values_stay_values if {
	path := `kv/"quotes" 'and' \ ${x} $(Y) {{z}} größe?version=2`
	_objects_of({"object-db": concat("#", [path, "ключ"])}) == [{"objectName": "db", "secretPath": path, "secretKey": "ключ"}]
}

test_mode_octal if {
	every text, number in {"0": 0, "4": 4, "40": 32, "400": 256, "0400": 256, "000644": 420, "777": 511} {
		_mode(text) == number
	}
	every text in ["", "8", "1000", "01777", "-1", "0o600", "6 0", "٤٠٠"] { not _mode(text) }
}
