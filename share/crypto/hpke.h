#ifndef CRYPTO_HPKE_H
#define CRYPTO_HPKE_H
/*
 * Hybrid public key encryption (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256),
 * HKDF-SHA256.  A context seals or opens messages in order, each under its own
 * sequence number.
 *
 * Base mode says nothing about the sender: who may use a ciphertext, and for
 * what, goes into info (crypto/sealed.h).
 *
 * struct hpke and private keys are secrets: locked memory, hpke_wipe().
 */
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

#define HPKE_KEM 0x0020
#define HPKE_KDF 0x0001
#define HPKE_KEY 32	/* bytes of an X25519 key, private or public, and of enc */
#define HPKE_TAG 16

enum hpke_aead {
	HPKE_AES_128_GCM = 1, HPKE_AES_256_GCM, HPKE_CHACHA20_POLY1305,
};

struct hpke {
	uint8_t key[32];	/* AES-128-GCM uses 16 of them */
	uint8_t nonce[12];	/* the base nonce */
	uint64_t seq;
	int aead;
};

/* A fresh pair.  EX_OSERR. */
CHECKED int hpke_generate(uint8_t sk[static HPKE_KEY],
    uint8_t pk[static HPKE_KEY], struct err *e);
/* DeriveKeyPair of RFC 9180, 7.1.3. */
CHECKED int hpke_derive_pair(uint8_t sk[static HPKE_KEY],
    uint8_t pk[static HPKE_KEY], const uint8_t *ikm, size_t len, struct err *e);
/* The public key of a private one. */
CHECKED int hpke_public(uint8_t pk[static HPKE_KEY],
    const uint8_t sk[static HPKE_KEY], struct err *e);

/* Sets up *h towards pk and gives enc, which the receiver needs.  EX_DATAERR: pk
 * is a point of small order.  With ephemeral NULL a fresh key is made; tests give
 * their own. */
CHECKED int hpke_sender(struct hpke *h, uint8_t enc[static HPKE_KEY], int aead,
    const uint8_t pk[static HPKE_KEY], const void *info, size_t info_len,
    const uint8_t *ephemeral, struct err *e);
/* Sets up *h from the sender's enc.  EX_DATAERR: enc is a point of small order, or no
 * such aead. */
CHECKED int hpke_receiver(struct hpke *h, int aead,
    const uint8_t enc[static HPKE_KEY], const uint8_t sk[static HPKE_KEY],
    const void *info, size_t info_len, struct err *e);

/* out has room for len + HPKE_TAG; may be in itself. */
CHECKED int hpke_seal(struct hpke *h, uint8_t *out, const void *aad,
    size_t aad_len, const uint8_t *in, size_t len, struct err *e);
/* out has room for len - HPKE_TAG.  EX_DATAERR: altered, or another key; out is
 * then wiped and the sequence number stays. */
CHECKED int hpke_open(struct hpke *h, uint8_t *out, const void *aad,
    size_t aad_len, const uint8_t *in, size_t len, struct err *e);
/* Wipes the key, the nonce and the rest. */
void hpke_wipe(struct hpke *h);

#endif
