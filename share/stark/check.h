#ifndef STARK_CHECK_H
#define STARK_CHECK_H
/*
 * Inside the verifier: one shard's check, phase by phase in the order of the
 * transcript (sp1-proof(7), Transcript).  Every phase returns 0, or -1 with the
 * reason in c->err.  check_shape() comes first: the phases after it index the
 * proof's arrays by what it established.
 */
#include <stdbool.h>

#include "air/air.h"
#include "base/arena.h"
#include "base/err.h"
#include "poly/challenger.h"
#include "proof/proof.h"
#include "stark/params.h"
#include "stark/transcript.h"

struct shard_check {
	const struct stark_params *params;
	const struct air_machine *machine;
	const struct vk *vk;
	const struct shard_proof *p;
	struct err *err;
	struct arena tmp;
	struct challenger t;

	/* From check_shape(): */
	unsigned nchips;
	const struct air_chip *const *chip;	/* in name order */
	uint32_t *height;
	unsigned log_interactions;	/* of all chips, rounded up */
	unsigned log_beta;		/* of the widest interaction */
	size_t area[2];			/* cells of a round, padding included */
	unsigned log_area;		/* of both rounds, rounded up */
	size_t ncols;			/* of both rounds, padding included */
};

/* Refuses the proof: sets EX_NO with the reason; returns -1. */
int check_refuse(struct shard_check *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Temporary memory; on NULL the error is set. */
void *check_alloc(struct shard_check *c, size_t n, size_t size);

/* Samples a point of n coordinates, in temporary memory; NULL: none, the error is set. */
ef *check_point(struct shard_check *c, unsigned n);

/* Every count and size of the proof is as the chips and parameters have it
 * (sp1-proof(7), Shape); fills the fields below "From check_shape()". */
CHECKED int check_shape(struct shard_check *c);

/* Up to the evaluation claim, which is the caller's to check.  `what` names
 * it. */
CHECKED int check_sumcheck(struct shard_check *c,
    const struct sumcheck_proof *s, unsigned nvars, unsigned degree,
    const char *what);

/* sp1-proof(7), LogUp-GKR: the shard's messages cancel, given the openings of the first
 * layer. */
CHECKED int check_gkr(struct shard_check *c);
/* sp1-proof(7), Zerocheck: all constraints hold, and the LogUp-GKR openings agree, given
 * the opened values. */
CHECKED int check_zerocheck(struct shard_check *c);
/* sp1-proof(7), Jagged: the opened values belong to one dense vector, given its
 * evaluation. */
CHECKED int check_jagged(struct shard_check *c);
/* sp1-proof(7), BaseFold: that evaluation is the committed vector's: batching, folding,
 * queries, final value. */
CHECKED int check_basefold(struct shard_check *c);

/* 1 at rows >= height, multilinear: at a point of n coordinates, height <=
 * 2^n. */
ef mle_geq(uint32_t height, const ef *point, unsigned n);

#endif
