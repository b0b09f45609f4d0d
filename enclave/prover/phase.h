#ifndef PROVER_PHASE_H
#define PROVER_PHASE_H
/*
 * Inside prove_shard(): the phases, in the order of the transcript (sp1-proof(7),
 * Transcript), over a backend.  Each returns 0, or -1 with the reason in p->e.
 */
#include "base/err.h"
#include "poly/challenger.h"
#include "prover/backend.h"
#include "prover/prover.h"

struct prove {
	const struct stark_params *params;
	const struct prover_backend *b;
	struct prover_session *s;
	struct prover_shard shard;
	const struct air_chip *public_values;	/* the machine's */
	const struct proving_key *key;
	const struct trace_shape *shape;
	struct shard_proof *proof;
	struct arena *out;		/* the proof's arrays */
	struct arena tmp;
	struct challenger t;
	any_digest tensor;	/* the main commitment, without the tables' counts */
	ef *z_col;
	struct err *e;
};

/* EX_OSERR "no memory ..."; -1. */
int prove_no_memory(struct prove *p);
/* Of the proof's arena or the temporary one; on NULL the error is set. */
void *prove_alloc(struct prove *p, struct arena *a, size_t n, size_t size);
ef *prove_sample_point(struct prove *p, unsigned n);	/* temporary */

/* sumcheck.c: a sumcheck of n variables, its messages degree + 1 coefficients. */
CHECKED int sumcheck_begin(struct prove *p, struct sumcheck_proof *s,
    unsigned n, unsigned degree, ef claim);
/* Message number `round`: kept, observed; returns the challenge.  s->eval becomes the
 * polynomial's value there, s->point has the challenges, the first one last. */
ef sumcheck_round(struct prove *p, struct sumcheck_proof *s, unsigned round,
    const ef *coeff);
/* (1 - z) + (2 z - 1) X: eq in one variable, times q of n coefficients, times c. */
void sumcheck_times_eq(ef *out, const ef *q, unsigned n, ef z, ef c);
ef eq_bit(ef z, ef r);		/* eq(z, r), one coordinate */

/* sp1-proof(7), LogUp-GKR: grinding, a sumcheck for each layer, and all columns' openings
 * at the last point. */
CHECKED int prove_gkr(struct prove *p);
/* sp1-proof(7), Zerocheck: over all chips; ends with the columns' openings at its
 * point. */
CHECKED int prove_zerocheck(struct prove *p);
/* sp1-proof(7), Jagged: its sumcheck and the indicator's; leaves the dense vector's value
 * and point. */
CHECKED int prove_jagged(struct prove *p);

/* The indicator's sumcheck.  start: ncols + 1 column starts. */
CHECKED int prove_jagged_eval(struct prove *p, const uint32_t *start,
    size_t ncols, const ef *eq_col);
/* sp1-proof(7), BaseFold: of that value; batching, a round for each of log_stack
 * variables, queries. */
CHECKED int prove_basefold(struct prove *p);
/* Rows at the nqueries indices: both rounds' codewords there, layer l at index
 * >> (l + 1). */
CHECKED int prove_openings(struct prove *p, const size_t *index);

#endif
