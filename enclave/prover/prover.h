#ifndef PROVER_PROVER_H
#define PROVER_PROVER_H
/*
 * The shard prover: traces -> a shard proof whose bytes depend on nothing but
 * the traces (prover.md 2; grinding witnesses are the smallest that fit).
 */
#include "air/air.h"
#include "base/err.h"
#include "poly/commit.h"
#include "proof/proof.h"
#include "stark/setup.h"

/* Traces of one shard.  main: one dense vector, chip after chip in cluster order,
 * each chip's columns one after the other, rows[i] elements each; zero-padded to
 * a multiple of 2^21. */
struct shard_trace {
	const struct air_cluster *cluster;
	kb public_values[STARK_PUBLIC_VALUES];
	size_t *rows;		/* height of each chip of the cluster; 0: no rows */
	kb *main;
	size_t area;		/* cells of main, without the padding */
};

struct prover_hooks {
	/* Called after each phase: commit, gkr, zerocheck, jagged, basefold. */
	void (*phase)(void *ctx, const char *name, double seconds);
	void *ctx;
	size_t memory;		/* bytes that the proof may take; 0: any */
};

/*
 * The proof's arrays come from `out`; names in it are the machine's.  The trace is
 * not changed.  Runs on the pool of base/par.h; the proof does not depend on the number of
 * threads, the vectors that the processor has, or the memory that it may take.
 * Fails when memory is out, or too little was allowed (EX_OSERR), or when the
 * trace's interactions do not balance, a chip's constraints do not hold, or trace
 * and key do not go together (EX_SOFTWARE).
 */
CHECKED int prove_shard(struct shard_proof *proof, struct arena *out,
    const struct air_machine *machine, const struct proving_key *key,
    const struct shard_trace *trace, const struct prover_hooks *hooks,
    struct err *e);

/* Bytes that it takes, beside trace and key, for a trace of this shape (main need not be
 * there), when it may take `memory` (0: any): of the fastest way that stays within
 * that, else of the one that takes least.  A table of cpu/backend.c has the ways.
 * -1: as prove_shard(). */
CHECKED int prove_shard_need(size_t *need, const struct proving_key *key,
    const struct shard_trace *trace, size_t memory, struct err *e);

#endif
