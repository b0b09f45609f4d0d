/*
 * What MemoryBump's and StateBump's rows are made of: each register read whose high
 * part of the time changed, each instruction after which the clock or the pc
 * carries.
 */
#include <stdlib.h>
#include <string.h>

#include "air/core/syscall.h"
#include "base/par.h"
#include "rows/adapter.h"
#include "rows/rows.h"

#define HALT_PC 1
#define NREGS 32

enum { CLK_C = 2, CLK_B = 3, CLK_A = 4 };	/* sp1-proof(7), Traces */

/* With the order that rows have: by instruction, then operands a, b, c. */
struct memory_found { uint64_t clk; unsigned operand; struct bump_memory b; };

struct last_access { uint64_t ts, value; };

/* What one thread finds. */
struct found {
	size_t nmemory, memory_cap, nstate, state_cap;
	struct memory_found *memory;
	struct bump_state *state;
	struct last_access last[NREGS];
	bool failed;
};

struct search {
	const struct shard_events *s;
	unsigned bucket;
	struct found *found;	/* one a thread */
};

static void *
more(void *array, size_t n, size_t *cap, size_t size)
{
	void *p;

	if (n < *cap)
		return array;
	p = reallocarray(array, *cap ? 2 * *cap : 64, size);
	if (p)
		*cap = *cap ? 2 * *cap : 64;
	return p;
}

static void
add_memory(struct found *f, struct memory_found m)
{
	void *p = more(f->memory, f->nmemory, &f->memory_cap,
	    sizeof *f->memory);

	if (!p) {
		f->failed = true;
		return;
	}
	f->memory = p;
	f->memory[f->nmemory++] = m;
}

static void
add_state(struct found *f, struct bump_state b)
{
	void *p = more(f->state, f->nstate, &f->state_cap, sizeof *f->state);

	if (!p) {
		f->failed = true;
		return;
	}
	f->state = p;
	f->state[f->nstate++] = b;
}

static void
note(struct found *f, uint64_t reg, uint64_t ts, uint64_t value)
{
	if (reg < NREGS && f->last[reg].ts <= ts)
		f->last[reg] = (struct last_access){ts, value};
}

/* One register access: `before` at prev_ts, `after` at clk + operand's offset. */
static void
access(struct found *f, uint64_t clk, unsigned operand,
    uint64_t reg, uint64_t prev_ts, uint64_t before, uint64_t after)
{
	uint64_t ts = clk + (CLK_A - operand);

	note(f, reg, ts, after);
	if (ts >> 24 != prev_ts >> 24)
		add_memory(f, (struct memory_found){clk, operand, {
			(uint32_t)reg, before, prev_ts,
			ts & ~(uint64_t)0xffffff
		}});
}

static bool
taken(unsigned op, uint64_t a, uint64_t b)
{
	switch (op) {
	case RV_BEQ:
		return a == b;
	case RV_BNE:
		return a != b;
	case RV_BLT:
		return (int64_t)a < (int64_t)b;
	case RV_BGE:
		return (int64_t)a >= (int64_t)b;
	case RV_BLTU:
		return a < b;
	default:
		return a >= b;
	}
}

static uint64_t
next_pc_of(const struct rec_instr *e, const struct rv_insn *i,
    uint64_t pc)
{
	switch (i->op) {
	case RV_BEQ: case RV_BNE: case RV_BLT: case RV_BGE: case RV_BLTU:
	case RV_BGEU:
		return taken(i->op, e->a, e->b) ? pc + i->op_c : pc + PC_INC;
	case RV_JAL:
		return pc + i->op_b;
	case RV_JALR:
		return (e->b + e->c) & ~(uint64_t)1;
	case RV_ECALL:
		return (e->prev_a & 0xff) == CODE_HALT ? HALT_PC :
		    pc + PC_INC;
	default:
		return pc + PC_INC;
	}
}

static void
look(struct found *f, const struct rec_instr *e,
    const struct rv_insn *i, const struct rv_program *p)
{
	uint64_t pc = event_pc(e, p), next_clk = e->clk + CLK_INC;
	bool jumps = i->op >= RV_BEQ && i->op <= RV_JALR, carry;

	access(f, e->clk, 0, i->op_a, e->ts_a, e->prev_a, e->a);
	if (!i->imm_b)
		access(f, e->clk, 1, i->op_b, e->ts_b, e->b, e->b);
	if (!i->imm_c)
		access(f, e->clk, 2, i->op_c, e->ts_c, e->c, e->c);

	if (i->op == RV_ECALL)
		next_clk += SYSCALL_CLK_EXTRA;
	carry = !jumps && (pc + PC_INC) >> 16 != pc >> 16 &&
	    next_pc_of(e, i, pc) == pc + PC_INC;
	if (carry || (e->clk & 0xffffff) + (next_clk - e->clk) >= 1u << 24)
		add_state(f, (struct bump_state){e->clk, next_clk, pc,
		    next_pc_of(e, i, pc), carry});
}

static void
look_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct search *x = ctx;
	const struct rv_program *p = x->s->program;

	for (size_t k = begin; k < end; k++) {
		const struct rec_instr *e = &x->s->instr[x->bucket][k];

		look(&x->found[worker], e, &p->insn[e->index], p);
	}
}

static int
memory_order(const void *a, const void *b)
{
	const struct memory_found *x = a, *y = b;

	if (x->clk != y->clk)
		return x->clk < y->clk ? -1 : 1;
	return (int)x->operand - (int)y->operand;
}

static int
state_order(const void *a, const void *b)
{
	const struct bump_state *x = a, *y = b;

	return x->clk < y->clk ? -1 : x->clk > y->clk;
}

/* Joins what the threads found into the first, in order.  -1: no memory. */
static int
join(struct found *f, unsigned n)
{
	size_t nm = 0, ns = 0;
	struct memory_found *memory;
	struct bump_state *state;

	for (unsigned t = 0; t < n; t++) {
		if (f[t].failed)
			return -1;
		nm += f[t].nmemory;
		ns += f[t].nstate;
	}
	memory = reallocarray(f->memory, nm + 1, sizeof *memory);
	if (memory)
		f->memory = memory;
	state = reallocarray(f->state, ns + 1, sizeof *state);
	if (state)
		f->state = state;
	if (!memory || !state)
		return -1;
	for (unsigned t = 1; t < n; t++) {
		if (f[t].nmemory)
			memcpy(memory + f->nmemory, f[t].memory,
			    f[t].nmemory * sizeof *memory);
		if (f[t].nstate)
			memcpy(state + f->nstate, f[t].state,
			    f[t].nstate * sizeof *state);
		f->nmemory += f[t].nmemory;
		f->nstate += f[t].nstate;
		for (unsigned r = 0; r < NREGS; r++)
			note(f, r, f[t].last[r].ts, f[t].last[r].value);
	}
	qsort(memory, nm, sizeof *memory, memory_order);
	qsort(state, ns, sizeof *state, state_order);
	return 0;
}

/* Every execution shard but the last ends with a read of all registers, which
 * gives the next shard's chip rows timestamps of one high part. */
static void
refresh(const struct shard_events *s, const struct found *f,
    struct bump_memory *out)
{
	for (unsigned r = 0; r < NREGS; r++)
		*out++ = (struct bump_memory){
			r, f->last[r].value, f->last[r].ts,
			s->info.last_clk - 1
		};
}

/* Where registers start: the first piece of their history. */
static void
start(const struct shard_events *s, struct last_access *last)
{
	bool seen[NREGS] = {false};

	for (size_t i = 0; i < s->nlocal; i++) {
		const struct rec_local *l = &s->local[i];

		if (l->addr >= NREGS || (seen[l->addr] &&
		    last[l->addr].ts <= l->initial_ts))
			continue;
		seen[l->addr] = true;
		last[l->addr] = (struct last_access){l->initial_ts, l->initial};
	}
}

static int
finish(struct shard_events *s, struct found *f)
{
	size_t extra = s->info.last ? 0 : NREGS;

	s->bump_memory = malloc((f->nmemory + extra + 1) *
	    sizeof *s->bump_memory);
	if (!s->bump_memory)
		return -1;
	for (size_t i = 0; i < f->nmemory; i++)
		s->bump_memory[i] = f->memory[i].b;
	s->nbump_memory = f->nmemory;
	if (extra) {
		refresh(s, f, s->bump_memory + s->nbump_memory);
		s->nbump_memory += extra;
	}
	s->bump_state = f->state;
	s->nbump_state = f->nstate;
	f->state = NULL;
	return 0;
}

int
prepare_bumps(struct shard_events *s, struct err *e)
{
	unsigned n = par_threads();
	struct search x = {s, 0, calloc(n, sizeof *x.found)};
	int r = -1;

	if (!x.found)
		return err_set(e, EX_OSERR, "no memory for a shard's events");
	start(s, x.found[0].last);
	for (x.bucket = 0; x.bucket < CHIP_INSTR_COUNT; x.bucket++)
		par_for(s->ninstr[x.bucket], 0, look_piece, &x);
	for (size_t i = 0; i < s->nprecompile; i++) {
		const struct precompile_event *p = &s->precompile[i];

		/* deferred ones touch no register, and may be gone */
		if (p->head.flags & REC_DEFERRED)
			continue;
		for (uint32_t k = 0; k < p->head.naccess; k++)
			note(&x.found[0], p->access[k].addr, p->access[k].ts,
			    p->access[k].value);
	}
	if (join(x.found, n) < 0 || finish(s, x.found) < 0)
		err_set(e, EX_OSERR, "no memory for a shard's events");
	else
		r = 0;
	for (unsigned t = 0; t < n; t++) {
		free(x.found[t].memory);
		free(x.found[t].state);
	}
	free(x.found);
	return r;
}
