# METADATA
# description: Slash-separated paths, as Go's package path knows them.
package podgraft.lib.path

# METADATA
# description: The two parts as one path, written in its shortest form; an empty first part does not count.
join(folder, file) := clean(file) if {
	folder == ""
} else := clean(concat("/", [folder, file]))

# METADATA
# description: The shortest path that means the same.
clean(text) := text if {
	_is_clean(text)
} else := podgraft.path_clean(text)

# METADATA
# description: Whether a clean path lies in a folder, itself given in any form.
# scope: document
within(text, folder) if {
	root := clean(folder)
	root != "."
	startswith(text, concat("", [trim_right(root, "/"), "/"]))
}

within(text, folder) if {
	clean(folder) == "."
	not startswith(text, "/")
	not text in {".", ".."}
	not startswith(text, "../")
}

# Spares the call for the paths that people write.
_is_clean(text) if {
	startswith(text, "/")
	not contains(text, "//")
	not contains(text, "/.")
	not endswith(text, "/")
}
