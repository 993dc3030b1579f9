# METADATA
# description: Texts that stand in a command.
package podgraft.lib.shell

# METADATA
# description: Whether a text means nothing but itself to a shell. The empty text counts too.
is_word(text) if {
	trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./@%+=:,-") == ""
}
