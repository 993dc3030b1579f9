# METADATA
# description: Ports of a network.
package podgraft.lib.port

import data.podgraft.lib.integer

# METADATA
# description: The port that a text of digits alone spells; undefined where it is none.
parse(text) := port if {
	port := integer.parse_unsigned(text)
	port >= 1
	port <= 65535
}
