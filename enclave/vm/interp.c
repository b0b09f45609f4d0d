/*
 * The interpreter: one loop, compiled three times.  PLAIN counts cycles, opcodes
 * and gas; RECORD also tells every instruction; BLOCK runs unconstrained blocks,
 * which leave no trace (sp1-machine(7), Unconstrained blocks).
 */
#include "vm/interp.h"

#include <stdlib.h>
#include <string.h>

#include "vm/calls.h"
#include "vm/gas.h"
#include "vm/mem.h"
#include "vm/shard.h"

enum mode { PLAIN, RECORD, BLOCK };

#define INLINE static inline __attribute__((always_inline))

#define OP_END RV_NOPCODES	/* after the last instruction */

/* Timestamps within an instruction (sp1-machine(7), Clock). */
#define TS_MEM 1
#define TS_C 2
#define TS_B 3
#define TS_A 4

static uint64_t
sext32(uint64_t v)
{
	return (uint64_t)(int64_t)(int32_t)(uint32_t)v;
}

static bool
overflows(uint64_t b, uint64_t c)
{
	return b == 1ull << 63 && c == ~0ull;
}

static bool
is_branch(enum rv_opcode op)
{
	return op >= RV_BEQ && op <= RV_BGEU;
}

static struct op
prepare(const struct rv_insn *i, uint64_t pc)
{
	bool store = i->op >= RV_SB && i->op <= RV_SD;
	bool load = i->op >= RV_LB && i->op <= RV_LD;
	struct op o = {
		.pc = pc,
		.op = i->op,
		.a = i->op_a,
		.b = i->imm_b ? 0 : (uint8_t)i->op_b,
		.c = i->imm_c ? 0 : (uint8_t)i->op_c,
		.chip = chip_of_opcode[i->op][i->op_a == 0],
		.memory = load || store,
		.has_b = !i->imm_b,
		.has_c = !i->imm_c,
	};

	o.dest = store || is_branch(i->op) ? 0 : i->op_a;
	if (i->imm_c)
		o.imm = i->op == RV_JAL ? i->op_b : i->op_c;
	o.width = core_chips[o.chip].width;
	o.crosses = !is_branch(i->op) && i->op != RV_JAL && i->op != RV_JALR &&
	    pc >> 16 != (pc + 4) >> 16;
	/* an ECALL's own registers are no events of gas (sp1-machine(7), Gas,
	 * rule 1) */
	if (i->op != RV_ECALL)
		o.mask = 1u << o.a | (i->imm_b ? 0 : 1u << o.b) |
		    (i->imm_c ? 0 : 1u << o.c);
	return o;
}

int
interp_prepare(struct vm *m)
{
	const struct rv_program *p = m->program;

	m->ops = calloc((size_t)p->n + 1, sizeof *m->ops);
	if (!m->ops)
		return -1;
	for (uint32_t i = 0; i < p->n; i++)
		m->ops[i] = prepare(&p->insn[i], p->pc_base + 4ull * i);
	m->ops[p->n].op = OP_END;
	m->ops[p->n].pc = p->pc_base + 4ull * p->n;
	return 0;
}

/* NULL after vm_fail(). */
static const struct op *
jump(struct vm *m, uint64_t pc)
{
	uint64_t at = pc - m->program->pc_base;

	if (at / 4 >= m->program->n || at % 4 != 0) {
		vm_fail(m, VM_InvalidJump,
		    "jump to 0x%llx, which is no instruction",
		    (unsigned long long)pc);
		return NULL;
	}
	return m->ops + at / 4;
}

/* These fail, and return false. */

static bool
misaligned(struct vm *m, const char *what, uint64_t addr)
{
	vm_fail(m, VM_InvalidMemoryAccess, "misaligned %s at 0x%llx", what,
	    (unsigned long long)addr);
	return false;
}

static bool
low_address(struct vm *m, uint64_t addr)
{
	vm_fail(m, VM_Unprovable,
	    "access to 0x%llx: the proof system has no memory below 2^16",
	    (unsigned long long)addr);
	return false;
}

static bool
unimplemented(struct vm *m, enum rv_opcode op)
{
	vm_fail(m, VM_Unimplemented, "the guest executed %s",
	    op == RV_EBREAK ? "ebreak" : "an unimplemented instruction");
	return false;
}

static bool
past_end(struct vm *m)
{
	vm_fail(m, VM_InvalidJump, "ran past the last instruction");
	return false;
}

static void
exceeded(struct vm *m, enum mode mode)
{
	if (mode == BLOCK)
		vm_fail(m, VM_ExceededUnconstrainedLimit,
		    "unconstrained blocks ran %llu instructions",
		    (unsigned long long)m->config.max_unconstrained);
	else
		vm_fail(m, VM_ExceededCycleLimit, "more than %llu cycles",
		    (unsigned long long)m->config.max_cycles);
}

INLINE uint64_t
load_part(enum rv_opcode op, uint64_t word, uint64_t addr)
{
	uint64_t v = word >> 8 * (addr % 8);

	switch (op) {
	case RV_LB: return (uint64_t)(int64_t)(int8_t)v;
	case RV_LH: return (uint64_t)(int64_t)(int16_t)v;
	case RV_LW: return sext32(v);
	case RV_LBU: return (uint8_t)v;
	case RV_LHU: return (uint16_t)v;
	case RV_LWU: return (uint32_t)v;
	default: return v;
	}
}

/* word with `size` bytes at addr replaced by v's lowest. */
INLINE uint64_t
store_part(uint64_t word, uint64_t v, uint64_t addr,
    unsigned size)
{
	unsigned shift = 8 * (addr % 8);
	uint64_t mask = size == 8 ? ~0ull : ((1ull << 8 * size) - 1) << shift;

	return (word & ~mask) | ((v << shift) & mask);
}

static uint64_t
bump_register(struct rec *r, unsigned reg, uint64_t ts)
{
	uint64_t prev = r->ts[reg];

	r->ts[reg] = ts;
	return prev;
}

/* The register accesses in their order: c, b, a. */
static void
record_registers(struct vm *m, struct rec_instr *e,
    const struct op *i)
{
	struct rec *r = m->rec;
	const struct rv_insn *n = &m->program->insn[i - m->ops];

	*e = (struct rec_instr){
		.clk = m->clk, .index = (uint32_t)(i - m->ops),
		.b = i->has_b ? m->x[i->b] : n->op_b,
		.c = i->has_c ? m->x[i->c] : n->op_c,
		.prev_a = m->x[i->a],
	};
	if (i->has_c)
		e->ts_c = bump_register(r, i->c, m->clk + TS_C);
	if (i->has_b)
		e->ts_b = bump_register(r, i->b, m->clk + TS_B);
	e->ts_a = bump_register(r, i->a, m->clk + TS_A);
}

/* After an instruction: gas and shards as far as they are not the rule. */
static void
bumps(struct vm *m, const struct op *i, uint64_t next_clk,
    bool records)
{
	bool memory = next_clk >> 24 != m->clk >> 24;
	/* stock tests with 8 more than the increment (sp1-machine(7), Gas) */
	bool state = (m->clk & 0xffffff) + next_clk + 8 - m->clk >= 1 << 24 ||
	    (i->crosses && !m->halted);

	m->memory_bumps += memory;
	m->state_bumps += state;
	if (records)
		shard_bumps(m, memory, state);
}

/* Ends chunks and shards after instruction i.  m->clk is the next one's. */
static void
boundary(struct vm *m, const struct op *i, const struct op *next,
    uint32_t seen_before, bool counted, bool records)
{
	bool chunk_end = m->entries >= m->shard_end;

	if (m->halted)
		return;
	if (m->entries >= m->gas_end) {
		/* a chunk's last load or store is charged, but its memory
		 * events are lost (sp1-machine(7), Gas, rule 4) */
		if (i->memory) {
			m->seen = seen_before;
			m->gas_local -= counted;
		}
		gas_close(m);
	}
	if (chunk_end)
		m->shard_end = m->entries + m->config.shard_entries;
	if (records && !m->failed) {
		struct rec *r = m->rec;

		if (!r->commit && !r->commit_deferred &&
		    (chunk_end || r->high || r->area >= r->area_limit ||
		    r->rows[i->chip] >= r->row_limit))
			ignore(shard_close(m, next->pc, false, chunk_end));
	}
	m->entry_stop = m->gas_end < m->shard_end || !records ?
	    m->gas_end : m->shard_end;
}

static void run_block(struct vm *m);

/* An unconstrained block, from ENTER to its EXIT.  Net effect: a call that returns 0,
 * and what it wrote. */
static int
block(struct vm *m, const struct op *enter, uint64_t *v)
{
	uint64_t saved[32];

	memcpy(saved, m->x, sizeof saved);
	m->x[5] = 1;
	m->ip = enter + 1;
	run_block(m);
	if (m->failed)
		return -1;
	memcpy(m->x, saved, sizeof saved);
	mem_restore(m);
	*v = 0;
	return 0;
}

/* By value: what has an address is kept in memory, in the loop too. */
struct called {
	bool good;
	uint64_t v;		/* what x5 gets */
};

/* The whole of an ECALL but its counting; c and b are x11 and x10. */
static __attribute__((noinline)) struct called
ecall(struct vm *m, const struct op *i, enum mode mode)
{
	struct called r = { false, 0 };

	if (mode == BLOCK) {
		r.good = vm_ecall(m, &r.v) == 0 && m->in_block;
		return r;
	}
	m->first_by_ecall |= (1u << 5 | 1u << 10 | 1u << 11) & ~m->seen;
	m->seen |= 1u << 5 | 1u << 10 | 1u << 11;
	r.good = vm_ecall(m, &r.v) == 0 &&
	    (!m->in_block || block(m, i, &r.v) == 0);
	return r;
}

/* What an instruction does, but for its memory. */
struct step {
	const struct op *next;
	uint64_t v;		/* for x[dest] */
	uint64_t next_clk;
	uint64_t prev_ts;	/* of the word that it accesses; else ~0 */
	struct rec_instr *e;	/* RECORD: what is told of it */
};

/* An access outside of blocks, which makes the word `value`. */
INLINE bool
trace_access(struct vm *m, const enum mode mode, struct step *s,
    struct page *p, unsigned k, uint64_t addr, uint64_t value)
{
	if (mode == RECORD && addr < MEM_PROVABLE)
		return low_address(m, addr);
	s->prev_ts = touch(m, p, k, addr & ~7ull, m->clk + TS_MEM,
	    mode == RECORD);
	m->entries++;
	if (mode == RECORD) {
		s->e->mem_prev = p->value[k];
		s->e->mem_prev_ts = s->prev_ts;
		s->e->mem_value = value;
	}
	return true;
}

INLINE bool
load(struct vm *m, const enum mode mode, struct step *s, const struct op *i,
    uint64_t addr, unsigned size)
{
	unsigned k = addr / 8 % PAGE_WORDS;
	struct page *p;

	if (unlikely(addr % size != 0))
		return misaligned(m, "load", addr);
	p = mem_page(m, addr);
	if (unlikely(!p))
		return false;
	s->v = load_part(i->op, p->value[k], addr);
	return mode == BLOCK ||
	    trace_access(m, mode, s, p, k, addr, p->value[k]);
}

/* a: the register's value. */
INLINE bool
store(struct vm *m, const enum mode mode, struct step *s, uint64_t a,
    uint64_t addr, unsigned size)
{
	unsigned k = addr / 8 % PAGE_WORDS;
	struct page *p;
	uint64_t word;

	if (unlikely(addr % size != 0))
		return misaligned(m, "store", addr);
	p = mem_page(m, addr);
	if (unlikely(!p))
		return false;
	word = store_part(p->value[k], a, addr, size);
	if (mode == BLOCK ? !p->saved && mem_save(m, p) :
	    !trace_access(m, mode, s, p, k, addr, word))
		return false;
	p->value[k] = word;
	s->v = a;
	return true;
}

INLINE bool
branch(struct vm *m, struct step *s, const struct op *i, uint64_t a, bool taken)
{
	s->v = a;
	if (taken)
		s->next = jump(m, i->pc + i->imm);
	return likely(s->next != NULL);
}

INLINE bool
link_to(struct vm *m, struct step *s, const struct op *i, uint64_t pc)
{
	s->v = i->pc + 4;
	s->next = jump(m, pc);
	return likely(s->next != NULL);
}

/* false: the run is over: it failed, or a block has come to its end. */
INLINE bool
execute(struct vm *m, const enum mode mode, struct step *s, const struct op *i)
{
	const uint64_t b = m->x[i->b], c = m->x[i->c] + i->imm, a = m->x[i->a];
	struct called called;

	switch (i->op) {
#define VM_ALU(op, expr) \
	case RV_##op: { \
		const uint64_t pc = i->pc; \
		(void)pc; \
		s->v = (expr); \
		return true; \
	}
#include "vm/alu.def"
#undef VM_ALU
	case RV_LB: case RV_LBU: return load(m, mode, s, i, b + i->imm, 1);
	case RV_LH: case RV_LHU: return load(m, mode, s, i, b + i->imm, 2);
	case RV_LW: case RV_LWU: return load(m, mode, s, i, b + i->imm, 4);
	case RV_LD: return load(m, mode, s, i, b + i->imm, 8);
	case RV_SB: return store(m, mode, s, a, b + i->imm, 1);
	case RV_SH: return store(m, mode, s, a, b + i->imm, 2);
	case RV_SW: return store(m, mode, s, a, b + i->imm, 4);
	case RV_SD: return store(m, mode, s, a, b + i->imm, 8);
	case RV_BEQ: return branch(m, s, i, a, a == b);
	case RV_BNE: return branch(m, s, i, a, a != b);
	case RV_BLT: return branch(m, s, i, a, (int64_t)a < (int64_t)b);
	case RV_BGE: return branch(m, s, i, a, (int64_t)a >= (int64_t)b);
	case RV_BLTU: return branch(m, s, i, a, a < b);
	case RV_BGEU: return branch(m, s, i, a, a >= b);
	case RV_JAL: return link_to(m, s, i, i->pc + i->imm);
	case RV_JALR: return link_to(m, s, i, (b + i->imm) & ~1ull);
	case RV_ECALL:
		called = ecall(m, i, mode);
		s->v = called.v;
		s->next_clk += 256;
		return called.good;
	case RV_EBREAK: case RV_UNIMP:
		return unimplemented(m, i->op);
	default:	/* OP_END */
		return past_end(m);
	}
}

/* After the instruction: its record is whole, and its chip's rows are counted. */
INLINE bool
tell(struct vm *m, const struct step *s, const struct op *i)
{
	struct rec *r = m->rec;

	s->e->a = i->dest == 0 && i->a == 0 ? 0 : s->v;
	r->rows[i->chip]++;
	r->area += i->width;
	if (unlikely(r->pending) && rec_precompile(m))
		return false;
	if (unlikely(r->l)) {
		shard_rows(m, CHIP_MemoryLocal, r->l,
		    r->l * core_chips[CHIP_MemoryLocal].width);
		shard_rows(m, CHIP_Global, 2 * r->l,
		    2 * r->l * core_chips[CHIP_Global].width);
		r->l = 0;
	}
	return true;
}

/* The clock goes on; chunks and shards end. */
INLINE void
advance(struct vm *m, const enum mode mode, const struct step *s,
    const struct op *i, uint32_t seen_before)
{
	bool counted = s->prev_ts < m->gas_start;

	if (unlikely(i->crosses || (m->clk & 0xffffff) >
	    (1 << 24) - 16 - 256))
		bumps(m, i, s->next_clk, mode == RECORD);
	m->clk = s->next_clk;
	if (unlikely(m->entries >= m->entry_stop) ||
	    (mode == RECORD && unlikely(m->rec->high ||
	    m->rec->area >= m->rec->area_limit ||
	    m->rec->rows[i->chip] >= m->rec->row_limit)))
		boundary(m, i, s->next, seen_before, counted, mode == RECORD);
}

INLINE void
run(struct vm *m, const enum mode mode)
{
	uint64_t left = mode == BLOCK ? m->block_left : m->left;
	const struct op *i = m->ip;

	for (;;) {
		struct step s = { i + 1, 0, m->clk + 8, ~0ull, NULL };
		uint32_t seen_before = m->seen;

		if (unlikely(left == 0)) {
			exceeded(m, mode);
			break;
		}
		left--;
		if (mode == RECORD && i->op != OP_END) {
			s.e = rec_instr(m);
			record_registers(m, s.e, i);
		}
		if (unlikely(!execute(m, mode, &s, i)))
			break;
		if (mode != BLOCK) {
			m->result.opcodes[i->op]++;
			m->seen |= i->mask;
		}
		if (mode == RECORD && !tell(m, &s, i))
			break;
		m->x[i->dest] = s.v;
		m->x[0] = 0;
		if (mode != BLOCK)
			advance(m, mode, &s, i, seen_before);
		i = s.next;
		if (mode != BLOCK && unlikely(m->halted || m->failed))
			break;
	}
	m->ip = i;
	if (mode == BLOCK)
		m->block_left = left;
	else
		m->left = left;
}

static void
run_plain(struct vm *m)
{
	run(m, PLAIN);
}

static void
run_record(struct vm *m)
{
	run(m, RECORD);
}

static __attribute__((noinline)) void
run_block(struct vm *m)
{
	run(m, BLOCK);
}

void
interp_run(struct vm *m)
{
	uint64_t most = m->config.max_cycles;

	m->left = most ? most : UINT64_MAX;
	m->block_left = m->config.max_unconstrained;
	m->ip = jump(m, m->program->pc_start);
	if (!m->ip)
		return;
	if (m->rec) {
		if (rec_start(m))
			return;
		shard_open(m, m->program->pc_start);
	}
	gas_open(m);
	m->shard_end = m->config.shard_entries;
	m->entry_stop = m->rec && m->shard_end < m->gas_end ?
	    m->shard_end : m->gas_end;
	if (m->rec)
		run_record(m);
	else
		run_plain(m);
	for (int op = 0; op < RV_NOPCODES; op++)
		m->result.cycles += m->result.opcodes[op];
	if (m->failed)
		m->result.pc = m->ip ? m->ip->pc : 0;
}
