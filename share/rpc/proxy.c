#include "rpc/proxy.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A host, as a name or as the bytes of an address. */
struct host {
	char name[256];		/* without brackets and a dot at the end */
	uint8_t address[16];
	size_t n;		/* of the address: 0, 4 or 16 */
};

static size_t
address_of(uint8_t out[static 16], const char *text)
{
	return inet_pton(AF_INET, text, out) == 1 ? 4 :
	    inet_pton(AF_INET6, text, out) == 1 ? 16 : 0;
}

static void
set_host(struct host *h, const char *text, size_t n)
{
	if (n && *text == '[') {
		text++;
		n--;
		if (n && text[n - 1] == ']')
			n--;
	}
	if (n && text[n - 1] == '.')
		n--;
	snprintf(h->name, sizeof h->name, "%.*s", (int)n, text);
	h->n = address_of(h->address, h->name);
}

/* By libcurl's own parser: it knows other ways to write an address. */
static bool
host_of(struct host *h, char scheme[static 8], const char *url)
{
	CURLU *u = curl_url();
	char *host = NULL, *s = NULL;
	bool good = u && curl_url_set(u, CURLUPART_URL, url, 0) == 0 &&
	    curl_url_get(u, CURLUPART_SCHEME, &s, 0) == 0 && strlen(s) < 8 &&
	    curl_url_get(u, CURLUPART_HOST, &host, 0) == 0;

	if (good) {
		strcpy(scheme, s);
		set_host(h, host, strlen(host));
	}
	curl_free(s);
	curl_free(host);
	curl_url_cleanup(u);
	return good;
}

static bool
ends_in(const char *name, const char *domain)
{
	size_t n = strlen(name), k = strlen(domain);

	return k && n >= k && strcasecmp(name + n - k, domain) == 0 &&
	    (n == k || name[n - k - 1] == '.');
}

static bool
loopback(const struct host *h)
{
	static const uint8_t one[16] = { [15] = 1 };

	return h->n == 4 ? h->address[0] == 127 :
	    h->n == 16 ? memcmp(h->address, one, 16) == 0 :
	    ends_in(h->name, "localhost");
}

static bool
same_bits(const uint8_t *a, const uint8_t *b, size_t bits)
{
	size_t whole = bits / 8;

	return memcmp(a, b, whole) == 0 && (bits % 8 == 0 ||
	    (a[whole] ^ b[whole]) >> (8 - bits % 8) == 0);
}

/* Is it what one word of no_proxy means: a domain, an address, a network? */
static bool
listed(const struct host *h, const char *word, size_t n)
{
	const char *slash = memchr(word, '/', n);
	struct host net;
	size_t bits;

	if (n && *word == '.') {
		word++;
		n--;
	}
	set_host(&net, word, slash && slash > word ? (size_t)(slash - word) : n);
	if (!h->n)
		return !slash && ends_in(h->name, net.name);
	bits = slash ? (size_t)strtoul(slash + 1, NULL, 10) : 8 * h->n;
	return net.n == h->n && bits <= 8 * h->n &&
	    same_bits(h->address, net.address, bits);
}

/* Its value, and its name in *variable; an empty one counts as none. */
static const char *
set_in(const char *name, const char **variable)
{
	const char *value = getenv(name);

	if (!value || !*value)
		return NULL;
	*variable = name;
	return value;
}

static bool
excepted(const struct host *h)
{
	const char *name, *list = set_in("no_proxy", &name);

	if (!list)
		list = set_in("NO_PROXY", &name);
	if (!list)
		return false;
	if (strcmp(list, "*") == 0)
		return true;
	while (*(list += strspn(list, ", \t"))) {
		size_t n = strcspn(list, ", \t");

		if (listed(h, list, n))
			return true;
		list += n;
	}
	return false;
}

const char *
proxy_for(const char *url, const char **variable)
{
	static const char *const https[] = { "https_proxy", "HTTPS_PROXY",
		"all_proxy", "ALL_PROXY", NULL };
	/* HTTP_PROXY is what a CGI program's client sends as a header. */
	static const char *const http[] = { "http_proxy", "all_proxy",
		"ALL_PROXY", NULL };
	const char *proxy = NULL;
	char scheme[8];
	struct host h;

	*variable = NULL;
	if (!host_of(&h, scheme, url) || loopback(&h) || excepted(&h))
		return NULL;
	for (const char *const *name = strcmp(scheme, "https") == 0 ? https : http;
	    !proxy && *name; name++)
		proxy = set_in(*name, variable);
	return proxy;
}

bool
proxy_passes_h2c(const char *proxy)
{
	return strncasecmp(proxy, "socks", 5) == 0;
}
