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
	/* Called when a shard is there to be proved: its number, from 0, and its
	 * instructions (0: a shard of memory alone). */
	void (*shard)(void *ctx, size_t number, uint64_t ninstr);
	void *ctx;
	struct prover_hooks hooks;
};

/* Reads the stream from fd (`magic`: its first 8 bytes, where they were taken
 * already) and fills *out; arrays come from a.  The public values are the
 * stream's.  -1: EX_DATAERR for the stream, EX_UNAVAILABLE where the run needs
 * chips that are not there, EX_SOFTWARE where --debug finds a fault. */
int prove_core(struct core_proof *out, struct arena *a,
    const struct air_machine *machine, const struct proving_key *key,
    const struct rv_program *program, int fd, const uint64_t *magic,
    const struct core_options *o, struct err *e);

#endif
