#ifndef ATTESTED_PCS_H
#define ATTESTED_PCS_H
/*
 * Collateral from Intel's provisioning certification service (its API of version 4) or a cache
 * of it (PCCS), kept in a folder until the first of its parts is to be replaced.  What comes is
 * as good as its signatures: collateral_verify() says.
 */
#include "attest/chain.h"

/* The word for Intel's own service, which needs no subscription for this. */
#define PCS_INTEL "intel"

/* Which collateral a quote needs. */
struct pcs_need {
	bool tdx;
	bool processor;		/* of Intel's two CAs for platforms: this one */
	uint8_t fmspc[6];
};

/* By the certificates in a quote, in any form that evidence has, looked at apart
 * (attested/apart.h); EX_DATAERR: malformed; EX_NO: it brings no chain. */
CHECKED int pcs_need(struct pcs_need *n, struct bytes evidence, struct err *e);

/* $XDG_CACHE_HOME/sp1-private/collateral, or the same in ~/.cache; false: neither is set. */
CHECKED bool pcs_folder(char *out, size_t size);

/* pcs_collateral() with that folder.  That the collateral cannot be kept is said on standard
 * error. */
CHECKED int pcs_get(uint8_t **out, size_t *n, const struct pcs_need *need,
    const char *url, const struct chain *root, int64_t now, struct err *e);

/* The collateral, to be freed, as collateral_parse() takes it: from the folder (NULL: none)
 * where it is of its time at `now`, else from the service at url (PCS_INTEL, http:// or
 * https://), and kept.  What comes is parsed, with root, apart.  EX_TEMPFAIL: the service is
 * not reached; EX_NOINPUT: it has none for the platform; EX_PROTOCOL: what it answers is no
 * collateral.  A folder that cannot be written fails nothing: *unkept then says why, with a
 * status. */
CHECKED int pcs_collateral(uint8_t **out, size_t *n, const struct pcs_need *need,
    const char *url, const char *folder, const struct chain *root, int64_t now,
    struct err *unkept, struct err *e);

#endif
