#ifndef CRYPTO_HPKE_H
#define CRYPTO_HPKE_H
/*
 * Hybrid public key encryption (RFC 9180), base mode, HKDF-SHA256, with one of two KEMs:
 * DHKEM(X25519, HKDF-SHA256), or X-Wing (crypto/xwing.h), whose secret is HPKE's without
 * another step.  A context seals or opens messages in order, each under its own
 * sequence number.
 *
 * Base mode says nothing about the sender: who may use a ciphertext, and for
 * what, goes into info (crypto/sealed.h).
 *
 * struct hpke and private keys are secrets: locked memory, hpke_wipe().
 */
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "crypto/x25519.h"
#include "crypto/xwing.h"

#define HPKE_KDF 0x0001
#define HPKE_KEY 32	/* bytes of a private key, of either KEM */
#define HPKE_TAG 16

enum hpke_kem {
	HPKE_X25519 = 0x0020, HPKE_XWING = 0x647a,
};
#define HPKE_PUBLIC_MAX XWING_PUBLIC	/* of a public key */
#define HPKE_ENC_MAX XWING_CIPHERTEXT	/* of what a sender gives */

enum hpke_aead {
	HPKE_AES_128_GCM = 1, HPKE_AES_256_GCM, HPKE_CHACHA20_POLY1305,
};

struct hpke {
	uint8_t key[32];	/* AES-128-GCM uses 16 of them */
	uint8_t nonce[12];	/* the base nonce */
	uint64_t seq;
	int aead;
	struct evp_cipher_ctx_st *cipher;	/* with the key, from the first message on;
						 * NULL before */
};

/* A piece of a message. */
struct hpke_part {
	const void *p;
	size_t n;
};

/* Bytes of a KEM's public key, and of enc; 0: no such KEM. */
size_t hpke_public_size(int kem);
/* The same of enc. */
size_t hpke_enc_size(int kem);

/* A fresh pair.  EX_OSERR. */
CHECKED int hpke_generate(int kem, uint8_t sk[static HPKE_KEY], uint8_t *pk,
    struct err *e);
/* DeriveKeyPair of RFC 9180, 7.1.3, of X25519. */
CHECKED int hpke_derive_pair(uint8_t sk[static HPKE_KEY],
    uint8_t pk[static X25519_KEY], const uint8_t *ikm, size_t len,
    struct err *e);
/* The public key of a private one. */
CHECKED int hpke_public(int kem, uint8_t *pk, const uint8_t sk[static HPKE_KEY],
    struct err *e);

/* Sets up *h towards pk and gives enc, which the receiver needs.  EX_DATAERR: pk is no key, or a
 * point of small order; no such KEM or cipher.  coins: NULL, or what tests give for chance, 32
 * bytes for X25519, 64 for X-Wing. */
CHECKED int hpke_sender(struct hpke *h, uint8_t *enc, int kem, int aead,
    const uint8_t *pk, const void *info, size_t info_len, const uint8_t *coins,
    struct err *e);
/* Sets up *h from the sender's enc.  EX_DATAERR: enc has a point of small order, or no
 * such KEM or cipher. */
CHECKED int hpke_receiver(struct hpke *h, int kem, int aead, const uint8_t *enc,
    const uint8_t sk[static HPKE_KEY], const void *info, size_t info_len,
    struct err *e);

/* out has room for len + HPKE_TAG; may be in itself. */
CHECKED int hpke_seal(struct hpke *h, uint8_t *out, const void *aad,
    size_t aad_len, const uint8_t *in, size_t len, struct err *e);
/* The same of a message in parts, one after another; each is elsewhere, or where it comes to
 * lie in out. */
CHECKED int hpke_seal_parts(struct hpke *h, uint8_t *out, const void *aad,
    size_t aad_len, const struct hpke_part *parts, size_t n, struct err *e);
/* out has room for len - HPKE_TAG.  EX_DATAERR: altered, or another key; out is
 * then wiped and the sequence number stays. */
CHECKED int hpke_open(struct hpke *h, uint8_t *out, const void *aad,
    size_t aad_len, const uint8_t *in, size_t len, struct err *e);
/* Wipes the key, the nonce and the rest, and frees the cipher: before *h is set up again, too. */
void hpke_wipe(struct hpke *h);

#endif
