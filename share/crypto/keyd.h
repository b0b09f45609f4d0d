#ifndef CRYPTO_KEYD_H
#define CRYPTO_KEYD_H
/*
 * Talking to tee-keyd(8) over its unix socket.  A message is its length (u32,
 * little-endian, of what follows), a byte, and the rest.
 *
 *	request 1 info		-
 *	request 2 open		header of a sealed input (SEALED_HEADER), then the
 *				vk_hash (32) and requester (20) that it must name
 *	request 3 sign		body of a FulfillProof or FailFulfillment, encoded
 *	answer 0 (granted)	info: X25519 public key (32), fulfiller's address (20)
 *				open: AEAD (1), key (32), base nonce (12)
 *				sign: r, s, v (65)
 *	answer EX_* (refused)	the reason, as text
 *
 * The enclave's private key never leaves tee-keyd: for each sealed input it gives
 * the key of that input alone, and only for the program and requester named.
 */
#include "base/err.h"
#include "crypto/hpke.h"
#include "crypto/sealed.h"

enum { KEYD_INFO = 1, KEYD_OPEN, KEYD_SIGN };

#define KEYD_OPEN_LEN (SEALED_HEADER + 32 + 20)
#define KEYD_ANSWER_MAX 256
#define KEYD_BODY_MAX ((size_t)512 << 20)	/* of a request to sign */
#define KEYD_TIMEOUT 30		/* seconds, to the end of an answer */

struct keyd_info {
	uint8_t public_key[32];		/* X25519 */
	uint8_t fulfiller[20];
};

/* Each makes its own connection to the socket at path.  EX_TEMPFAIL: nobody
 * answers there; else the status and reason that tee-keyd gave. */
CHECKED int keyd_info(struct keyd_info *out, const char *path, struct err *e);
/* The context to open a sealed input with, whose header, program and requester
 * tee-keyd checks. */
CHECKED int keyd_open(struct hpke *out, const char *path,
    const uint8_t header[static SEALED_HEADER],
    const uint8_t vk_hash[static 32], const uint8_t requester[static 20],
    struct err *e);
/* Signs a body of the shape that keyd_signable() takes, as eth_sign() does. */
CHECKED int keyd_sign(uint8_t sig[static 65], const char *path,
    const uint8_t *body, size_t len, struct err *e);

/*
 * The one shape that tee-keyd signs: head holds the first bytes (64, or all) of a
 * body of len bytes.  0: FulfillProof with a nonce, a request id of 32 bytes and a
 * proof that begins as one does, or FailFulfillment with a cause; encoded as
 * protobuf's canonical form has it, and nothing else in it.  Neither can be mistaken
 * for another call's body.
 */
CHECKED int keyd_signable(const uint8_t *head, size_t head_len, uint64_t len,
    struct err *e);

#endif
