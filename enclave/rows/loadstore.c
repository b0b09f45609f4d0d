#include "air/core/load.h"
#include "air/core/store.h"
#include "rows/instr.h"
#include "rows/ops.h"

DEVICE static uint32_t
bit(uint64_t x, unsigned n)
{
	return (uint32_t)(x >> n) & 1;
}

/* Bits of the address from `from` up to 2, lowest first. */
DEVICE static void
fill_offset(kb *out, const struct rec_instr *e, unsigned from)
{
	for (unsigned n = from; n < 3; n++)
		*out++ = cell(bit(e->b + e->c, n));
}

/* The 16-bit limb of a word that the address is in. */
DEVICE static uint16_t
selected(const struct rec_instr *e, uint64_t word)
{
	return limb(word, (unsigned)((e->b + e->c) >> 1) & 3);
}

/* What all loads and stores begin with. */
DEVICE static void
fill_access(struct cpu_state *state, struct i_reader *adapter,
    struct op_address *address, struct memory_access *m,
    const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	fill_state(state, e, p);
	fill_i(adapter, e, i);
	fill_address(address, e->b, e->c);
	fill_memory(m, e->mem_prev, e->mem_prev_ts, e->clk + CLK_MEMORY);
}

#define FILL_ACCESS(c, e, i, p) \
	fill_access(&(c)->state, &(c)->adapter, &(c)->address_operation, \
	    &(c)->memory_access, e, i, p)

DEVICE void
trace_LoadByte(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct load_byte_cols *c = (struct load_byte_cols *)row;
	uint16_t x = selected(e, e->mem_prev);
	uint8_t byte = (uint8_t)(x >> 8 * bit(e->b + e->c, 0));

	FILL_ACCESS(c, e, i, p);
	fill_offset(c->offset_bit, e, 0);
	c->selected_limb = cell(x);
	c->selected_limb_low_byte = cell(x & 0xff);
	c->selected_byte = cell(byte);
	c->msb = cell(i->op == RV_LB ? byte >> 7 : 0);
	c->is_lb = cell(i->op == RV_LB);
	c->is_lbu = cell(i->op == RV_LBU);
}

DEVICE void
trace_LoadHalf(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct load_half_cols *c = (struct load_half_cols *)row;
	uint16_t x = selected(e, e->mem_prev);

	FILL_ACCESS(c, e, i, p);
	fill_offset(c->offset_bit, e, 1);
	c->selected_half = cell(x);
	if (i->op == RV_LH)
		fill_msb(&c->msb, x);
	c->is_lh = cell(i->op == RV_LH);
	c->is_lhu = cell(i->op == RV_LHU);
}

DEVICE void
trace_LoadWord(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct load_word_cols *c = (struct load_word_cols *)row;
	unsigned first = 2 * bit(e->b + e->c, 2);
	uint16_t high = limb(e->mem_prev, first + 1);

	FILL_ACCESS(c, e, i, p);
	fill_offset(&c->offset_bit, e, 2);
	c->selected_word[0] = cell(limb(e->mem_prev, first));
	c->selected_word[1] = cell(high);
	if (i->op == RV_LW)
		fill_msb(&c->msb, high);
	c->is_lw = cell(i->op == RV_LW);
	c->is_lwu = cell(i->op == RV_LWU);
}

DEVICE void
trace_LoadDouble(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct load_double_cols *c = (struct load_double_cols *)row;

	FILL_ACCESS(c, e, i, p);
	c->is_real = KB_ONE;
}

DEVICE void
trace_LoadX0(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct load_x0_cols *c = (struct load_x0_cols *)row;

	FILL_ACCESS(c, e, i, p);
	fill_offset(c->offset_bit, e, 0);
	c->is_lb = cell(i->op == RV_LB);
	c->is_lbu = cell(i->op == RV_LBU);
	c->is_lh = cell(i->op == RV_LH);
	c->is_lhu = cell(i->op == RV_LHU);
	c->is_lw = cell(i->op == RV_LW);
	c->is_lwu = cell(i->op == RV_LWU);
	c->is_ld = cell(i->op == RV_LD);
}

DEVICE void
trace_StoreByte(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct store_byte_cols *c = (struct store_byte_cols *)row;

	FILL_ACCESS(c, e, i, p);
	fill_offset(c->offset_bit, e, 0);
	c->mem_limb = cell(selected(e, e->mem_prev));
	c->mem_limb_low_byte = cell(selected(e, e->mem_prev) & 0xff);
	c->register_low_byte = cell(e->a & 0xff);
	c->increment = kb_sub(cell(selected(e, e->mem_value)), c->mem_limb);
	fill_word(c->store_value, e->mem_value);
	c->is_real = KB_ONE;
}

DEVICE void
trace_StoreHalf(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct store_half_cols *c = (struct store_half_cols *)row;

	FILL_ACCESS(c, e, i, p);
	fill_offset(c->offset_bit, e, 1);
	fill_word(c->store_value, e->mem_value);
	c->is_real = KB_ONE;
}

DEVICE void
trace_StoreWord(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct store_word_cols *c = (struct store_word_cols *)row;

	FILL_ACCESS(c, e, i, p);
	fill_offset(&c->offset_bit, e, 2);
	fill_word(c->store_value, e->mem_value);
	c->is_real = KB_ONE;
}

DEVICE void
trace_StoreDouble(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct store_double_cols *c = (struct store_double_cols *)row;

	FILL_ACCESS(c, e, i, p);
	c->is_real = KB_ONE;
}
