#ifndef ATTEST_CT_H
#define ATTEST_CT_H
/*
 * Certificate Transparency (RFC 6962): the promises of logs, inside a certificate, to publish
 * it.  Whoever watches the logs then sees every certificate for a domain.  Logs and their keys
 * come from a list as browsers have it (log_list.json, version 3).
 */
#include <jansson.h>

#include "attest/chain.h"

#define CT_LIST_MAX ((size_t)16 << 20)

struct ct_log {
	uint8_t id[32];			/* SHA-256 of the key */
	EVP_PKEY *key;
	const char *name, *operator;	/* the list's */
	bool trusted;			/* it is usable, or was: */
	int64_t retired;		/* since then no more, seconds; INT64_MAX */
	int64_t from, until;		/* of certificates' ends, seconds; 0, INT64_MAX */
};

/* All zero: no logs. */
struct ct_logs {
	json_t *root;
	size_t n;
	struct ct_log *log;
};

/* The text need not stay.  EX_DATAERR; ct_logs_free() either way. */
CHECKED int ct_logs_parse(struct ct_logs *l, struct bytes text, struct err *e);
/* Frees all of it, not *l, and clears it. */
void ct_logs_free(struct ct_logs *l);

/* How many promises in the leaf (the chain's first certificate; the second is its issuer)
 * hold as of `now`, each from another log, and of how many operators.  -1 and EX_NO: one that
 * a log of the list is said to have made does not hold; EX_DATAERR: they are not
 * well-formed. */
CHECKED int ct_count(const struct ct_logs *l, const struct chain *c, int64_t now,
    unsigned *promises, unsigned *operators, struct err *e);
/* Whether they are enough: of two operators, two, or three where the certificate is for more
 * than 180 days; EX_NO, or as ct_count(). */
CHECKED int ct_check(const struct ct_logs *l, const struct chain *c, int64_t now,
    struct err *e);

#endif
