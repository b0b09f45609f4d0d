#ifndef ROWS_TRACE_H
#define ROWS_TRACE_H
/*
 * Traces: a shard's events -> rows of its chips (sp1-proof(7), Traces).
 *
 * Each chip has three functions of random access, so that rows are made in
 * parallel and a block at a time: its number of real rows, a real row, a padding
 * row.  Rows come zeroed.  Byte and Range and Program multiplicities are not made
 * here: the driver counts what the chips' own interactions send, so that lookups
 * balance by construction.
 */
#include <stddef.h>

#include "air/air.h"
#include "base/err.h"
#include "field/septic.h"
#include "proof/proof.h"
#include "riscv/rv.h"
#include "run/chips.h"
#include "run/record.h"

/* A read of a register at clk with its high part changed in between. */
struct bump_memory { uint32_t reg; uint64_t value, prev_ts, ts; };
struct bump_state { uint64_t clk, next_clk, pc, next_pc; bool carry_pc; };

struct precompile_event {
	struct rec_precompile head;
	struct rec_access *access;
	struct rec_local *local;
	size_t deferred;	/* in entry i: which event is the i-th deferred
				 * one (by shard_prepare) */
};

/* A row of Global: 8 message felts (canonical), then what the lift gives. */
struct global_event {
	uint32_t message[8];
	uint8_t kind;
	bool receive;
	uint8_t offset;		/* of the lift */
	struct septic_point point, sum;	/* its own; running, this row included */
};

enum shard_kind { SHARD_EXECUTION, SHARD_PRECOMPILE, SHARD_MEMORY };

/* What is proved in one shard.  Filled by the record reader; calls, bump_* and
 * global by shard_prepare(). */
struct shard_events {
	const struct rv_program *program;
	struct rec_shard info;		/* of an execution shard */
	enum shard_kind kind;
	size_t ninstr[CHIP_INSTR_COUNT];	/* by the instruction's chip */
	struct rec_instr *instr[CHIP_INSTR_COUNT];
	uint32_t *pc_count;		/* executions of each instruction */
	size_t nlocal;			/* MemoryLocal rows, by (addr, initial_ts) */
	struct rec_local *local;
	size_t ninit, nfinalize;	/* MemoryGlobalInit, MemoryGlobalFinalize */
	struct rec_memory *init, *finalize;
	uint64_t previous_init_addr, previous_finalize_addr;
	size_t nprecompile, ndeferred;
	struct precompile_event *precompile;
	struct call_lists *calls;	/* by chip (rows/calls.h) */
	size_t nbump_memory, nbump_state, nglobal;
	struct bump_memory *bump_memory;
	struct bump_state *bump_state;
	struct global_event *global;
	kb public_values[STARK_PUBLIC_VALUES];
};

/* Derives calls, bump_memory, bump_state and global from the rest; -1: EX_OSERR, or
 * EX_DATAERR where a message has no point (its offsets are exhausted). */
CHECKED int shard_prepare(struct shard_events *s, struct err *e);

struct trace_chip {
	const char *name;
	size_t (*count)(const struct shard_events *s);	/* real rows */
	/* events: a struct shard_events, as a prover's backend hands it on. */
	void (*row)(const void *events, size_t i, kb *row);
	void (*pad)(const void *events, size_t i, kb *row);	/* NULL: zeros */
};
/* By an enum core_chip: every chip but the tables, which come last; ends with a NULL
 * name. */
extern const struct trace_chip trace_chips[];

/* An instruction row: e's columns from the event and the decoded instruction. */
typedef void trace_instr_fn(kb *row, const struct rec_instr *e,
    const struct rv_insn *i, const struct rv_program *p);
/* Row `step` of a call's, from 0. */
typedef void trace_call_fn(kb *row, const struct precompile_event *e,
    unsigned step);
/* Padding row i. */
typedef void trace_pad_fn(const struct shard_events *s, size_t i, kb *row);

/* A declaration of pad_CHIP, where run/chips.def says that there is one. */
#define TRACE_PAD_zeros(chip)
#define TRACE_PAD_padded(chip) DEVICE trace_pad_fn pad_##chip;

#endif
