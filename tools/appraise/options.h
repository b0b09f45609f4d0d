#ifndef APPRAISE_OPTIONS_H
#define APPRAISE_OPTIONS_H
/*
 * What sp1-attest is told on its command line, and what may not be told together.
 */
#include "attest/bytes.h"
#include "attested/attested.h"
#include "rpc/cli.h"

#define FILES_MAX 10000		/* of a kind */

/* Files of one kind. */
struct files {
	int n;
	struct file {
		const char *path;		/* or a URL */
		struct bytes text;		/* once it is read */
		struct attest_asked *asked;	/* a URL: how it was asked */
	} of[FILES_MAX];
};

/* Paths, but where it says otherwise; NULL: not given. */
struct options {
	struct files quotes, collaterals, rims;
	const char *now;		/* a time, as text */
	const char *policy, *event_log, *app_compose, *gpu;
	const char *ingress;		/* a folder */
	const char *cert, *log_list, *logged;
	const char *domain;		/* a name */
	const char *dns, *dns_anchor;
	const char *resolver;		/* an address */
	const char *root, *gpu_root, *rim_root;
	const char *pccs;		/* a URL, or PCS_INTEL */
	const char *connect, *listen;	/* HOST:PORT, a port */
	int write_policy, json;
	struct rpc_cli cli;		/* for evidence from a URL */
};

/* One more, whose path stays the caller's.  EX_USAGE: more than FILES_MAX. */
CHECKED int files_add(struct files *f, const char *path, struct err *e);

/* Where there is an ingress and no quote, the quote is the one beside the files that it attests
 * to.  EX_USAGE: the folder's path is too long. */
CHECKED int options_ingress_quote(struct options *o, struct err *e);
/* Whether these go together, when quotes are to be judged; EX_USAGE. */
CHECKED int options_check(const struct options *o, struct err *e);
/* The same for a tunnel: with `connect`. */
CHECKED int options_check_tunnel(const struct options *o, struct err *e);

#endif
