#include "air/op/check.h"
#include "air/core/shift.h"
#include "air/op/decode.h"
#include "air/op/opcode.h"

/* c_bits are the six low bits of c0; the other ten are looked up.  Returns the
 * amount modulo 16. */
static expr
shift_bits(struct air *a, const expr bits[6], expr c0, expr is_real)
{
	expr sum = x_zero(a), low = sum;

	for (int i = 0; i < 6; i++)
		air_bool(a, bits[i]);
	for (unsigned i = 0; i < 6; i++) {
		sum = x_add(sum, x_mulk(bits[i], 1u << i));
		if (i == 3)
			low = sum;
	}
	air_range_bits(a, x_mulk(x_sub(c0, sum), INV_64), 10, is_real);
	return low;
}

/* flag: one-hot, its index the number of limbs to shift by. */
static void
limb_flags(struct air *a, const expr flag[4], const expr bits[6], expr not_word,
    expr is_real)
{
	for (unsigned i = 0; i < WORD; i++) {
		air_equal_when(a, flag[i], x_add(bits[4],
		    x_mul(x_mulk(bits[5], 2), not_word)), x_k(a, i));
		air_bool(a, flag[i]);
	}
	air_equal_when(a, is_real, x_sum(flag, WORD), x_one(a));
}

static void
shift_fields(const struct decode *d, expr imm_c)
{
	decode_sum(d, DECODE_FUNCT3);
	decode_sum(d, DECODE_FUNCT7);
	decode_sum_imm(d, DECODE_BASE, imm_c);
}

/* R: 8; I with a shift of six bits: 2, of five: 1 */
static void
shift_type(const struct decode *d, expr imm_c, expr is_word_imm)
{
	x_sub(decode_sum(d, DECODE_TYPE),
	    x_add(x_mulk(imm_c, 8 - 2), x_mulk(is_word_imm, 2 - 1)));
}

static void
sll_limbs(struct air *a, const struct shift_left_cols_x *c, expr shift,
    expr is_real)
{
	const expr *limb = c->adapter.op_b_memory.prev_value;

	for (int i = 0; i < WORD; i++) {
		air_range(a, c->lower_limb[i], x_rsubk(16, shift), is_real);
		air_range(a, c->higher_limb[i], shift, is_real);
		/* limb = high * 2^(16 - shift) + low, times 2^shift */
		air_equal(a, x_mul(limb[i], c->v_0123),
		    x_add(x_mulk(c->higher_limb[i], BASE),
		    x_mul(c->lower_limb[i], c->v_0123)));
	}
	for (int i = 0; i < WORD; i++) {
		expr r = x_mul(c->lower_limb[i], c->v_0123);

		if (i)
			r = x_add(r, c->higher_limb[i - 1]);
		air_equal(a, c->limb_result[i], r);
	}
}

/* The n low limbs of a are limb_result moved up by the flagged number. */
static void
sll_move(struct air *a, const struct shift_left_cols_x *c, expr is, int n)
{
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
			if (j < i)
				air_zero_when2(a, is, c->shift_u16[i], c->a[j]);
			else
				air_equal_when2(a, is, c->shift_u16[i], c->a[j],
				    c->limb_result[j - i]);
}

void
chip_ShiftLeft(struct air *a, const void *cols, const void *prep)
{
	const struct shift_left_cols_x *c = cols;
	const struct decode d = {(const expr[]){c->is_sll, c->is_sllw},
	    (const uint8_t[]){OPC_SLL, OPC_SLLW}, 2};
	expr is_real = x_add(c->is_sll, c->is_sllw);
	expr shift, opcode;

	air_bool(a, is_real);
	air_bool(a, c->is_sll);
	air_bool(a, c->is_sllw);
	shift = shift_bits(a, c->c_bits, c->adapter.op_c_memory.prev_value[0],
	    is_real);
	limb_flags(a, c->shift_u16, c->c_bits, c->is_sll, is_real);
	air_equal(a, c->v_01, x_mul(x_addk(c->c_bits[0], 1),
	    x_addk(x_mulk(c->c_bits[1], 3), 1)));
	air_equal(a, c->v_012, x_mul(c->v_01,
	    x_addk(x_mulk(c->c_bits[2], 15), 1)));
	air_equal(a, c->v_0123, x_mul(c->v_012,
	    x_addk(x_mulk(c->c_bits[3], 255), 1)));
	sll_limbs(a, c, shift, is_real);
	sll_move(a, c, c->is_sll, WORD);
	sll_move(a, c, c->is_sllw, WORD / 2);
	for (int i = WORD / 2; i < WORD; i++)
		air_equal_when(a, c->is_sllw,
		    x_mulk(c->sllw_msb.msb, U16_MAX), c->a[i]);
	op_msb(a, c->a[1], &c->sllw_msb, c->is_sllw);
	opcode = decode_sum(&d, DECODE_OPCODE);
	shift_fields(&d, c->adapter.imm_c);
	air_equal(a, c->is_sllw_imm, x_mul(c->is_sllw, c->adapter.imm_c));
	shift_type(&d, c->adapter.imm_c, c->is_sllw_imm);
	adapter_state_step(a, &c->state, is_real);
	air_zero(a, c->adapter.op_a_0);
	adapter_alu(a, &c->state, adapter_clk_low(&c->state), opcode, c->a,
	    &c->adapter, is_real);
}

static void
srl_limbs(struct air *a, const struct shift_right_cols_x *c, expr shift,
    expr not_word, expr is_real)
{
	const expr *limb = c->adapter.op_b_memory.prev_value;

	for (int i = 0; i < WORD; i++) {
		expr scaled;

		air_range(a, c->lower_limb[i], shift, is_real);
		air_range(a, c->higher_limb[i], x_rsubk(16, shift), is_real);
		/* limb = high * 2^shift + low, times 2^(16 - shift); a word's
		 * upper limbs are taken to be 0 */
		scaled = x_mul(limb[i], c->v_0123);
		if (i >= WORD / 2)
			scaled = x_mul(scaled, not_word);
		air_equal(a, scaled, x_add(x_mulk(c->higher_limb[i], BASE),
		    x_mul(c->lower_limb[i], c->v_0123)));
	}
	for (int i = 0; i < WORD; i++) {
		expr r = c->higher_limb[i];

		if (i != WORD - 1)
			r = x_add(r, x_mul(c->lower_limb[i + 1], c->v_0123));
		air_equal(a, c->limb_result[i], r);
	}
}

/* limb + (2^16 msb - msb 2^(16 - shift)): with the sign shifted in */
static expr
with_sign(const struct shift_right_cols_x *c, expr limb)
{
	return x_add(limb, x_sub(x_mulk(c->b_msb.msb, BASE),
	    c->sra_msb_v0123));
}

static void
srl_move(struct air *a, const struct shift_right_cols_x *c, expr not_word)
{
	const expr *r = c->limb_result;

	for (int i = 0; i < WORD; i++) {
		expr flag = c->shift_u16[i];

		for (int j = 0; j < WORD - 1 - i; j++)
			air_equal_when2(a, not_word, flag, c->a[j], r[i + j]);
		air_equal_when2(a, not_word, flag, c->a[WORD - 1 - i],
		    with_sign(c, r[WORD - 1]));
		for (int j = WORD - i; j < WORD; j++)
			air_equal_when2(a, not_word, flag, c->a[j],
			    x_mulk(c->b_msb.msb, U16_MAX));
	}
}

static void
srlw_move(struct air *a, const struct shift_right_cols_x *c, expr is_word)
{
	const expr *r = c->limb_result, *flag = c->shift_u16;

	air_equal_when2(a, is_word, flag[0], c->a[0], r[0]);
	air_equal_when2(a, is_word, flag[0], c->a[1], with_sign(c, r[1]));
	air_equal_when2(a, is_word, flag[1], c->a[0], with_sign(c, r[1]));
	air_equal_when2(a, is_word, flag[1], c->a[1],
	    x_mulk(c->b_msb.msb, U16_MAX));
	for (int i = WORD / 2; i < WORD; i++)
		air_equal_when(a, is_word, c->a[i],
		    x_mulk(c->srw_msb.msb, U16_MAX));
}

/* (1 - bit) * k + 1 */
static expr
power(expr bit, uint32_t k)
{
	return x_addk(x_mulk(x_rsubk(1, bit), k), 1);
}

void
chip_ShiftRight(struct air *a, const void *cols, const void *prep)
{
	const struct shift_right_cols_x *c = cols;
	const expr *b = c->adapter.op_b_memory.prev_value;
	const struct decode d = {(const expr[]){c->is_srl, c->is_sra,
	    c->is_srlw, c->is_sraw}, (const uint8_t[]){OPC_SRL, OPC_SRA,
	    OPC_SRLW, OPC_SRAW}, 4};
	expr is_word, not_word, is_real, opcode, shift;

	is_real = x_sum(d.flag, d.n);
	air_bool(a, c->is_srl);
	air_bool(a, c->is_sra);
	air_bool(a, c->is_srlw);
	air_bool(a, c->is_sraw);
	air_bool(a, is_real);
	is_word = x_add(c->is_srlw, c->is_sraw);
	not_word = x_add(c->is_srl, c->is_sra);
	opcode = decode_sum(&d, DECODE_OPCODE);
	shift_fields(&d, c->adapter.imm_c);
	air_equal(a, c->is_w_imm, x_mul(x_add(c->is_srlw, c->is_sraw),
	    c->adapter.imm_c));
	shift_type(&d, c->adapter.imm_c, c->is_w_imm);
	shift = shift_bits(a, c->c_bits, c->adapter.op_c_memory.prev_value[0],
	    is_real);
	limb_flags(a, c->shift_u16, c->c_bits, not_word, is_real);
	air_equal(a, c->v_01, x_mul(
	    x_mulk(x_addk(x_rsubk(1, c->c_bits[0]), 1), 2),
	    power(c->c_bits[1], 3)));
	air_equal(a, c->v_012, x_mul(c->v_01, power(c->c_bits[2], 15)));
	air_equal(a, c->v_0123, x_mul(c->v_012, power(c->c_bits[3], 255)));
	srl_limbs(a, c, shift, not_word, is_real);
	op_msb(a, b[3], &c->b_msb, c->is_sra);
	op_msb(a, b[1], &c->b_msb, c->is_sraw);
	air_zero_when(a, x_add(c->is_srl, c->is_srlw), c->b_msb.msb);
	air_equal(a, c->sra_msb_v0123, x_mul(c->b_msb.msb, c->v_0123));
	op_msb(a, c->a[1], &c->srw_msb, is_word);
	air_zero_unless(a, is_word, c->srw_msb.msb);
	srl_move(a, c, not_word);
	srlw_move(a, c, is_word);
	adapter_state_step(a, &c->state, is_real);
	air_zero(a, c->adapter.op_a_0);
	adapter_alu(a, &c->state, adapter_clk_low(&c->state), opcode, c->a,
	    &c->adapter, is_real);
}
