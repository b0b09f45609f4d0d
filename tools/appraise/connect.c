#include "appraise/connect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* HOST:PORT or [V6]:PORT, apart. */
static int
split(struct tunnel_options *t, const char *where, struct err *e)
{
	char *host = strdup(where), *colon;

	if (host == NULL)
		return err_set(e, EX_OSERR, "out of memory");
	colon = strrchr(host, ':');
	if (!colon || colon == host) {
		free(host);
		return err_set(e, EX_USAGE, "--connect %s is not HOST:PORT", where);
	}
	*colon = '\0';
	t->port = colon + 1;
	if (*host == '[' && colon[-1] == ']') {
		colon[-1] = '\0';
		host++;
	}
	t->host = host;
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
