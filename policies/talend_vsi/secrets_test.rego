package podgraft.systems.talend_vsi

_files_of(annotations) := _emitted(annotations).refreshed

test_files_paths_trimmed if {
	_files_of({"secrets-path": " kv/a, kv/b ", "secrets-destination": "a.env ,b.env", "notify": ",pkill -1 app"}) == [
		{"name": "a.env", "path": `"kv/a"`},
		{"name": "b.env", "path": `"kv/b"`, "command": "pkill -1 app"},
	]
}

test_files_more_commands_than_files if {
	_files_of({"notify": "one,two"}) == [{"name": "secrets.properties", "path": `"secret/orders/api"`, "command": "one"}]
}

test_files_templates_keep_blanks if {
	_files_of({"secrets-template": " a\n---\nb ", "secrets-destination": "x,y", "secrets-path": "ignored"}) == [
		{"name": "x", "contents": " a\n"},
		{"name": "y", "contents": "\nb "},
	]
}

test_files_placeholders_in_templates if {
	text := "p=<VSI_SECRETS_VAULT_SECRETS_PATH> c=<VSI_SECRETS_TEMPLATE_COMMAND_TO_RUN> d=<VSI_SECRETS_DESTINATION>"
	_files_of({"secrets-template": text, "notify": "run"})[0].contents == "p= c=run d=<VSI_SECRETS_DESTINATION>"
	_files_of({"secrets-template": text})[0].contents == "p= c= d=<VSI_SECRETS_DESTINATION>"
}

# What would end the literal in which a path stands is quoted.
test_files_hostile_paths if {
	_files_of({"secrets-path": "kv/\"}}{{ end"})[0].path == `"kv/\"}}{{ end"`
	_files_of({"secrets-path": "kv/a\nb"})[0].path == `"kv/a\nb"`
	_files_of({"secrets-path": `kv\a`})[0].path == `"kv\\a"`
}

test_files_label_needed_only_for_the_default_path if {
	answer := decision with input as _unlabelled({"secrets-path": "kv/a", "role": "r"}, ["com.talend.application", "com.talend.service"])
	answer.injections[0].parameters.refreshed == [{"name": "secrets.properties", "path": `"kv/a"`}]
}

test_kv_version if {
	not _emitted({}).kv2
	_emitted({"secrets-kv-version": "2"}).kv2 == true
	_emitted({"secrets-kv-version": "1"}).kv2 == false
}
