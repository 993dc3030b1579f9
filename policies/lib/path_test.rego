package podgraft.lib.path_test

import data.podgraft.lib.path

test_clean if {
	every text, cleaned in {
		"/vault/secrets/db": "/vault/secrets/db",
		"/a//b": "/a/b",
		"/a/./b/": "/a/b",
		"/a/../../b": "/b",
		"a/b": "a/b",
		"../a": "../a",
		"": ".",
		"/": "/",
	} {
		path.clean(text) == cleaned
	}
}

test_join if {
	path.join("/s/", "token") == "/s/token"
	path.join("/s", "/abs") == "/s/abs"
	path.join("/s", "../../etc") == "/etc"
	path.join("", "token") == "token"
}

test_within if {
	path.within("/s/a", "/s")
	path.within("/s/a/b", "/s//")
	path.within("/a", "/")
	path.within("a", "")
	path.within("x/a", "x")
}

test_within_outside if {
	not path.within("/s", "/s")
	not path.within("/secrets/a", "/s")
	not path.within("/etc", "/s")
	not path.within("/a", "")
	not path.within("../a", "")
	not path.within("..", ".")
	not path.within(".", "")
}
