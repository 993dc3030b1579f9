# METADATA
# description: |
#   Go's strconv.ParseBool as vault-k8s uses it: exactly these spellings, nothing trimmed, and an empty text is false.
package podgraft.lib.bool

# METADATA
# description: The boolean that a text spells; undefined where it spells none.
parse(text) := _spellings[text]

# METADATA
# description: What is said of a text that spells no boolean; undefined where it spells one.
error(text) := message if {
	object.get(_spellings, text, null) == null
	message := concat(" ", ["cannot parse '' as bool: strconv.ParseBool: parsing", _quoted(text), "invalid syntax"])
}

_quoted(text) := concat("", [podgraft.quote(text), ":"])

_spellings := {
	"": false,
	"0": false,
	"1": true,
	"F": false,
	"FALSE": false,
	"False": false,
	"T": true,
	"TRUE": true,
	"True": true,
	"f": false,
	"false": false,
	"t": true,
	"true": true,
}
