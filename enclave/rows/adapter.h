#ifndef ROWS_ADAPTER_H
#define ROWS_ADAPTER_H
/*
 * Fillers for what every instruction row begins with (air/op/adapter.h), and for
 * memory accesses.  Columns come zeroed; a filler may leave out those that stay 0.
 */
#include "air/op/adapter.h"
#include "rows/trace.h"

/* x < KB_P: without kb_from's division */
KERNEL kb
cell(uint32_t x)
{
	return (kb){kb_reduce((uint64_t)x * KB_R2)};
}

/* Limb i of x, 16 bits, lowest first. */
KERNEL uint16_t
limb(uint64_t x, unsigned i)
{
	return (uint16_t)(x >> 16 * i);
}

/* The four limbs of x. */
KERNEL void
fill_word(kb w[4], uint64_t x)
{
	for (unsigned i = 0; i < 4; i++)
		w[i] = cell(limb(x, i));
}

/* An address or pc, below 2^48. */
KERNEL void
fill_addr(kb w[3], uint64_t x)
{
	for (unsigned i = 0; i < 3; i++)
		w[i] = cell(limb(x, i));
}

/* Where the event's instruction is. */
KERNEL uint64_t event_pc(const struct rec_instr *e,
    const struct rv_program *p)
{
	return p->pc_base + 4 * (uint64_t)e->index;
}

/* clk and pc. */
DEVICE void fill_state(struct cpu_state *s, const struct rec_instr *e,
    const struct rv_program *p);

/* A register that had prev since prev_ts, accessed at ts. */
DEVICE void fill_register(struct register_access *m, uint64_t prev, uint64_t prev_ts,
    uint64_t ts);
/* The same of a memory word, which may not have been accessed since clk's high
 * part changed. */
DEVICE void fill_memory(struct memory_access *m, uint64_t prev, uint64_t prev_ts,
    uint64_t ts);

/* Operands of an R instruction: op_a at clk + 4, b at clk + 3, c at clk + 2. */
DEVICE void fill_r(struct r_reader *r, const struct rec_instr *e,
    const struct rv_insn *i);
/* The same with an immediate c. */
DEVICE void fill_i(struct i_reader *r, const struct rec_instr *e,
    const struct rv_insn *i);
/* The same with two immediates. */
DEVICE void fill_j(struct j_reader *r, const struct rec_instr *e,
    const struct rv_insn *i);
/* The same, c a register or an immediate as the instruction says. */
DEVICE void fill_alu(struct alu_reader *r, const struct rec_instr *e,
    const struct rv_insn *i);

#endif
