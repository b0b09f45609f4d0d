#ifndef RECURSION_WITNESS_H
#define RECURSION_WITNESS_H
/*
 * What programs read, written in their order (read.c).  A proof must have passed its
 * verifier's check of shape for the program's shape: all sizes are taken from it.
 */
#include "recursion/run.h"

/* Frees the blocks, not *w, and clears it: *w starts all zero. */
void witness_free(struct witness *w);
/* n felts.  Here and below, no memory ends the process. */
void witness_felts(struct witness *w, const kb *v, size_t n);
/* A key, as input_vk() reads it. */
void witness_vk(struct witness *w, const struct vk *vk);
/* A shard's proof, as input_proof() reads it. */
void witness_proof(struct witness *w, const struct shard_proof *p);

/* A normalize program's: one shard, and what it does not know itself. */
struct normalize_witness {
	const struct vk *vk;
	const struct shard_proof *proof;
	digest reconstruct_digest, vk_root;
	bool is_complete;
	uint32_t ndeferred;
};
/* Appends it in the order in which program_normalize()'s program reads it. */
void witness_normalize(struct witness *w, const struct normalize_witness *in);
/* A compose, shrink or wrap program's: n proofs and their keys' places. */
void witness_compress(struct witness *w, const struct recursion_proof *const *p,
    unsigned n, bool is_complete, const digest *vk_root);

/* A deferred program's: one compressed proof, and what the run has to do with it. */
struct deferred_witness {
	const struct recursion_proof *proof;
	digest start_digest;	/* of the proofs before it */
	digest vk_digest;	/* the run's program: its key's digest, where it */
	kb pc_start[3];		/* begins, */
	kb nonce[4];		/* and the run's nonce */
	uint32_t index;		/* of the proof */
};
/* Appends it in the order in which program_deferred()'s program reads it. */
void witness_deferred(struct witness *w, const struct deferred_witness *in,
    const digest *vk_root);

#endif
