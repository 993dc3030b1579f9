package podgraft.lib.url_test

import data.podgraft.lib.url

test_scheme if {
	url.scheme("https://vault:8200") == "https"
	url.scheme("HTTP://x") == "http"
	url.scheme("vault:8200") == "vault"
	url.scheme("a+b-c.d1:x") == "a+b-c.d1"
}

test_scheme_none if {
	every text in ["", "vault", "//vault", ":x", "1x:y", "a b:c", "é:x", "{x}:y"] { url.scheme(text) == "" }
}

test_authority if {
	url.authority("https://vault:8200/v1?x#y") == "vault:8200"
	url.authority("https://a:b@vault") == "a:b@vault"
	url.authority("https://vault?x") == "vault"
	url.authority("https://vault#x/y") == "vault"
	url.authority("//vault/x") == "vault"
}

test_authority_none if {
	every text in ["vault:8200", "https:vault", "https:/vault", "https://", "https:///x", ""] { url.authority(text) == "" }
}

test_host if {
	url.host("https://Vault.Shop:8200/x") == "vault.shop"
	url.host("https://localhost.:1") == "localhost"
	url.host("https://[::1]:8200") == "::1"
	url.host("https://[FE80::1%25eth0]/") == "fe80::1%25eth0"
	url.host("https://a:b@127.0.0.1:8200") == "127.0.0.1"
	url.host("https://:8200") == ""
}

test_normalised if {
	url.normalised("HTTPS://Vault:8200/") == "https://vault:8200"
	url.normalised("https://vault") == "https://vault"
	url.normalised("https://vault/Path//") == "https://vault/Path/"
	url.normalised("https://vault:8200/v1") == "https://vault:8200/v1"
}
