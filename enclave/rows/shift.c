#include "air/core/shift.h"
#include "rows/instr.h"
#include "rows/ops.h"

DEVICE static void
fill_shift(kb bits[6], kb flag[4], uint32_t amount, int word)
{
	for (unsigned i = 0; i < 6; i++)
		bits[i] = cell(amount >> i & 1);
	flag[amount >> 4 & (word ? 1 : 3)] = KB_ONE;
}

DEVICE void
trace_ShiftLeft(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct shift_left_cols *c = (struct shift_left_cols *)row;
	int word = i->op == RV_SLLW;
	uint32_t amount = limb(e->c, 0), shift = amount & 15, high = 0;

	fill_state(&c->state, e, p);
	fill_alu(&c->adapter, e, i);
	fill_word(c->a, e->a);
	fill_shift(c->c_bits, c->shift_u16, amount, word);
	c->v_01 = cell(1u << (amount & 3));
	c->v_012 = cell(1u << (amount & 7));
	c->v_0123 = cell(1u << shift);
	for (unsigned k = 0; k < 4; k++) {
		uint32_t x = limb(e->b, k), low = (x << shift & 0xffff) >> shift;

		c->lower_limb[k] = cell(low);
		c->limb_result[k] = cell((low << shift) + high);
		high = x << shift >> 16;
		c->higher_limb[k] = cell(high);
	}
	if (word)
		fill_msb(&c->sllw_msb, limb(e->a, 1));
	c->is_sll = cell(!word);
	c->is_sllw = cell(word);
	c->is_sllw_imm = cell(word && i->imm_c);
}

DEVICE void
pad_ShiftLeft(const struct shard_events *s, size_t i, kb *row)
{
	struct shift_left_cols *c = (struct shift_left_cols *)row;

	c->v_01 = c->v_012 = c->v_0123 = KB_ONE;
}

DEVICE void
trace_ShiftRight(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct shift_right_cols *c = (struct shift_right_cols *)row;
	int word = i->op == RV_SRLW || i->op == RV_SRAW;
	int arithmetic = i->op == RV_SRA || i->op == RV_SRAW;
	uint64_t b = word ? (uint32_t)e->b : e->b;
	uint32_t amount = limb(e->c, 0), shift = amount & 15, low = 0;

	fill_state(&c->state, e, p);
	fill_alu(&c->adapter, e, i);
	fill_word(c->a, e->a);
	fill_shift(c->c_bits, c->shift_u16, amount, word);
	c->v_01 = cell(1u << (4 - (amount & 3)));
	c->v_012 = cell(1u << (8 - (amount & 7)));
	c->v_0123 = cell(1u << (16 - shift));
	if (arithmetic) {
		fill_msb(&c->b_msb, limb(b, word ? 1 : 3));
		c->sra_msb_v0123 = kb_mul(c->b_msb.msb, c->v_0123);
	}
	if (word)
		fill_msb(&c->srw_msb, limb(e->a, 1));
	for (unsigned k = 4; k-- > 0;) {
		uint32_t x = limb(b, k), high = x >> shift;

		c->higher_limb[k] = cell(high);
		c->limb_result[k] = cell(high + (low << (16 - shift)));
		low = x & ((1u << shift) - 1);
		c->lower_limb[k] = cell(low);
	}
	c->is_srl = cell(i->op == RV_SRL);
	c->is_sra = cell(i->op == RV_SRA);
	c->is_srlw = cell(i->op == RV_SRLW);
	c->is_sraw = cell(i->op == RV_SRAW);
	c->is_w_imm = cell(word && i->imm_c);
}

DEVICE void
pad_ShiftRight(const struct shard_events *s, size_t i, kb *row)
{
	struct shift_right_cols *c = (struct shift_right_cols *)row;

	c->v_01 = cell(16);
	c->v_012 = cell(256);
	c->v_0123 = cell(65536);
}
