#ifndef ATTEST_LOGGED_H
#define ATTEST_LOGGED_H
/*
 * The certificates that were issued for a domain, as whoever watches the logs gives them: where
 * one has a key that nobody attests to, somebody else can pass for the domain.
 */
#include <openssl/x509.h>

#include "attest/bytes.h"
#include "base/err.h"

#define LOGGED_TEXT_MAX ((size_t)64 << 20)

/* All zero: none. */
struct logged {
	size_t n;
	X509 **x;
};

/* PEM, with blanks alone between, which need not stay.  EX_DATAERR; logged_free() either way. */
CHECKED int logged_parse(struct logged *l, struct bytes text, struct err *e);
/* Frees all of it, not *l, and clears it. */
void logged_free(struct logged *l);

/* Whether a certificate would serve for a domain, which may be a wildcard: then for any name of
 * one label before the rest. */
bool cert_is_for(X509 *x, const char *domain);

/* Whether each of them that is for the domain, and of its time at `now`, has a key that known(c,
 * SHA-256 of its SubjectPublicKeyInfo) says yes to; *looked counts those that it was asked about.
 * EX_NO: the first that has not. */
CHECKED int logged_check(const struct logged *l, const char *domain, int64_t now,
    bool (*known)(const void *c, const uint8_t *spki), const void *c, size_t *looked,
    struct err *e);

#endif
