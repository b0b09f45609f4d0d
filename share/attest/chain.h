#ifndef ATTEST_CHAIN_H
#define ATTEST_CHAIN_H
/*
 * Certificates and revocation lists, by OpenSSL, under rules narrower than those of
 * the web: chains are given in full, in order, from the leaf to a root that must be
 * the pinned one byte for byte; one curve and hash; critical extensions that OpenSSL
 * does not know are refused.
 */
#include "attest/key.h"

#define CHAIN_MAX 8

/* All zero: empty. */
struct chain {
	size_t n;		/* the leaf first */
	X509 *x[CHAIN_MAX];
	struct bytes der[CHAIN_MAX];
};

/* From PEM, at most CHAIN_MAX of them; EX_DATAERR.  Unless `loose`, the text must be
 * as OpenSSL would write it, but that a NUL may follow: in a quote nobody signs it,
 * so that another spelling is a place to hide text.  known: chains that end with
 * NULL, or NULL, whose certificates need not be parsed again, which is most of the
 * work.  Frees nothing on failure: chain_free(). */
CHECKED int chain_pem(struct chain *c, struct bytes text, bool loose,
    const struct chain *const *known, struct err *e);
/* Frees certificates and their DER, not *c, and clears it. */
void chain_free(struct chain *c);
/* Another one of the same certificates, to be freed too. */
CHECKED int chain_copy(struct chain *c, const struct chain *of, struct err *e);

/* Whether two chains are of the same certificates, byte for byte. */
bool chain_equal(const struct chain *a, const struct chain *b);

/* One certificate in DER or PEM, the whole of it; EX_DATAERR. */
CHECKED int chain_one(struct chain *c, struct bytes text, struct err *e);

/* What a chain must be like. */
struct chain_rule {
	size_t n;			/* certificates */
	const char *const *names;	/* their common names; NULL: any */
	bool ca;			/* the first one is a CA too */
	int signature;			/* NID_ecdsa_with_SHA256, ... */
	int curve;			/* of all keys: NID_X9_62_prime256v1, ... */
	const char *critical;	/* beginning of the extensions that may be critical
				 * beside those that OpenSSL knows; NULL: none */
};

/* Whether the chain keeps the rule: each is signed by the next, and the last is `root`,
 * byte for byte.  Dates are not looked at.  The signatures on the last `verified`
 * certificates are known to hold.  EX_NO tells which certificate is wrong, and how. */
CHECKED int chain_verify(const struct chain *c, const struct chain_rule *rule,
    const struct chain *root, size_t verified, struct err *e);
/* Whether all of them are valid at `now`, the first and last second included; EX_NO. */
CHECKED int chain_date(const struct chain *c, int64_t now, struct err *e);
/* The first and last second of one; -1 for what is no date. */
void cert_dates(X509 *x, int64_t *from, int64_t *until);
/* Whether the subject has this common name, and no other. */
bool cert_named(X509 *x, const char *name);
/* Whether two certificates have the same name and key. */
bool same_subject(X509 *a, X509 *b);

/* DER, the whole of it; NULL and EX_DATAERR. */
CHECKED X509_CRL *crl_read(struct bytes der, struct err *e);
/* Issued and signed by `by`, of its time at `now`; EX_NO. */
CHECKED int crl_verify(X509_CRL *crl, X509 *by, int64_t now, struct err *e);
/* Whether the list has the certificate's serial number, for any reason. */
bool crl_lists(X509_CRL *crl, X509 *x);
/* When a list was made; from crl_verify()'s point of view it is a date. */
int64_t crl_made(const X509_CRL *crl);
/* The last second of its time. */
int64_t crl_until(const X509_CRL *crl);

#endif
