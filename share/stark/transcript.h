#ifndef STARK_TRANSCRIPT_H
#define STARK_TRANSCRIPT_H
/*
 * What prover and verifier feed to a shard's transcript, in the order of
 * prover.md 2.1.
 */
#include "poly/challenger.h"
#include "proof/proof.h"

/* Steps 0 to 3, from a fresh challenger of KoalaBear's hash; or one that is
 * there. */
void transcript_begin(struct challenger *t, const struct vk *vk,
    const struct shard_proof *p, const uint32_t *height);
void transcript_head(struct challenger *t, const struct vk *vk,
    const struct shard_proof *p, const uint32_t *height);
/* Their number, then each. */
void transcript_efs(struct challenger *t, const ef *v, size_t n);
/* Steps 9 and 12. */
void transcript_gkr_openings(struct challenger *t, const struct gkr_proof *g);
void transcript_openings(struct challenger *t, const struct shard_proof *p);

#endif
