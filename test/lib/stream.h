#ifndef TEST_LIB_STREAM_H
#define TEST_LIB_STREAM_H
/*
 * Reads a record stream as it comes and holds it against itself: every access's
 * previous value and time are the last access's; the pieces of each address's
 * history, those of deferred precompiles among them, make one chain from INIT (or
 * the ELF's image) to FINALIZE.  Counts what a prover's chips would have.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/record.h"
#include "run/syscalls.h"
#include "vm/vm.h"

struct word_state {
	uint64_t addr;
	bool used, image;
	uint64_t first;			/* value before the first access */
	uint64_t value, ts;		/* after the last access */
	uint64_t chain, chain_ts;	/* after the last whole shard */
};

struct shard_counts {
	struct rec_shard info;
	uint64_t rows[CHIP_COUNT];	/* real rows */
	uint64_t syscalls;		/* deferred ones */
};

#define MAX_SHARDS 64
struct stream {
	const struct rv_program *program;
	uint8_t *buf;
	size_t used, room;
	bool header, bad, ended, told;	/* told: of a failure */
	char why[200];
	struct rec_header head;
	size_t nproofs, proof_bytes;	/* carried; their lengths added up */

	struct word_state *words;	/* open addressing, a power of two */
	size_t nwords, word_room;
	uint64_t x[32], ts[32];		/* registers */
	uint64_t reg_chain[32], reg_chain_ts[32];
	uint64_t clk, shard_clk, ninstr;
	uint32_t next;			/* index of the next instruction */
	bool in_shard;
	bool ecall_open;		/* an ECALL that may have a precompile */
	uint64_t ecall_clk;
	uint32_t ecall_code;
	bool halted;

	struct rec_local *pieces;	/* of the shard */
	size_t npieces, piece_room;
	struct rec_local last_local;
	bool any_local;

	struct shard_counts now, shard[MAX_SHARDS];
	unsigned nshards;
	uint64_t calls[CALL_COUNT], call_locals[CALL_COUNT];
	uint64_t ninit, nfinalize, last_init, last_finalize;
	struct rec_end end;
	uint8_t *pv;
	struct rec_failed failed;
	/* An instruction counts once something but FAILED follows: until then it may
	 * be the failing one, unfinished. */
	struct rec_instr last;
	bool has_last;
};

/* Before a run of the program; stream_close() in the end. */
void stream_open(struct stream *s, const struct rv_program *p);

/* What stream_open() and stream_feed() took. */
void stream_close(struct stream *s);

/* A vm_config's on_records(). */
int stream_feed(void *ctx, const void *bytes, size_t len);

#endif
