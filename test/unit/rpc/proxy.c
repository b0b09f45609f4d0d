/* Which proxy the environment names for a URL. */
#include "rpc/proxy.h"

#include <stdlib.h>
#include <string.h>

#include "test/lib/tap.h"

static void
through(const char *url, const char *want, const char *from)
{
	const char *variable, *got = proxy_for(url, &variable);

	is_str(got ? got : "direct", want, "%s", url);
	is_str(variable ? variable : "none", from, "by its variable");
}

#define direct(url) through(url, "direct", "none")

static void
clear(void)
{
	static const char *const all[] = { "http_proxy", "HTTP_PROXY",
		"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
		"no_proxy", "NO_PROXY" };

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		unsetenv(all[i]);
}

static void
variables(void)
{
	clear();
	direct("https://h/");
	setenv("HTTP_PROXY", "P", 1);
	direct("http://h/");
	setenv("ALL_PROXY", "A", 1);
	through("http://h/", "A", "ALL_PROXY");
	through("https://h:1/x?y", "A", "ALL_PROXY");
	setenv("all_proxy", "a", 1);
	through("https://h/", "a", "all_proxy");
	setenv("HTTPS_PROXY", "S", 1);
	through("https://h/", "S", "HTTPS_PROXY");
	through("http://h/", "a", "all_proxy");
	setenv("https_proxy", "s", 1);
	through("https://h/", "s", "https_proxy");
	setenv("http_proxy", "p", 1);
	through("HTTP://h/", "p", "http_proxy");
	setenv("https_proxy", "", 1);
	through("https://h/", "S", "HTTPS_PROXY");
}

static void
loopback(void)
{
	clear();
	setenv("all_proxy", "a", 1);
	direct("http://127.0.0.1:1/x");
	direct("https://127.9.9.9/");
	direct("https://127.1/");
	direct("https://[::1]:5/");
	direct("https://localhost/");
	direct("https://LocalHost:1/");
	direct("https://a.localhost./");
	through("https://localhost.example/", "a", "all_proxy");
	through("https://notlocalhost/", "a", "all_proxy");
	through("https://128.0.0.1/", "a", "all_proxy");
	through("https://127.0.0.1@h/", "a", "all_proxy");
}

static void
exceptions(void)
{
	clear();
	setenv("all_proxy", "a", 1);
	setenv("NO_PROXY", "z", 1);
	direct("https://z/");
	setenv("no_proxy", "example.org, .example.net 10.0.0.0/9,192.0.2.1\t"
	    "2001:db8::/33,[2001:db9::1]", 1);
	through("https://z/", "a", "all_proxy");
	direct("https://example.org/");
	direct("https://A.Example.ORG.:1/");
	through("https://notexample.org/", "a", "all_proxy");
	direct("https://a.example.net/");
	direct("https://example.net/");
	direct("https://10.127.0.1/");
	through("https://10.128.0.1/", "a", "all_proxy");
	direct("https://192.0.2.1/");
	through("https://192.0.2.2/", "a", "all_proxy");
	direct("https://[2001:db8:7fff::1]/");
	through("https://[2001:db8:8000::1]/", "a", "all_proxy");
	direct("https://[2001:db9::1]/");
	setenv("no_proxy", "*", 1);
	direct("https://h/");
	setenv("no_proxy", "", 1);
	direct("https://z/");
	through("https://h/", "a", "all_proxy");
}

int
main(void)
{
	variables();
	loopback();
	exceptions();
	ok(proxy_passes_h2c("socks5h://p") && !proxy_passes_h2c("http://p") &&
	    !proxy_passes_h2c("p:8080"), "HTTP/2 without TLS through SOCKS alone");
	return done_testing();
}
