#ifndef CRYPTO_STATEMENT_H
#define CRYPTO_STATEMENT_H
/*
 * The statement that an enclave attests to (sp1-evidence(5)): whom it answers, over which
 * connection, and which keys are its own.  A quote's REPORTDATA is
 *
 *	SHA-512("sp1-private/evidence/v1" || 00 || statement)
 *
 * The statement is one JSON object in the canonical form of RFC 8785, so that the same
 * things have one spelling: members in order, no blanks, bytes in hexadecimal of lower
 * case.  A member that has no value is left out.
 *
 *	compose_hash		32 bytes: SHA-256 of dstack's app-compose.json
 *	exporter		32: of the TLS connection, label EXPORTER-Channel-Binding
 *	fulfiller		20: the prover's address on the network
 *	gpu_evidence_sha256	32: of the GPUs' evidence beside the quote
 *	keys			array of {"kem": number, "public_key": bytes}
 *	nonce			32: the caller's
 *	not_after		seconds since 1970
 *	spki_sha256		32: of the TLS certificate's SubjectPublicKeyInfo
 *
 * fulfiller, keys and not_after are always there.  keys: HPKE's number of the KEM, and
 * the key in that KEM's form, in the enclave's order of preference.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define STATEMENT_MAX 12288		/* bytes of text */
#define STATEMENT_KEYS 4
#define STATEMENT_KEY_MAX 1216		/* an X-Wing key */

struct statement_key {
	unsigned kem;			/* 0x0020: DHKEM(X25519), 32 bytes */
	size_t len;
	uint8_t key[STATEMENT_KEY_MAX];
};

/* Bytes that may be missing. */
struct statement_hash {
	bool there;
	uint8_t v[32];
};

struct statement {
	struct statement_hash compose, exporter, gpu, nonce, spki;
	uint8_t fulfiller[20];
	uint64_t not_after;
	size_t nkeys;			/* at least 1 */
	struct statement_key keys[STATEMENT_KEYS];
};

/* The text, with a NUL after it; gives its length. */
size_t statement_write(char out[static STATEMENT_MAX], const struct statement *s);

/* EX_DATAERR: any other spelling than statement_write()'s, or other members. */
CHECKED int statement_parse(struct statement *s, const char *text, size_t n,
    struct err *e);

/* The first key for a KEM; NULL: none. */
const struct statement_key *statement_key(const struct statement *s, unsigned kem);

/* What the quote over a statement's text has as REPORTDATA. */
void statement_report_data(uint8_t out[static 64], const char *text, size_t n);
/* SHA-256 of the text: the statement's name in sealed inputs and records. */
void statement_sha256(uint8_t out[static 32], const char *text, size_t n);

#endif
