#ifndef ATTESTED_ATTESTED_H
#define ATTESTED_ATTESTED_H
/*
 * An enclave that has shown evidence (sp1-evidence(5)): taken over a connection and judged
 * here, or told by a record of sp1-attest(1).
 */
#include "attest/verify.h"
#include "crypto/hpke.h"
#include "rpc/cli.h"

/* What of it others build on. */
struct attested {
	uint8_t statement[32];		/* SHA-256 of the statement */
	int kem;			/* of the key: X-Wing where there is one */
	uint8_t key[HPKE_PUBLIC_MAX];	/* to seal to */
	bool has_tls_key;
	uint8_t tls_key[32];		/* SHA-256 of its SubjectPublicKeyInfo */
	uint64_t not_after;		/* unix time */
};

/* By what it is judged: files, but for pccs. */
struct attested_options {
	const char *policy, *collateral, *root;
	const char *pccs;	/* a URL, or PCS_INTEL; instead of collateral */
};

/* Rows for a table of struct arg_opt: where collateral is asked for, and all that is about
 * a struct attested_options. */
#define ATTESTED_PCCS(url) \
	{ 0, "pccs", "URL", "ask there what Intel says (\"intel\": Intel itself), " \
	    "and keep it", .value = &(url) }
#define ATTESTED_OPTIONS(o) \
	{ 0, "attest", "POLICY", "take the key from evidence that the policy " \
	    "accepts", .value = &(o).policy }, \
	{ 0, "collateral", "FILE", "what Intel says of its platform", \
	    .value = &(o).collateral }, \
	ATTESTED_PCCS((o).pccs), \
	{ 0, "rim", "FILE", "NVIDIA's measurements of a driver or VBIOS", \
	    .each = attested_add_rim }, \
	{ 0, "trust-root", "FILE", "another root than Intel's, for tests", \
	    .value = &(o).root }
/* One more file of reference measurements. */
void attested_add_rim(const char *path);
/* Whether these two, each NULL if it is not given, go together; EX_USAGE. */
CHECKED int attested_check(const char *collateral, const char *pccs, struct err *e);
/* Why there is no collateral, EX_NO, and what gives it. */
void attested_no_collateral(struct err *e);

/* Asks the server that `cli` names, with a nonce of our own, over a connection whose names
 * *asked then has.  The answer is to be freed with free(). */
CHECKED int attested_fetch(const struct rpc_cli *cli, struct attest_asked *asked,
    uint8_t **out, size_t *n, struct err *e);

/* The same, judged as of now, apart (attested/apart.h): whoever answers can at worst have
 * itself believed.  With pccs the collateral is asked for before.  EX_NO: the first check that
 * failed; EX_DATAERR: something is malformed; files as attested_options has them are
 * EX_NOINPUT, EX_CONFIG; as pcs_get() fails. */
CHECKED int attested_now(struct attested *out, const struct rpc_cli *cli,
    const struct attested_options *o, struct err *e);

/* From a record of sp1-attest at most max_age seconds old, whose statement holds still.
 * EX_NO: it does not, or the record says that the evidence is not valid; EX_DATAERR: no
 * such record. */
CHECKED int attested_record(struct attested *out, const char *path, uint64_t max_age,
    struct err *e);

#endif
