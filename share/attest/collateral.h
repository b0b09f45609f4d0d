#ifndef ATTEST_COLLATERAL_H
#define ATTEST_COLLATERAL_H
/*
 * What Intel publishes for verifiers, in one JSON object: as dcap-qvl saves it
 * (QuoteCollateralV3), or with Intel's own answers,
 * {"tcbInfo":{..},"signature":".."}, in place of the signed texts, as strings or as
 * objects.
 */
#include "attest/chain.h"
#include "attest/tcb.h"
#include "attest/verdict.h"

#define COLLATERAL_MAX ((size_t)16 << 20)

struct signed_text {
	struct bytes text;		/* exactly what was signed */
	uint8_t signature[64];
};

struct collateral {
	json_t *root;			/* what the texts are in */
	struct chain tcb_signer, qe_signer;	/* signer, root */
	struct chain pck_ca;		/* the platforms' CA, root */
	struct chain pck_chain;		/* for quotes without one; may be empty */
	X509_CRL *root_crl, *pck_crl;
	struct signed_text tcb_text, qe_text;
	struct tcb_info tcb;
	struct qe_identity qe;
};

/* The text must stay.  root: the pinned one, which is not parsed again.  EX_DATAERR;
 * collateral_free() either way. */
CHECKED int collateral_parse(struct collateral *c, struct bytes text,
    const struct chain *root, struct err *e);
/* Frees all of it, not *c, and clears it; an empty one too. */
void collateral_free(struct collateral *c);

/* The checks from tcb_info_signer to signer_revocation, but for what depends on the
 * quote's kind.  root: the pinned one, alone in its chain. */
void collateral_verify(struct attest_checks *k, const struct collateral *c,
    const struct chain *root, int64_t now);

/* When the oldest of its four dated parts was made. */
int64_t collateral_made(const struct collateral *c);
/* The last second of the first of them that ends. */
int64_t collateral_until(const struct collateral *c);

/* Intel's root as built in. */
struct bytes intel_root(void);
/* Whether a certificate is named as one of Intel's two CAs for platforms. */
bool pck_ca_named(X509 *x);
/* Of a platform's chain: leaf, one of these CAs, root. */
extern const struct chain_rule pck_rule;

#endif
