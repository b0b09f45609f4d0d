#ifndef CRYPTO_KECCAK_H
#define CRYPTO_KECCAK_H
/*
 * Keccak-256 as Ethereum uses it: the submission's padding byte 0x01, not the 0x06 of
 * FIPS 202, which is why OpenSSL's SHA3-256 does not serve.  Streaming; a context
 * needs no release.
 */
#include <stddef.h>
#include <stdint.h>

struct keccak {
	uint64_t state[25];
	size_t fill;		/* bytes absorbed into the current block, < 136 */
};

/* Keccak-256 of no bytes yet, as Ethereum has it (padding 0x01). */
void keccak_init(struct keccak *k);
/* len bytes more. */
void keccak_update(struct keccak *k, const void *data, size_t len);
/* The hash; *k must be begun anew afterwards. */
void keccak_final(uint8_t out[static 32], struct keccak *k);
/* The hash of len bytes. */
void keccak256(uint8_t out[static 32], const void *data, size_t len);

#endif
