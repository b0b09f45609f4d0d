#ifndef CRYPTO_KEYD_H
#define CRYPTO_KEYD_H
/*
 * Talking to tee-keyd(8) over its unix socket.  A message is its length (u32,
 * little-endian, of what follows), a byte, and the rest.
 *
 *	request 1 info		-
 *	request 2 open		header of a sealed input, then the vk_hash (32) and
 *				requester (20) that it must name
 *	request 3 sign		body of a FulfillProof or FailFulfillment, encoded
 *	request 4 evidence	which of these are given (1 nonce, 2 key, 4 exporter, added),
 *				nonce (32), SHA-256 of the TLS key (32), exporter (32)
 *	answer 0 (granted)	info: X25519 public key (32), fulfiller's address (20), 1 where
 *				there is an X-Wing key, that key (1216) or zeros, how many
 *				fingerprints it has keys for, four of them (32 each) or zeros:
 *				first the two keys', then older ones
 *				open: AEAD (1), key (32), base nonce (12)
 *				sign: r, s, v (65)
 *				evidence: JSON (sp1-evidence(5)); it ends the connection
 *	answer EX_* (refused)	the reason, as text
 *
 * The enclave's private key never leaves tee-keyd: for each sealed input it gives
 * the key of that input alone, and only for the program and requester named.
 */
#include "base/err.h"
#include "crypto/hpke.h"
#include "crypto/sealed.h"
#include "crypto/statement.h"

enum { KEYD_INFO = 1, KEYD_OPEN, KEYD_SIGN, KEYD_EVIDENCE };

#define KEYD_NAMES (32 + 20)		/* of program and requester */
#define KEYD_OPEN_MAX (SEALED_HEADER_MAX + KEYD_NAMES)
#define KEYD_PRINTS 4
#define KEYD_INFO_LEN (32 + 20 + 1 + XWING_PUBLIC + 1 + KEYD_PRINTS * 32)
#define KEYD_ASK_LEN (1 + 3 * 32)
#define KEYD_ANSWER_MAX 2048
#define KEYD_EVIDENCE_MAX ((size_t)8 << 20)
#define KEYD_TRACE_MAX 4096	/* bytes of an error_trace that is signed */
#define KEYD_BODY_MAX ((size_t)512 << 20)	/* of a request to sign */
#define KEYD_TIMEOUT 30		/* seconds, to the end of an answer */

struct keyd_info {
	uint8_t public_key[X25519_KEY];
	uint8_t fulfiller[20];
	bool has_xwing;
	uint8_t xwing[XWING_PUBLIC];
	unsigned nprints;
	uint8_t print[KEYD_PRINTS][32];	/* [0] of public_key, [1] of xwing, if there */
};
/* Whether tee-keyd has the key that an input is sealed to, as far as its header tells. */
bool keyd_has(const struct keyd_info *k, const struct sealed_header *h);

/* Each makes its own connection to the socket at path.  EX_TEMPFAIL: nobody
 * answers there; else the status and reason that tee-keyd gave. */
CHECKED int keyd_info(struct keyd_info *out, const char *path, struct err *e);
/* The context to open a sealed input with, whose header, program and requester
 * tee-keyd checks.  header: all of it, as sealed_parse() took it.  EX_DATAERR: it has
 * not the key, or has it no more; EX_NOPERM: it has not given the evidence, or has the keys
 * of it no more. */
CHECKED int keyd_open(struct hpke *out, const char *path, const uint8_t *header,
    const uint8_t vk_hash[static 32], const uint8_t requester[static 20],
    struct err *e);
/* Signs a body of the shape that keyd_signable() takes, as eth_sign() does. */
CHECKED int keyd_sign(uint8_t sig[static 65], const char *path,
    const uint8_t *body, size_t len, struct err *e);

/* Whom the evidence is for, and over which connection: any may be missing. */
struct keyd_ask {
	struct statement_hash nonce, spki, exporter;
};

/* Evidence over a statement with these and the enclave's own keys, to be freed with
 * free(); a NUL that *n does not count follows.  EX_UNAVAILABLE: there is nothing here
 * that could attest. */
CHECKED int keyd_evidence(uint8_t **out, size_t *n, const char *path,
    const struct keyd_ask *ask, struct err *e);
/* The body of that request. */
void keyd_ask_write(uint8_t out[static KEYD_ASK_LEN], const struct keyd_ask *ask);
/* What a body asks with; -1: no such. */
CHECKED int keyd_ask_read(struct keyd_ask *ask, const uint8_t in[static KEYD_ASK_LEN]);

/*
 * The one shape that tee-keyd signs: head holds the first bytes (64, or all) of a
 * body of len bytes.  0: FulfillProof with a nonce, a request id of 32 bytes and a
 * proof that begins as one does, or FailFulfillment with a cause, and perhaps an
 * error_trace of 64 to KEYD_TRACE_MAX bytes that begins as ours do; encoded as
 * protobuf's canonical form has it, and nothing else in it.  Neither can be mistaken
 * for another call's body.
 */
CHECKED int keyd_signable(const uint8_t *head, size_t head_len, uint64_t len,
    struct err *e);

#endif
