#ifndef PROOFS_CORE_H
#define PROOFS_CORE_H
/*
 * A core proof: every shard of a run, from its record stream, one at a time.
 */
#include <stdio.h>

#include "base/err.h"
#include "prover/prover.h"
#include "shards/shards.h"	/* SHARDS_UNKNOWN */

struct kept;

/* A shard that is there to be proved. */
struct core_shard {
	size_t number;		/* in the order of their making, from 0 */
	const char *what;	/* "execution", "memory", or a system call */
	uint64_t ninstr;	/* 0 but for execution */
	size_t left;		/* after it; SHARDS_UNKNOWN */
};

struct core_options {
	const struct prover_backend *backend;
	FILE *debug;		/* not NULL: check every row and message first, and
				 * tell there what fails */
	void (*on_shard)(void *ctx, const struct core_shard *s);
	/* What went wrong and was put right. */
	void (*on_note)(void *ctx, const char *text);
	/* "prepare", "trace" and prove_shard()'s phases; of a shard whose proof
	 * was kept, "prepare" and "kept". */
	void (*on_phase)(void *ctx, const char *name, double seconds);
	void *ctx;
	/* Where finished shards are kept, and taken from (proofs/kept.h); NULL:
	 * nowhere. */
	const struct kept *kept;
	/*
	 * The most bytes that the process may have in memory; 0: what the machine can
	 * give, which chooses a plan but refuses none.  Each shard is proved by the
	 * fastest plan that fits, and what is left is for the next one's records: where
	 * they are more, their reader waits until the shard at hand is proved.
	 */
	size_t memory;
};

/* Reads the stream from fd (`magic`: its first 8 bytes, where they were taken
 * already) and fills *out; arrays come from a.  The next shard's records are read
 * while one is proved; a shard's are wiped before it is committed to.  The public
 * values are the
 * stream's, the shards in the order that the verifier wants.  -1: EX_DATAERR for
 * the stream, EX_SOFTWARE where --debug finds a fault, EX_OSERR, and what is needed,
 * where a shard cannot be proved within the memory allowed, before its trace is
 * made. */
CHECKED int prove_core(struct core_proof *out, struct arena *a,
    const struct proving_key *key, const struct rv_program *program, int fd,
    const uint64_t *magic, const struct core_options *o, struct err *e);

#endif
