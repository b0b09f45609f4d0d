#ifndef CRYPTO_XWING_H
#define CRYPTO_XWING_H
/*
 * X-Wing (draft-connolly-cfrg-xwing-kem): a KEM of ML-KEM-768 (FIPS 203) and X25519, as strong as
 * the stronger of the two.  What is recorded today stays closed when X25519 falls.
 *
 * ML-KEM is mlkem-native 2.0.0's portable C (crypto/mlkem/), as it was published, without the
 * code for single processors; its licence is with it.
 */
#include <stdint.h>

#include "base/err.h"

#define XWING_SEED 32		/* a private key */
#define XWING_PUBLIC 1216	/* ML-KEM's 1184, X25519's 32 */
#define XWING_CIPHERTEXT 1120	/* ML-KEM's 1088, X25519's 32 */
#define XWING_SECRET 32
#define XWING_COINS 64		/* what encapsulation takes from chance */

/* The public key of a private one.  EX_OSERR. */
CHECKED int xwing_public(uint8_t pk[static XWING_PUBLIC],
    const uint8_t seed[static XWING_SEED], struct err *e);
/* A secret and what carries it to the key's owner.  EX_DATAERR: no public key. */
CHECKED int xwing_encapsulate(uint8_t secret[static XWING_SECRET],
    uint8_t ct[static XWING_CIPHERTEXT], const uint8_t pk[static XWING_PUBLIC],
    const uint8_t coins[static XWING_COINS], struct err *e);
/* The secret that was carried; another one, which nobody has, where ML-KEM's part was altered.
 * EX_DATAERR: X25519's part is a point of small order. */
CHECKED int xwing_decapsulate(uint8_t secret[static XWING_SECRET],
    const uint8_t ct[static XWING_CIPHERTEXT],
    const uint8_t seed[static XWING_SEED], struct err *e);

#endif
