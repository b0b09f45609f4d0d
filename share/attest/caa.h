#ifndef ATTEST_CAA_H
#define ATTEST_CAA_H
/*
 * Who may get certificates for a domain, by what its DNS says: CAA records (RFC 8659, and
 * RFC 8657 for accounts and methods) and _validation-persist records (dns-persist-01,
 * draft-ietf-acme-dns-persist), which let an account be validated for good.  The answer that is
 * looked for is: one account of one CA, and nobody else.
 */
#include "attest/dns.h"
#include "attest/verdict.h"

#define CAA_ACCOUNT 512		/* room for an account's URL, with its NUL */

/* What one record allows (RFC 8659, 4.2). */
struct issue_value {
	char issuer[DNS_NAME];		/* small letters; "": no CA at all */
	bool has_account;
	char account[CAA_ACCOUNT];	/* accounturi, as written */
	bool has_methods;
	char methods[256];		/* validationmethods, as written */
	bool wildcard;			/* policy=wildcard */
	bool has_until;
	int64_t until;			/* persistUntil, seconds since 1970 */
};

/* EX_DATAERR: not of RFC 8659's grammar, or a parameter twice.  Parameters that are not known
 * are passed over. */
CHECKED int issue_value_parse(struct issue_value *v, const char *text, size_t n,
    struct err *e);

/* Who may: both strings are the caller's. */
struct caa_rule {
	const char *issuer;		/* the CA's domain, in small letters */
	const char *account;		/* its URL */
};

/* Whether the account's URL is of the CA: https, a host in or below `issuer`. */
bool account_is_of(const char *account, const char *issuer);

/* Where a CA looks: the records at the name, or where its aliases lead, else those of the
 * next name above that has any.  1, and where they are; 0: nowhere; -1 and EX_NO. */
CHECKED int caa_find(char at[static DNS_NAME], const struct dns *d,
    const char *name, struct err *e);
/* Whether CAA keeps all but the rule's account from a certificate for the domain, which may
 * begin with "*."; what is found goes into detail.  EX_NO tells who else may.  w gets what would
 * stop a renewal; may be NULL. */
CHECKED int caa_check(char detail[static 200], const struct dns *d,
    const char *domain, const struct caa_rule *rule, struct attest_warnings *w,
    struct err *e);
/* The same of _validation-persist records at the domain and above it, as of `now`. */
CHECKED int persist_check(const struct dns *d, const char *domain,
    const struct caa_rule *rule, int64_t now, struct attest_warnings *w,
    struct err *e);

#endif
