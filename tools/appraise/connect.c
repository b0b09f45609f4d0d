#include "appraise/connect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Digits, of a port. */
static bool
is_port(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n > 0 && n <= 5 && s[n] == '\0' && atoi(s) > 0 && atoi(s) < 65536;
}

/* HOST:PORT or [V6]:PORT, apart. */
static int
split(struct tunnel_options *t, const char *where, struct err *e)
{
	char *host = strdup(where), *colon;
	size_t n;

	if (host == NULL)
		return err_set(e, EX_OSERR, "out of memory");
	colon = strrchr(host, ':');
	n = colon ? (size_t)(colon - host) : 0;
	if (n > 2 && *host == '[' && host[n - 1] == ']')
		host[n - 1] = '\0';
	else if (strcspn(host, ":/[]") != n)
		n = 0;
	if (n == 0 || !is_port(colon + 1)) {
		free(host);
		return err_set(e, EX_USAGE, "--connect %.100s is not HOST:PORT", where);
	}
	*colon = '\0';
	t->port = colon + 1;
	t->host = *host == '[' ? host + 1 : host;
	/* Both are for as long as the program runs. */
	/* cppcheck-suppress memleak */
	return 0;
}

int
connect_options(struct tunnel_options *t, struct attested_options *by,
    struct options *o, struct err *e)
{
	char *url;

	*by = (struct attested_options){ .policy = o->policy, .root = o->root,
	    .collateral = o->collaterals.of[0].path, .pccs = o->pccs };
	*t = (struct tunnel_options){ .cli = &o->cli, .attested = by };
	if (asprintf(&url, "https://%s", o->connect) < 0)
		return err_set(e, EX_OSERR, "out of memory");
	o->cli.url = url;
	return split(t, o->connect, e);
}
