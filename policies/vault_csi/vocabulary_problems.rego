package podgraft.systems.vault_csi

# What is wrong with the annotations as such. The provider passes over what it does not know without a word, and a slip
# of the pen would cost the pod a secret.
_vocabulary_problem := _say("sidecar_only", _sidecar_only[0]) if {
	_sidecar_only != []
} else := _say("annotation_unknown", $"{_annotation(_unknown[0])} is not known here") if {
	_unknown != []
} else := _say("mode_unknown", $"{_annotation("mode")} is not csi: {_shown(_text("mode"))}") if {
	lower(_text("mode")) != "csi"
} else := _say(
	"auth_unsupported",
	$"{_annotation("auth")} is {_shown(_text("auth"))}; the provider logs in with the pod's service account only",
) if {
	lower(_text("auth")) != "kubernetes"
} else := _ways_problem

# What is wrong with the annotations beside each other.
_ways_problem := _say("ways_exclusive", $"{_excluded(_object_annotations)}: the secrets are those of the class") if {
	_text("csi-class")
	count(_object_annotations) > 0
} else := _say("overrides_forbidden", $"{_excluded(_login_annotations)}: the class says how to log in") if {
	_text("csi-class")
	count(_login_annotations) > 0
	not _config.classOverrides
} else := _say(
	"way_missing",
	$"the pod asks for no secrets: neither {_annotation("csi-class")} nor {_annotation("object-<file>")} is there",
) if {
	not _way
} else := _say(
	"inline_off",
	$"{_annotation(min(_object_annotations))} cannot be used here: no SecretProviderClass is set aside for it",
) if {
	_way == "inline"
	_config.inline.class == ""
} else := _say(
	"env_needs_class",
	$"{_annotation(min(_variable_annotations))} needs {_annotation("csi-class")}: a class makes the Secret that is read",
) if {
	_way == "inline"
	count(_variable_annotations) > 0
}

_excluded(names) := $"{_annotation("csi-class")} and {_annotation(min(names))} exclude each other"

# How the pod gets its secrets: from a class that it names, or from a class whose parameters its annotations give.
_way := "class" if {
	_text("csi-class")
} else := "inline" if {
	count(_object_annotations) > 0
}

_sidecar_only := sort([$"{_annotation(name)} has no counterpart in CSI: {reason}" |
	some name, _ in _given
	reason := _row(name, _tables.sidecarOnly)
])

_unknown := sort([name |
	some name, _ in _given
	not _row(name, _tables)
])

_object_annotations := _about("object")

_variable_annotations := _about("variable")

_login_annotations := _about("login")

# The annotations about one subject that say something. One whose name says something does so even when it is empty.
_about(subject) := {name |
	some name, text in _given
	_row(name, _tables) == subject
	not _is_silent(name, text)
}

_is_silent(name, "") if _tables.names[name]

# What a table says of an annotation, by its whole name or by the prefix of a longer one.
_row(name, table) := table.names[name]

_row(name, table) := [row |
	some prefix, row in table.prefixes
	startswith(name, prefix)
	name != prefix
][0]
