# METADATA
# description: The annotations of the pod under review.
# schemas:
#   - input: schema.input
package podgraft.lib.annotations

# METADATA
# description: The annotations whose keys begin with a prefix, without it.
under(prefix) := {trim_prefix(key, prefix): text |
	some key, text in input.request.object.metadata.annotations
	startswith(key, prefix)
}
