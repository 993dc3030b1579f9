package podgraft.lib.url_test

import data.podgraft.lib.url

test_error if {
	url.error(":8200") == `parse ":8200": missing protocol scheme`
	url.error("1.2.3.4:8200/x") == `parse "1.2.3.4:8200/x": first path segment in URL cannot contain colon`
	url.error("https://[::1:8200") == `parse "https://[::1:8200": missing ']' in host`
	url.error("https://a b/c#d") == `parse "https://a b/c": invalid character " " in host name`
	url.error("https://x:y@vault:80a/") == `parse "https://x:y@vault:80a/": invalid port ":80a" after host`
	url.error("https://[::1]8200") == `parse "https://[::1]8200": invalid port "8200" after host`
}

test_error_none if {
	every text in ["", "vault", "vault:8200", "/a:b", "x/a:b", "x?a:b", "https://vault:8200", "https://vault:", "https://[::1]", "https://[::1]:8200", "https://a:b@vault/x y:z"] {
		not url.error(text)
	}
}

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

test_unreachable if {
	url.unreachable("not a url") == "begins with none of https://, http:// and unix://"
	url.unreachable("vault:8200") == "begins with none of https://, http:// and unix://"
	url.unreachable("https://") == "has no host"
	url.unreachable("https://vault:port") == `parse "https://vault:port": invalid port ":port" after host`
	every text in ["https://vault:8200", "HTTP://10.0.0.1", "http://[::1]:8200/path", "unix:///run/agent.sock"] {
		not url.unreachable(text)
	}
}
