package podgraft.systems.vault_csi

import data.podgraft.lib.text

# What is wrong with one entry: with what is read and where it goes, then with how.
_entry_problem(entry) := _say(
	"file_invalid",
	$"{entry.where}: the file {_shown(entry.objectName)} {_file_error(entry.objectName)}",
) if {
	_file_error(entry.objectName)
} else := _say(
	"path_invalid",
	$"{entry.where}: the path {_shown(entry.secretPath)} {_path_error(entry.secretPath)}",
) if {
	_path_error(entry.secretPath)
} else := _say(
	"key_invalid",
	$"{entry.where}: the key is empty, or has characters that cannot be shown",
) if {
	not _is_field(object.get(entry, "secretKey", "none"))
} else := _option_problem(entry)

_option_problem(entry) := _say(
	"encoding_invalid",
	$"{entry.where}: invalid encoding type. Should be utf-8, base64, or hex",
) if {
	not lower(object.get(entry, "encoding", "hex")) in {"base64", "hex", "utf-8"}
} else := _say(
	"encoding_invalid",
	$"{entry.where}: an encoding needs a key; the whole answer is never decoded",
) if {
	entry.encoding
	not entry.secretKey
} else := _say(
	"permission_invalid",
	$"{entry.where}: {_shown(entry.filePermission)} is not the mode of a file, as octal digits up to 0777",
) if {
	entry.filePermission
	not _mode(entry.filePermission)
} else := _say(
	"method_unknown",
	$"{entry.where}: {_shown(entry.method)} is none of GET, LIST, POST and PUT",
) if {
	not object.get(entry, "method", "GET") in {"GET", "LIST", "POST", "PUT"}
} else := _say(
	"arguments_invalid",
	$"{entry.where}: something in secretArgs is too long or has characters that cannot be shown",
) if {
	some name, value in entry.secretArgs
	not _is_argument(name, value)
}

# The rules of the driver, which writes the files.
_file_error(file) := "has no name" if {
	file == ""
} else := "is not relative to the mounted folder" if {
	startswith(file, "/")
} else := "lies outside the mounted folder, or its path is not the shortest" if {
	_has_part(file, ["", ".", ".."])
} else := "begins with two dots, as the driver's own do" if {
	startswith(file, "..")
} else := "has a path of more than 4096 bytes" if {
	count(file) > 1024
	text.bytes(file) > 4096
} else := "has a name of more than 255 bytes" if {
	count(file) > 63
	some part in split(file, "/")
	count(part) > 63
	text.bytes(part) > 255
} else := "has characters that cannot be shown" if {
	not text.is_printable(file)
}

# Spares the parts of a path, of which there may be thousands.
_has_part(path, parts) if {
	whole := concat("", ["/", path, "/"])
	some part in parts
	contains(whole, concat("", ["/", part, "/"]))
}

_path_error(path) := "is empty" if {
	_api_path(path) in {"", "v1"}
} else := "leads out of itself" if {
	_has_part(split(path, "?")[0], [".", ".."])
} else := "has characters that cannot be shown" if {
	not text.is_printable(path)
}

_is_field(key) if {
	key != ""
	text.is_printable(key)
}

# YAML, as which the provider reads this, has a bound for names; values may have several lines.
_is_argument(name, value) if {
	count(name) <= 256
	text.is_printable(name)
	_is_value(value)
}

_is_value(value) if not is_string(value)

_is_value(value) if text.is_printable_in_lines(value)
