/*
 * Where a program may be fetched.  The network names the place, and whoever sends it a
 * request may have a hand in that; the worker stands where much may be reached that is
 * nobody's else.  So the host must be one that the operator knows, and must not be an
 * address of this machine or of a private network.
 */
#include "worker/worker.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <fnmatch.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* The host of an http or https URL, in lower case; -1: it has none, or an odd one, which
 * others might read differently. */
static int
host_of(char out[static PLACE_HOST], const char *url)
{
	const char *p = strncmp(url, "https://", 8) == 0 ? url + 8 :
	    strncmp(url, "http://", 7) == 0 ? url + 7 : NULL;
	bool v6 = p && *p == '[';
	size_t n;

	if (!p)
		return -1;
	p += v6;
	n = strspn(p, v6 ? "0123456789abcdefABCDEF:." :
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.");
	if (n == 0 || n >= PLACE_HOST || (v6 && p[n] != ']'))
		return -1;
	if (!strchr(":/?", p[n + v6]))	/* or its NUL */
		return -1;
	for (size_t i = 0; i < n; i++)
		out[i] = (char)tolower((unsigned char)p[i]);
	out[n] = '\0';
	/* USER:PASSWORD@HOST */
	p += n + v6;
	return memchr(p, '@', strcspn(p, "/?")) ? -1 : 0;
}

static bool
private_v4(uint32_t a)
{
	static const struct { uint32_t net; int bits; } nets[] = {
		{ 0x00000000, 8 }, { 0x0a000000, 8 }, { 0x64400000, 10 },
		{ 0x7f000000, 8 }, { 0xa9fe0000, 16 }, { 0xac100000, 12 },
		{ 0xc0000000, 24 }, { 0xc0a80000, 16 }, { 0xc6120000, 15 },
		{ 0xe0000000, 3 },
	};

	for (size_t i = 0; i < sizeof nets / sizeof nets[0]; i++)
		if ((a ^ nets[i].net) >> (32 - nets[i].bits) == 0)
			return true;
	return false;
}

static uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static bool
private_v6(const uint8_t a[static 16])
{
	static const uint8_t nat64[12] = { 0, 0x64, 0xff, 0x9b }, zeros[10];

	if (memcmp(a, zeros, 10) == 0)	/* mapped, compatible, ::, ::1 */
		return (a[10] != 0 || a[11] != 0) && (a[10] != 0xff ||
		    a[11] != 0xff) ? true : private_v4(be32(a + 12));
	if (memcmp(a, nat64, 12) == 0)
		return private_v4(be32(a + 12));
	if (a[0] == 0x20 && a[1] == 0x02)	/* 6to4 */
		return private_v4(be32(a + 2));
	return a[0] >> 1 == 0xfc >> 1 || a[0] == 0xff ||
	    (a[0] == 0xfe && a[1] >> 6 == 2);
}

bool
place_private(const struct sockaddr *a)
{
	if (a->sa_family == AF_INET)
		return private_v4(ntohl(
		    ((const struct sockaddr_in *)(const void *)a)->
		    sin_addr.s_addr));
	if (a->sa_family == AF_INET6)
		return private_v6(((const struct sockaddr_in6 *)
		    (const void *)a)->sin6_addr.s6_addr);
	return true;
}

/* Is any of its addresses private?  A name that is not known here is for the proxy of
 * the environment to know, or nobody's. */
static bool
host_private(const char *host)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list, *a;
	bool is = false;

	if (getaddrinfo(host, NULL, &hints, &list) != 0)
		return false;
	for (a = list; a; a = a->ai_next)
		is = is || place_private(a->ai_addr);
	freeaddrinfo(list);
	return is;
}

int
place_allowed(const struct places *p, const char *url,
    char host[static PLACE_HOST])
{
	char own[PLACE_HOST];
	bool named;

	if (host_of(host, url) < 0) {
		strcpy(host, "?");
		return 0;
	}
	named = p->n == 0 && ((host_of(own, p->network) == 0 &&
	    strcmp(own, host) == 0) || fnmatch(PLACE_STORE, host, 0) == 0);
	for (size_t i = 0; i < p->n; i++)
		named = named || fnmatch(p->patterns[i], host, 0) == 0;
	return named && (p->private || !host_private(host));
}
