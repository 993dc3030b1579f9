package podgraft.lib.annotations_test

import data.podgraft.lib.annotations

test_under_strips_the_prefix if {
	given := {"a.b/c": "1", "a.b/": "2", "a.bc/d": "3", "c": "4"}
	annotations.under("a.b/") == {"c": "1", "": "2"} with input.request.object.metadata.annotations as given
}

test_under_without_annotations if annotations.under("a") == {} with input as {"request": {"object": {}}}
