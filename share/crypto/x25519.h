#ifndef CRYPTO_X25519_H
#define CRYPTO_X25519_H
/* X25519 (RFC 7748), by libcrypto.  Private keys and results are secrets. */
#include <stdint.h>

#include "base/err.h"

#define X25519_KEY 32

/* The public key of a private one.  EX_OSERR. */
CHECKED int x25519_public(uint8_t pk[static X25519_KEY],
    const uint8_t sk[static X25519_KEY], struct err *e);
/* What both sides have in common.  EX_DATAERR: peer is a point of small order, whose result is
 * zeros (RFC 9180, 7.1.4). */
CHECKED int x25519(uint8_t out[static X25519_KEY],
    const uint8_t sk[static X25519_KEY], const uint8_t peer[static X25519_KEY],
    struct err *e);

#endif
