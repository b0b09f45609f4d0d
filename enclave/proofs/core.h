#ifndef PROOFS_CORE_H
#define PROOFS_CORE_H
/*
 * Core proofs: every shard of a run, from its record stream, one at a time.
 */
#include <stdio.h>

#include "base/err.h"
#include "prover/prover.h"
#include "shards/shards.h"	/* SHARDS_UNKNOWN */

struct budget_then;
struct kept;
struct kept_id;

/* A shard that is there to be proved: of the run, or of a recursion program. */
struct core_shard {
	const char *what;	/* "execution", "memory", a system call, or the
				 * program: "normalize", "compose" */
	bool recursion;
	uint64_t ninstr;	/* 0 but for execution */
	size_t left;		/* after it, of all kinds; SHARDS_UNKNOWN */
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

/* Where a shard stands in a proof: precompiles, execution, memory (sp1-proof(7),
 * Order of shards: by timestamps; precompile shards have the first).  Before the run's own
 * stand the proofs that it has verified, in a compressed one. */
enum shard_rank {
	RANK_PRECOMPILE, RANK_DEFERRED, RANK_EXECUTION, RANK_MEMORY, RANKS
};
/* Precompiles by their calls' number; then as they were made. */
struct shard_place { enum shard_rank rank; uint32_t code; size_t made; };

/* A shard that is proved, or is about to be. */
struct core_made {
	struct shard_place place;
	const struct kept_id *id;	/* what is proved; NULL: nothing is kept */
	size_t left;			/* shards after it; SHARDS_UNKNOWN */
};

/* Who takes proofs, one after the other. */
struct core_sink {
	void *ctx;
	struct arena *arena;	/* their arrays are made here */
	/* 1: what take() makes of the shard is there, so that it is not proved.  NULL:
	 * it never is.  -1: *e. */
	int (*have)(void *ctx, const struct core_made *m, struct err *e);
	/* -1: *e.  May free the arena. */
	int (*take)(void *ctx, const struct shard_proof *proof,
	    const struct core_made *m, struct err *e);
	bool reducible;		/* shards are to be small enough for recursion */
	/* The stream is open: before its first shard record_take_proofs() has what the
	 * input carries.  NULL: that is passed over. */
	int (*begin)(void *ctx, struct record_reader *r, struct err *e);
	/* The run's last execution shard is read, and not proved yet: what it says.  NULL:
	 * nobody asks. */
	int (*end)(void *ctx, const struct rec_shard *last, struct err *e);
	/* What take() needs, and with which plan it is to do it; NULL: nothing. */
	struct budget_then *then;
	const size_t *more;	/* bytes that it keeps; NULL: none */
};

/* Proves every shard of the stream; *tail: what ends the proof's container, its arrays
 * from a.  Else as prove_core(). */
CHECKED int prove_shards(const struct core_sink *sink, struct proof_tail *tail,
    struct arena *a, const struct proving_key *key,
    const struct rv_program *program, int fd, const uint64_t *magic,
    const struct core_options *o, struct err *e);

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
