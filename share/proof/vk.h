#ifndef PROOF_VK_H
#define PROOF_VK_H
/*
 * The verifying key of a program: what a verifier has to know of it.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "poly/hasher.h"

/* As bincode: pc_start 3, sum x 7, sum y 7, commitment 8, untrusted 1; each a canonical
 * little-endian word. */
struct vk {
	any_digest commit;	/* to the preprocessed columns */
	kb pc_start[3];		/* limbs of 16 bits, low first */
	kb sum_x[7], sum_y[7];	/* of the memory image's points (sp1-proof(7),
				 * Commitments) */
	kb untrusted;
};
#define VK_BYTES 104

/* The key's bytes. */
void vk_encode(uint8_t out[VK_BYTES], const struct vk *vk);
/* -1: EX_DATAERR: not VK_BYTES of them, or a word that is no field element. */
CHECKED int vk_decode(struct vk *vk, const uint8_t *in, size_t len,
    struct err *e);

/* The key's name in other proofs: sponge over commit, pc, x, y, untrusted. */
digest vk_digest(const struct vk *vk);
/* The digest as the network writes it: its words, each big-endian (sp1-proof(7),
 * Containers). */
void vk_network_hash(uint8_t out[32], const struct vk *vk);
/* The digest as contracts take it: 248 bits, big-endian. */
void vk_bytes32(uint8_t out[32], const struct vk *vk);
/* The digest again from vk_bytes32() of the key; EX_DATAERR: a hash of no key. */
CHECKED int vk_digest_of(digest *out, const uint8_t bytes32[32],
    struct err *e);
/* The latter form from the former; EX_DATAERR: a hash of no key. */
CHECKED int vk_bytes32_of(uint8_t out[32],
    const uint8_t network_hash[32], struct err *e);

#endif
