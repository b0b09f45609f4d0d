#ifndef PROVER_PROVER_H
#define PROVER_PROVER_H
/*
 * The shard prover, of any machine: traces -> a shard proof whose bytes depend on nothing
 * but the traces (sp1-proof(7); grinding witnesses are the smallest that fit).
 */
#include "air/air.h"
#include "base/err.h"
#include "poly/commit.h"
#include "proof/proof.h"
#include "prover/backend.h"
#include "prover/trace.h"
#include "stark/setup.h"

/* How shards of one machine are proved. */
struct prover {
	const struct prover_backend *backend;
	const struct stark_params *params;
	const struct air_machine *machine;
	size_t memory;		/* bytes that a proof may take; 0: any */
	/* Called after each phase: commit, gkr, zerocheck, jagged, basefold.  NULL: not
	 * called. */
	void (*on_phase)(void *ctx, const char *name, double seconds);
	void *ctx;
};

/*
 * The proof's arrays come from `out`; names in it are the machine's.  The trace is
 * not changed; it was made on this backend.  Runs on the pool of base/par.h; the proof
 * does not depend on the backend,
 * the number of threads, the vectors that the processor has, or the memory that it may
 * take.  Fails when memory is out, or too little was allowed (EX_OSERR), or when the
 * trace's interactions do not balance, a chip's constraints do not hold, or trace
 * and key do not go together (EX_SOFTWARE).
 */
CHECKED int prove_shard(struct shard_proof *proof, struct arena *out,
    const struct prover *prover, const struct proving_key *key,
    const struct shard_trace *trace, struct err *e);

/* Bytes that it takes, beside trace and key, for a trace of this shape: of the fastest way
 * that stays within prover->memory, else of the one that takes least.  The backend has the
 * ways.  -1: as prove_shard(). */
CHECKED int prove_shard_need(size_t *need, const struct prover *prover,
    const struct proving_key *key, const struct trace_shape *shape,
    struct err *e);

#endif
