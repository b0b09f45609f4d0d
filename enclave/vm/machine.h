#ifndef VM_MACHINE_H
#define VM_MACHINE_H
/*
 * The machine's inside: its state.  What its files give each other is in a header a
 * file: mem.h input.h gas.h record.h shard.h precompile.h calls.h interp.h; each calls
 * only those before it.  Functions that can fail return -1 or NULL after vm_fail().
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "run/syscalls.h"
#include "vm/vm.h"
#include "wire/stdin.h"

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define PAGE_WORDS 512
#define PAGE_BYTES (8 * PAGE_WORDS)
#define DIR_BITS 14			/* two levels of 2^14 pages */
#define TLB_SIZE 256

/* 512 words.  `local` (records only): the word's piece of history in this shard:
 * 0 none, LOCAL_EXTERNAL last touched by a deferred precompile, else index + 1. */
#define LOCAL_EXTERNAL UINT32_MAX
struct page {
	uint64_t value[PAGE_WORDS];
	uint64_t ts[PAGE_WORDS];
	uint64_t image[PAGE_WORDS / 64];	/* bit sets: words of the ELF, */
	uint64_t hinted[PAGE_WORDS / 64];	/* words that hints wrote */
	uint64_t *saved;	/* values before the unconstrained block */
	uint32_t *local;
};

struct mem {
	struct page **dir[1 << DIR_BITS];
	struct { uint64_t tag; struct page *page; } tlb[TLB_SIZE];
	struct page **saved;	/* pages with values saved */
	size_t nsaved, room;
};

struct bn_space;
struct item;
struct op;
struct rec;

struct vm {
	const struct rv_program *program;
	struct vm_config config;
	struct vm_result result;
	bool failed, halted;
	bool in_block;			/* unconstrained: ENTER's flag, to EXIT */

	uint64_t x[32];
	struct op *ops;			/* program->n, then one that ends the run */
	const struct op *ip;
	uint64_t clk;
	uint64_t left;			/* instructions until a limit */
	uint64_t block_left;		/* the same, in unconstrained blocks */
	struct mem mem;
	uint64_t used;			/* bytes against max_memory */

	/* gas of the chunk so far (gas.c) */
	uint64_t entries, entry_stop;	/* trace entries; next chunk's end */
	uint64_t gas_end, shard_end;	/* of the two kinds of chunk */
	uint64_t gas_start;		/* clk at the chunk's start */
	uint64_t gas_local, gas_raw;
	uint64_t opcodes_before[RV_NOPCODES];
	uint64_t calls[CALL_COUNT], calls_before[CALL_COUNT];
	uint64_t state_bumps, memory_bumps;
	uint32_t seen, first_by_ecall;	/* registers, in this chunk */

	/* input and output */
	struct secmem input;
	struct arena arena;
	struct sp1_stdin items;
	size_t item;			/* the next one */
	struct item *front;
	uint8_t *pv;
	size_t npv, pv_room;
	uint64_t output;		/* bytes against max_output */
	uint8_t committed, committed_deferred;	/* words given, a bit each */
	struct vm_count counts[CALL_COUNT];

	struct bn_space *bn;		/* bn.c; made when first needed */
	struct rec *rec;		/* NULL: no records */
};

/* fail.c: ends the run with this cause and line, unless it has failed already: the first
 * cause is kept.  Always -1. */
int vm_fail(struct vm *m, enum vm_cause c, const char *fmt, ...)
	__attribute__((format(printf, 3, 4), cold));
/* The same with the cause Unprovable, of a call: with records only. */
int vm_unprovable(struct vm *m, const struct exec_call *c, const char *what);

#endif
