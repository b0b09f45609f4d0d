#ifndef STARK_TRANSCRIPT_H
#define STARK_TRANSCRIPT_H
/*
 * What prover and verifier feed to a shard's transcript, in the order of
 * sp1-proof(7), Transcript.
 */
#include "poly/challenger.h"
#include "proof/proof.h"

/* Makes *t new, over the machine's hash; then steps 0 to 3. */
void transcript_begin(struct challenger *t, const struct hasher *h,
    const struct vk *vk, const struct shard_proof *p, const uint32_t *height);
/* Their number, then each. */
void transcript_efs(struct challenger *t, const ef *v, size_t n);
/* Step 9: the openings of LogUp-GKR. */
void transcript_gkr_openings(struct challenger *t, const struct gkr_proof *g);
/* Step 12: the columns' openings, preprocessed before main, chip by chip. */
void transcript_openings(struct challenger *t, const struct shard_proof *p);

#endif
