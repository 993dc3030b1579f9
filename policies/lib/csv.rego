# METADATA
# description: Comma-separated lists in one text.
package podgraft.lib.csv

# METADATA
# description: The items in their order, blanks around them taken away, empty ones left out.
items(text) := [item |
	some part in split(text, ",")
	item := trim_space(part)
	item != ""
]
