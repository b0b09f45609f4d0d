#ifndef CRYPTO_SEALED_H
#define CRYPTO_SEALED_H
/*
 * Sealed inputs (sp1-sealed-input(5)): bytes encrypted to an enclave's key for one
 * program and one requester.
 *
 *	 0   8  "SP1SEAL" and the version, 1 or 2
 *	 8   6  KEM (X25519 or X-Wing), KDF, AEAD of HPKE, two bytes each, big-endian
 *	14   2  log2 of the chunk size (16), 0
 *	16  32  version 1: SHA-256 of the enclave's public key: its fingerprint;
 *		version 2: SHA-256 of the statement that names the key (sp1-evidence(5))
 *	48  32  vk_hash of the program
 *	80  20  address of the requester
 *	100  8  length of the padded plaintext, little-endian
 *	108     enc: 32 bytes for X25519, 1120 for X-Wing
 *	...     chunks of 64 KiB, the last one shorter: each sealed, 16 bytes longer
 *
 * The first 108 bytes are HPKE's info, after "sp1-private/sealed-input/v1" and a
 * NUL, so that none of them can be altered.  The associated data of a chunk is one
 * byte: 1 for the last, else 0.  The padded plaintext is the length of the input
 * (8 bytes, little-endian), the input, and zeros up to sealed_padded(): the size
 * that the world sees tells the input's within an eighth, or nothing below 4 KiB.
 *
 * None of the input is given out before all of it has been verified.
 *
 * In version 2 the statement's hash is thus in HPKE's info: the enclave opens the input
 * only if it gave that very statement out (keyd/quoter.h).
 */
#include <stdbool.h>

#include "base/err.h"
#include "crypto/hpke.h"

#define SEALED_INFO 108		/* bytes before enc */
#define SEALED_HEADER_MAX (SEALED_INFO + HPKE_ENC_MAX)
#define SEALED_CHUNK 65536
#define SEALED_MIN 4096		/* no padded plaintext is shorter */
#define SEALED_MAX ((uint64_t)1 << 32)	/* and none longer */

struct sealed_header {
	int kem, aead;
	size_t size;			/* of the header, enc included */
	bool by_statement;		/* version 2: */
	uint8_t statement[32];		/* else zeros */
	uint8_t fingerprint[32];	/* version 1, else zeros */
	uint8_t vk_hash[32], requester[20];
	uint64_t padded;
};

/* Padded length of an input of len bytes, its own length included: the next
 * number whose binary form, but for the leading log2(log2) bits, is zeros (Padme:
 * at most 12 % more); 0 beyond SEALED_MAX. */
uint64_t sealed_padded(uint64_t len);
/* Size of the whole sealed input, to a key of this KEM. */
uint64_t sealed_size(int kem, uint64_t len);

/* SHA-256 of a KEM's public key, which clients pin.  It takes memory: servers call it before
 * they serve. */
void sealed_fingerprint(uint8_t out[static 32], int kem, const uint8_t *pk);

/* Does it begin as a sealed input does?  No SP1Stdin and no zstd frame can. */
CHECKED int sealed_is(const uint8_t *p, size_t len);

/* out has room for sealed_size(kem, len), apart from in.  statement: SHA-256 of the one that
 * names pk, for version 2; NULL: pk is known otherwise, version 1. */
CHECKED int sealed_seal(uint8_t *out, int kem, const uint8_t *pk,
    const uint8_t *statement, const uint8_t vk_hash[static 32],
    const uint8_t requester[static 20], const uint8_t *in, size_t len,
    struct err *e);

/* The same to put(), in order, a chunk at a time: it takes no memory but for that. */
CHECKED int sealed_seal_to(int (*put)(const void *p, size_t n, void *arg,
    struct err *e), void *arg, int kem, const uint8_t *pk,
    const uint8_t *statement, const uint8_t vk_hash[static 32],
    const uint8_t requester[static 20], const uint8_t *in, size_t len,
    struct err *e);

/* The first SEALED_INFO bytes alone.  EX_DATAERR: not a sealed input. */
CHECKED int sealed_parse_header(struct sealed_header *h,
    const uint8_t in[static SEALED_INFO], struct err *e);
/* All of it; EX_DATAERR, too, when it is cut. */
CHECKED int sealed_parse(struct sealed_header *h, const uint8_t *in, size_t len,
    struct err *e);

/* EX_DATAERR, "sealed for another ...": the key, the program or the requester
 * is not the one expected; NULL is not compared, nor is the key of version 2, which
 * tee-keyd knows by the statement. */
CHECKED int sealed_check(const struct sealed_header *h,
    const uint8_t *fingerprint, const uint8_t *vk_hash,
    const uint8_t *requester, struct err *e);

/* The context of one sealed input, from its header, which sealed_parse_header() took, and the
 * private key of its KEM.  This is all that needs that key. */
CHECKED int sealed_context(struct hpke *c, const uint8_t *in,
    const uint8_t sk[static HPKE_KEY], struct err *e);

/* out has room for header.padded bytes, and may be in itself, which is lost then; the input is
 * then out[*offset .. *offset + *len).  EX_DATAERR: altered; out is wiped. */
CHECKED int sealed_open(uint8_t *out, size_t *offset, size_t *len,
    const uint8_t *in, size_t in_len, struct hpke *c, struct err *e);

#endif
