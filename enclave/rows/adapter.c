#include "rows/adapter.h"

/* Within an instruction, by operand (sp1-proof(7), Traces). */
enum { CLK_C = 2, CLK_B = 3, CLK_A = 4 };

#define LOW(ts) ((uint32_t)((ts) & 0xffffff))
#define HIGH(ts) ((uint32_t)((ts) >> 24))

DEVICE void
fill_state(struct cpu_state *s, const struct rec_instr *e,
    const struct rv_program *p)
{
	s->clk_high = cell(HIGH(e->clk));
	s->clk_16_24 = cell((uint32_t)(e->clk >> 16) & 0xff);
	s->clk_0_16 = cell((uint32_t)e->clk & 0xffff);
	fill_addr(s->pc, event_pc(e, p));
}

DEVICE void
fill_register(struct register_access *m, uint64_t prev, uint64_t prev_ts,
    uint64_t ts)
{
	/* MemoryBump reads at low part 0 what was last used before */
	uint32_t old = HIGH(prev_ts) == HIGH(ts) ? LOW(prev_ts) : 0;

	fill_word(m->prev_value, prev);
	m->access_timestamp.prev_low = cell(old);
	m->access_timestamp.diff_low_limb = cell((LOW(ts) - old - 1) & 0xffff);
}

DEVICE void
fill_memory(struct memory_access *m, uint64_t prev, uint64_t prev_ts,
    uint64_t ts)
{
	struct memory_time *t = &m->access_timestamp;
	int low = HIGH(prev_ts) == HIGH(ts);
	uint32_t diff = low ? LOW(ts) - LOW(prev_ts) - 1 :
	    HIGH(ts) - HIGH(prev_ts) - 1;

	fill_word(m->prev_value, prev);
	t->prev_high = cell(HIGH(prev_ts));
	t->prev_low = cell(LOW(prev_ts));
	t->compare_low = cell(low);
	t->diff_low_limb = cell(diff & 0xffff);
	t->diff_high_limb = cell(diff >> 16 & 0xff);
}

DEVICE void
fill_r(struct r_reader *r, const struct rec_instr *e, const struct rv_insn *i)
{
	r->op_a = cell(i->op_a);
	fill_register(&r->op_a_memory, e->prev_a, e->ts_a, e->clk + CLK_A);
	r->op_a_0 = cell(i->op_a == 0);
	r->op_b = cell((uint32_t)i->op_b);
	fill_register(&r->op_b_memory, e->b, e->ts_b, e->clk + CLK_B);
	r->op_c = cell((uint32_t)i->op_c);
	fill_register(&r->op_c_memory, e->c, e->ts_c, e->clk + CLK_C);
}

DEVICE void
fill_i(struct i_reader *r, const struct rec_instr *e, const struct rv_insn *i)
{
	r->op_a = cell(i->op_a);
	fill_register(&r->op_a_memory, e->prev_a, e->ts_a, e->clk + CLK_A);
	r->op_a_0 = cell(i->op_a == 0);
	r->op_b = cell((uint32_t)i->op_b);
	fill_register(&r->op_b_memory, e->b, e->ts_b, e->clk + CLK_B);
	fill_word(r->op_c_imm, i->op_c);
}

DEVICE void
fill_j(struct j_reader *r, const struct rec_instr *e, const struct rv_insn *i)
{
	r->op_a = cell(i->op_a);
	fill_register(&r->op_a_memory, e->prev_a, e->ts_a, e->clk + CLK_A);
	r->op_a_0 = cell(i->op_a == 0);
	fill_word(r->op_b_imm, i->op_b);
	fill_word(r->op_c_imm, i->op_c);
}

DEVICE void
fill_alu(struct alu_reader *r, const struct rec_instr *e,
    const struct rv_insn *i)
{
	r->op_a = cell(i->op_a);
	fill_register(&r->op_a_memory, e->prev_a, e->ts_a, e->clk + CLK_A);
	r->op_a_0 = cell(i->op_a == 0);
	r->op_b = cell((uint32_t)i->op_b);
	fill_register(&r->op_b_memory, e->b, e->ts_b, e->clk + CLK_B);
	fill_word(r->op_c, i->op_c);
	r->imm_c = cell(i->imm_c);
	if (i->imm_c)
		fill_word(r->op_c_memory.prev_value, i->op_c);
	else
		fill_register(&r->op_c_memory, e->c, e->ts_c, e->clk + CLK_C);
}
