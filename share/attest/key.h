#ifndef ATTEST_KEY_H
#define ATTEST_KEY_H
/*
 * Keys of P-256 and P-384, what holds them, and what they signed, by OpenSSL.  Its own
 * way from a certificate to a key, which is the way to any kind of key, takes longer than
 * a signature; so certificates are read without it, and keys made from their points.
 */
#include <openssl/x509.h>

#include "attest/bytes.h"
#include "base/err.h"

/* A certificate, all of der; NULL when it is not well-formed.  It is of a library context
 * that knows no algorithm, so that X509_get0_pubkey() and X509_check_purpose(), and what
 * builds on them, fail: cert_key(), cert_is_ca(), cert_may() say it.  X509_free(). */
CHECKED X509 *cert_read(struct bytes der);

/* Its key, which goes with it; NULL: of no curve of ours, or no point of it. */
EVP_PKEY *cert_key(X509 *x);
/* The curve that the certificate names, NID_X9_62_prime256v1 or another; NID_undef. */
int cert_curve(X509 *x);
/* Whether the certificate is a CA's, and how many CAs may be below: -1 for any number. */
bool cert_is_ca(X509 *x, long *below);
/* Whether the key may be used so: 5 for certificates, 6 for revocation lists (RFC 5280,
 * 4.2.1.3).  Without an extension about it it may. */
bool cert_may(X509 *x, int use);

/* The key of a point of P-256, 64 bytes; NULL and EX_NO: it is not on the curve.
 * Free it with EVP_PKEY_free(). */
CHECKED EVP_PKEY *p256_key(const uint8_t xy[static 64], struct err *e);

/* A signature as DER has it, of the hash `md` of a text; EX_NO.  key: NULL is no key. */
CHECKED int der_sig_verify(EVP_PKEY *key, const EVP_MD *md, struct bytes sig,
    struct bytes signed_part, struct err *e);
/* A signature r, s, big-endian, of half `sig_n` bytes each; EX_NO. */
CHECKED int sig_verify(EVP_PKEY *key, const EVP_MD *md, const uint8_t *sig,
    size_t sig_n, struct bytes signed_part, struct err *e);

/* SHA-256 of n bytes. */
void sha256(uint8_t out[static 32], const void *p, size_t n);

#endif
