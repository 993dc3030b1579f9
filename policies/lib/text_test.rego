package podgraft.lib.text_test

import data.podgraft.lib.text

test_is_printable if {
	every written in ["", "secret/data/db#password", "a b", `a "quoted" \ text`, "größe/€", "日本", "😀"] {
		text.is_printable(written)
	}
}

test_is_printable_not if {
	every written in ["a\nb", "\u0000", "a\tb", "\u007f", "a\u0085b", "a\u00a0b", "\u2028", "\ufeffx", "\u200b"] {
		not text.is_printable(written)
	}
}

test_is_printable_in_lines if {
	every written in ["", "a", "a\nb\r\n\tc", `"\n"`, "größe\n"] { text.is_printable_in_lines(written) }
	every written in ["\u0000", "a\n\u007f", "\u200b", "a\u2028b"] { not text.is_printable_in_lines(written) }
}

test_bytes if {
	every written, length in {"": 0, "a": 1, "ab": 2, "abc": 3, "abcd": 4, "é": 2, "€": 3, "😀": 4, "a€": 4} {
		text.bytes(written) == length
	}
}
