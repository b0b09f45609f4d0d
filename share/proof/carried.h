#ifndef PROOF_CARRIED_H
#define PROOF_CARRIED_H
/*
 * Carried proofs: those in a guest's input, which the guest verifies by
 * VERIFY_SP1_PROOF (the SDK's deferred proofs; sp1-machine(7), Carried proofs).  The input
 * has each as SP1RecursionProof, and beside it the key of the program that it is about.
 * Nothing tells their lengths: each is read to know where the next one begins.
 */
#include <stddef.h>
#include <stdint.h>

#include "proof/container.h"

#define CARRIED_MAX ((size_t)4 << 20)	/* bytes of a proof, which has 1.3 million */

struct carried {
	const uint8_t *p;	/* what is left, n bytes: of so many proofs */
	size_t n;
	uint64_t left, number;	/* number: of the next one, from 0 */
};

struct carried_proof {
	struct recursion_proof proof;
	struct vk vk;			/* beside it */
	const uint8_t *bytes;		/* the proof's own, in the input */
	size_t n;
};

/* Before the first of n proofs, which p has, len bytes. */
void carried_begin(struct carried *c, uint64_t n, const uint8_t *p, size_t len);
/*
 * 1: *out is the next one, its arrays in the arena, which needs carried_ceiling(c) at most;
 * 0: that was the last; -1: EX_DATAERR, it is malformed, or has another number of public
 * values, or bytes follow the last; EX_OSERR: the arena refuses.  The message says which.
 */
CHECKED int carried_next(struct carried *c, struct carried_proof *out,
    struct arena *a, struct err *e);
/* What the next one may need of an arena. */
size_t carried_ceiling(const struct carried *c);

/* Reads all of them, and keeps none; as carried_next(). */
CHECKED int carried_check(uint64_t n, const uint8_t *p, size_t len,
    struct err *e);

/*
 * The pair for an input: a compressed proof as a file or the network has it, and the key of
 * its program.  *out, *n bytes, is to be freed with free().  EX_DATAERR: malformed, or the
 * proof is of another program; it is not verified.  EX_OSERR: no memory.
 */
CHECKED int carried_make(uint8_t **out, size_t *n, const uint8_t *in,
    size_t len, const struct vk *vk, struct err *e);

/*
 * The chain of digests that a guest gives to COMMIT_DEFERRED_PROOFS: *d, zeros before the
 * first, becomes hash_kb() of *d, the digest of the program's key and that of the public
 * values, 32 bytes an element each, both as the proof has them.
 */
void carried_chain(digest *d, const struct recursion_proof *p);

#endif
