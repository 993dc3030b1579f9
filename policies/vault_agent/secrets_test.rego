package podgraft.systems.vault_agent

_rendered(annotations) := _emitted(annotations).secrets

_files(annotations) := [secret.destination | some secret in _rendered(annotations)]

test_secrets_from_paths_in_order if {
	_rendered({"agent-inject-secret-db": "kv/db", "agent-inject-secret-api": "kv/api"}) == [
		{"destination": "/vault/secrets/api", "path": "kv/api"},
		{"destination": "/vault/secrets/db", "path": "kv/db"},
	]
}

test_secrets_names if {
	_files({"agent-inject-secret-FOOBAR": "x"}) == ["/vault/secrets/foobar"]
	_files({"agent-inject-secret-server.crt": "x"}) == ["/vault/secrets/server.crt"]
	_files({"agent-inject-secret-foobar-2_3": "x"}) == ["/vault/secrets/foobar-2_3"]
	twice := {"agent-inject-secret-TOKEN": "x", "agent-inject-secret-token": "y"}
	_files(twice) == ["/vault/secrets/token", "/vault/secrets/token"]
}

test_secrets_case_preserved if {
	asked := {"agent-inject-secret-FOO": "x", "agent-inject-secret-BAR": "y"}
	_files(object.union(asked, {"preserve-secret-case": "true"})) == ["/vault/secrets/BAR", "/vault/secrets/FOO"]
	_files(object.union(asked, {"preserve-secret-case-FOO": "1"})) == ["/vault/secrets/bar", "/vault/secrets/FOO"]
	_files(object.union(asked, {"preserve-secret-case": "true", "preserve-secret-case-FOO": "no"})) == [
		"/vault/secrets/BAR",
		"/vault/secrets/foo",
	]
}

test_secrets_none_from_other_keys if {
	every key in [
		"agent-inject-secret",
		"agent-inject-secret-",
		"agent-inject-TEMPLATE-x",
		"agent-inject-templat-x",
		"agent-inject-command-x",
		"agent-inject-perms-x",
		"agent-inject-file-x",
	] {
		not _emitted({key: "text"}).secrets
	}
}

test_secrets_none_from_blanks if {
	blanks := {"agent-inject-secret-a": "", "agent-inject-template-a": "  ", "agent-inject-template-file-a": "\n"}
	not _emitted(blanks).secrets
}

test_secrets_template_beats_file if {
	_rendered({"agent-inject-template-a": "t", "agent-inject-template-file-a": "/f", "agent-inject-secret-a": "x"}) == [{
		"destination": "/vault/secrets/a",
		"contents": "t",
	}]
	_rendered({"agent-inject-template-a": "", "agent-inject-template-file-a": "/f"}) == [{
		"destination": "/vault/secrets/a",
		"source": "/f",
	}]
	_rendered({"agent-inject-template-a": "  ", "agent-inject-template-file-a": "/f"}) == [{
		"destination": "/vault/secrets/a",
		"contents": "  ",
	}]
}

test_secrets_key_without_name if {
	_rendered({"agent-inject-template-file": "text"}) == [{"destination": "/vault/secrets/file", "contents": "text"}]
	_rendered({"agent-inject-template-file-": "text"}) == [{"destination": "/vault/secrets/file-", "contents": "text"}]
}

test_secrets_details if {
	_rendered({
		"agent-inject-secret-A": "kv/a",
		"agent-template-left-delim-A": "[[",
		"agent-template-right-delim-A": "]]",
		"agent-inject-command-A": "kill -1 1",
		"agent-inject-perms-A": "0600",
		"error-on-missing-key-A": "true",
	}) == [{
		"destination": "/vault/secrets/a",
		"path": "kv/a",
		"leftDelimiter": "[[",
		"rightDelimiter": "]]",
		"command": "kill -1 1",
		"permissions": "0600",
		"errorOnMissingKey": true,
	}]
}

test_secrets_details_empty_are_none if {
	_rendered({
		"agent-inject-secret-a": "kv/a",
		"agent-template-left-delim-a": "",
		"agent-inject-command-a": "",
		"error-on-missing-key-a": "false",
	}) == [{"destination": "/vault/secrets/a", "path": "kv/a"}]
}

test_secrets_files if {
	secret := {"agent-inject-secret-a": "kv/a"}
	_files(object.union(secret, {"agent-inject-file-a": "nested/foofile"})) == ["/vault/secrets/nested/foofile"]
	_files(object.union(secret, {"agent-inject-file-a": "/abs/./foofile"})) == ["/vault/secrets/abs/foofile"]
	_files(object.union(secret, {"agent-inject-file-a": "f", "secret-volume-path-a": "/new/"})) == ["/new/f"]
	_files(object.union(secret, {"secret-volume-path": "/creds/"})) == ["/creds//a"]
	_files(object.union(secret, {"secret-volume-path": ""})) == ["/a"]
	_files(object.union(secret, {"secret-volume-path": "", "agent-inject-file-a": "x/../f"})) == ["f"]
}

test_own_folders_each_once if {
	_emitted({
		"agent-inject-secret-a": "x",
		"secret-volume-path-a": "/z",
		"agent-inject-secret-b": "x",
		"secret-volume-path-b": "/vault/secrets",
		"agent-inject-secret-c": "x",
		"secret-volume-path-c": "/etc/c",
		"agent-inject-secret-d": "x",
		"secret-volume-path-d": "/z/",
		"agent-inject-secret-f": "x",
		"secret-volume-path-f": "/z",
		"secret-volume-path-e": "/orphan",
	}).ownFolders == [
		{"volume": "vault-secrets-custom-0", "path": "/z"},
		{"volume": "vault-secrets-custom-1", "path": "/etc/c"},
		{"volume": "vault-secrets-custom-2", "path": "/z/"},
	]
}

test_own_folders_differ_from_the_common_one if {
	secret := {"agent-inject-secret-a": "x", "secret-volume-path": "/s"}
	not _emitted(object.union(secret, {"secret-volume-path-a": "/s"})).ownFolders
	folders := _emitted(object.union(secret, {"secret-volume-path-a": "/s/"})).ownFolders
	folders == [{"volume": "vault-secrets-custom-0", "path": "/s/"}]
}
