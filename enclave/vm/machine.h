#ifndef VM_MACHINE_H
#define VM_MACHINE_H
/*
 * The machine's inside: state, memory, and what its files give each other.
 * Functions that can fail return -1 after vm_fail(), which keeps the first cause.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "run/record.h"
#include "vm/vm.h"
#include "wire/stdin.h"

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define MEM_TOP (1ull << 40)		/* executor.md 1.2 */
#define MEM_PROVABLE (1ull << 16)	/* the chips' lowest address (9.1) */
#define PAGE_WORDS 512
#define PAGE_BYTES (8 * PAGE_WORDS)
#define DIR_BITS 14			/* two levels of 2^14 pages */
#define TLB_SIZE 256

enum vm_chip {
#define VM_CHIP(name, ...) CHIP_##name,
#include "run/chips.def"
#undef VM_CHIP
	CHIP_COUNT
};
extern const uint16_t vm_chip_cost[CHIP_COUNT], vm_chip_complexity[CHIP_COUNT];

enum vm_call {
#define VM_SYSCALL(number, name, handler) CALL_##name,
#define VM_PRECOMPILE(number, name, ...) CALL_##name,
#include "run/syscalls.def"
#undef VM_SYSCALL
#undef VM_PRECOMPILE
	CALL_COUNT
};
struct call {
	uint32_t number;
	const char *name;
	int (*handler)(struct vm *m, const struct call *c, uint64_t a0,
	    uint64_t a1, uint64_t *result);
	uint8_t chip, control, rows;
	bool table, retained;
};
extern const struct call vm_calls[CALL_COUNT];

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

/* An instruction made ready: c = x[c] + imm; writes go to x[dest] (x0: nowhere). */
struct op {
	uint8_t op, a, b, c, dest, chip;
	bool crosses;		/* not a jump, and pc + 4 is in the next 64 KiB */
	bool memory;		/* load or store */
	uint32_t mask;		/* registers that it accesses */
	bool has_b, has_c;	/* operands that are registers */
	uint64_t imm, pc;
};

struct item {			/* a hint, pushed to the front of the input */
	struct item *next;
	size_t len;
	uint8_t bytes[];
};

struct rec;

struct vm {
	const struct rv_program *program;
	struct vm_config config;
	struct vm_result result;
	bool failed, halted, in_block;

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
	uint8_t *input;
	size_t ninput;
	struct arena arena;
	struct sp1_stdin items;
	size_t item;			/* the next one */
	struct item *front;
	uint8_t *pv;
	size_t npv, pv_room;
	uint32_t deferred_digest[8];
	uint8_t committed, committed_deferred;	/* words given, a bit each */
	struct vm_count counts[CALL_COUNT];

	struct bn_space *bn;		/* bn.c; made when first needed */
	struct rec *rec;		/* NULL: no records */
};

int vm_fail(struct vm *m, enum vm_cause c, const char *fmt, ...)
	__attribute__((format(printf, 3, 4), cold));

/* ---- mem.c */
/* The page of an address, made if need be; NULL after vm_fail(). */
struct page *mem_page_slow(struct vm *m, uint64_t addr);
struct page *mem_find(const struct mem *mem, uint64_t addr);	/* or NULL */
CHECKED int mem_load_image(struct vm *m);
/* Copies without a trace; bytes that no one wrote are 0. */
void mem_peek(const struct mem *mem, uint8_t *out, uint64_t addr, uint64_t n);
CHECKED int mem_save(struct vm *m, struct page *p);	/* before a store in a block */
void mem_restore(struct vm *m);
/* Every page in ascending order. */
CHECKED int mem_walk(struct vm *m, int (*fn)(struct vm *m, struct page *p,
    uint64_t addr));
void mem_free(struct mem *mem);
/* n more bytes against max_memory. */
CHECKED int mem_charge(struct vm *m, uint64_t n);

static inline struct page *
mem_page(struct vm *m, uint64_t addr)
{
	uint64_t tag = addr / PAGE_BYTES;
	unsigned slot = tag % TLB_SIZE;

	if (likely(m->mem.tlb[slot].tag == tag && m->mem.tlb[slot].page))
		return m->mem.tlb[slot].page;
	return mem_page_slow(m, addr);
}

/* ---- shard.c, record.c */
#define REC_BUFFER REC_FRAME_MAX
struct rec {
	uint8_t *buf;
	size_t used;
	size_t frame;			/* start of the open INSTR frame */
	bool open;
	bool broken;			/* the sink has failed */
	bool high;			/* a chip other than the instruction's is full */
	uint64_t initial_clk, pc_start, ninstr;
	uint64_t area, rows[CHIP_COUNT];
	uint64_t base_area, area_limit, row_limit;
	uint64_t l;			/* local accesses of this instruction */
	uint64_t ts[32];
	uint64_t start[32];		/* registers at the shard's start */
	bool commit, commit_deferred;
	struct rec_local *local;
	size_t nlocal, local_room;
	uint64_t *external;		/* words whose mark is to be cleared */
	size_t nexternal, external_room;
	bool external_now;		/* a deferred precompile is at work */
	bool pending;			/* a precompile to be told */
	struct rec_precompile head;
	struct rec_access access[256];
	struct rec_memory *hint;	/* words that hints wrote, in order */
	size_t nhint, hint_room;
};
CHECKED int rec_start(struct vm *m);		/* allocates, writes the header */
CHECKED int rec_flush(struct vm *m);
CHECKED int rec_precompile(struct vm *m);	/* tells the pending one */
CHECKED int rec_hint(struct vm *m, uint64_t addr, uint64_t value);
CHECKED int rec_finish(struct vm *m);		/* INIT, FINALIZE, END */
void rec_failed(struct vm *m);		/* what there is, FAILED */
void rec_free(struct rec *r);
/* Frames of fixed-size elements; cut into pieces of at most REC_BUFFER. */
CHECKED int rec_frame(struct vm *m, enum rec_type type, const void *body,
    size_t len);

CHECKED int shard_open(struct vm *m, uint64_t pc);
CHECKED int shard_close(struct vm *m, uint64_t next_pc, bool last,
    bool chunk_end);
CHECKED int shard_local(struct vm *m, struct page *p, unsigned k,
    uint64_t addr);
CHECKED int shard_external(struct vm *m, struct page *p, unsigned k,
    uint64_t addr);
void shard_rows(struct vm *m, enum vm_chip chip, uint64_t n, uint64_t area);
void shard_call(struct vm *m, const struct call *c);
void shard_bumps(struct vm *m, bool memory, bool state);

/* Notes an access at ts of word k, before its value changes; its previous
 * timestamp.  `records` is a constant of the caller's. */
static inline uint64_t
touch(struct vm *m, struct page *p, unsigned k,
    uint64_t addr, uint64_t ts, const bool records)
{
	uint64_t prev = p->ts[k];

	m->gas_local += prev < m->gas_start;
	if (records) {
		uint32_t slot = p->local[k];

		m->rec->l += prev < m->rec->initial_clk ||
		    (slot == LOCAL_EXTERNAL && !m->rec->external_now);
		if (unlikely(m->rec->external_now))
			ignore(shard_external(m, p, k, addr));
		else if (slot == 0 || slot == LOCAL_EXTERNAL)
			ignore(shard_local(m, p, k, addr));
	}
	p->ts[k] = ts;
	return prev;
}

static inline struct rec_instr *
rec_instr(struct vm *m)
{
	struct rec *r = m->rec;
	struct rec_instr *e;

	if (unlikely(!r->open ||
	    r->used + sizeof *e > REC_BUFFER)) {
		if (r->used + sizeof(struct rec_frame) + sizeof *e >
		    REC_BUFFER || r->open)
			ignore(rec_flush(m));
		r->frame = r->used;
		r->used += sizeof(struct rec_frame);
		r->open = true;
	}
	e = (struct rec_instr *)(r->buf + r->used);
	r->used += sizeof *e;
	r->ninstr++;
	return e;
}

/* ---- gas.c */
void gas_open(struct vm *m);
void gas_close(struct vm *m);		/* ends a chunk */
uint64_t gas_total(const struct vm *m);

/* ---- interp.c */
CHECKED int interp_prepare(struct vm *m);
void interp_run(struct vm *m);
CHECKED int interp_block(struct vm *m);		/* an unconstrained block, to its EXIT */

/* ---- syscall.c: one ECALL; what x5 gets */
CHECKED int vm_ecall(struct vm *m, uint64_t *result);

/* ---- input.c */
/* The front item's length, or UINT64_MAX. */
uint64_t input_len(const struct vm *m);
/* Pops the front item; valid until the next push or pop. *owned: free it. */
const uint8_t *input_pop(struct vm *m, struct item **owned);
/* Makes room for a new front item; NULL after vm_fail(). */
uint8_t *input_push(struct vm *m, size_t len);
void input_free(struct vm *m);

/* ---- hook.c: fds 15 to 21 */
CHECKED int hook_call(struct vm *m, uint32_t fd, const uint8_t *in, size_t len);

/* ---- what precompiles do to memory, at clk + offset; n words each */
CHECKED int pre_read(struct vm *m, uint64_t *out, uint64_t addr, unsigned n,
    unsigned offset);
CHECKED int pre_write(struct vm *m, const uint64_t *in, uint64_t addr,
    unsigned n, unsigned offset);
/* Reads that leave no timestamp: the operand that pre_write() overwrites. */
CHECKED int pre_peek(struct vm *m, uint64_t *out, uint64_t addr, unsigned n);
/* A register's read at clk: x12 to x14. */
uint64_t pre_register(struct vm *m, unsigned r);

#endif
