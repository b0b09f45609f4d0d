#ifndef PROVER_CORE_H
#define PROVER_CORE_H
/*
 * A core proof: every shard of a run, from its record stream, one at a time.
 */
#include <stdio.h>

#include "prover/prover.h"

struct core_options {
	FILE *debug;		/* not NULL: check every row and message first, and
				 * tell there what fails */
	/* Called when a shard is there to be proved: its number in the order of
	 * their making, from 0, what it proves ("execution", "memory", or a
	 * system call), and its instructions. */
	void (*shard)(void *ctx, size_t number, const char *what,
	    uint64_t ninstr);
	void *ctx;
	struct prover_hooks hooks;
};

/* Reads the stream from fd (`magic`: its first 8 bytes, where they were taken
 * already) and fills *out; arrays come from a.  The public values are the
 * stream's, the shards in the order that the verifier wants.  -1: EX_DATAERR for
 * the stream, EX_SOFTWARE where --debug finds a fault. */
int prove_core(struct core_proof *out, struct arena *a,
    const struct air_machine *machine, const struct proving_key *key,
    const struct rv_program *program, int fd, const uint64_t *magic,
    const struct core_options *o, struct err *e);

#endif
