package podgraft.lib.shell_test

import data.podgraft.lib.shell

test_is_word if {
	every text in ["", "a", "/run/s", "a_b.c@d%e+f=g:h,i-j", "Z9"] { shell.is_word(text) }
}

test_is_no_word if {
	every text in ["a b", "$x", "a;b", "a\nb", "`", "\"", "'", "*", "~", "ż", "&", "|", ">", `\`, "a\u0000"] {
		not shell.is_word(text)
	}
}
