#include "air/op/check.h"
#include "air/core/divrem.h"
#include "air/op/decode.h"
#include "air/op/opcode.h"

/* Sums of the opcode flags, which select what a row computes. */
struct kinds {
	expr word, not_word;		/* 32, 64 bits */
	expr signed_word, unsigned_word;
	expr is_signed;			/* either width */
};

static struct kinds
kinds_of(const struct div_rem_cols_x *c)
{
	struct kinds k;

	k.word = x_sum((expr[]){c->is_divw, c->is_remw, c->is_divuw,
	    c->is_remuw}, 4);
	k.not_word = x_sum((expr[]){c->is_divu, c->is_remu, c->is_div,
	    c->is_rem}, 4);
	k.signed_word = x_add(c->is_divw, c->is_remw);
	k.unsigned_word = x_add(c->is_divuw, c->is_remuw);
	k.is_signed = x_sum((expr[]){c->is_div, c->is_rem, c->is_divw,
	    c->is_remw}, 4);
	return k;
}

/* x = the register's value, but a word's upper limbs are its sign. */
static expr
operand_limb(expr limb, expr neg, const struct kinds *k)
{
	expr wide = x_mul(limb, x_rsubk(1, k->word));

	return x_add(wide, x_mulk(x_mul(neg, k->word), U16_MAX));
}

static void
operands(struct air *a, const struct div_rem_cols_x *c, const struct kinds *k)
{
	const expr *b = c->adapter.op_b_memory.prev_value;
	const expr *d = c->adapter.op_c_memory.prev_value;

	air_equal(a, x_mul(c->b_msb.msb, k->is_signed), c->b_neg);
	air_equal(a, x_mul(c->rem_msb.msb, k->is_signed), c->rem_neg);
	air_equal(a, x_mul(c->c_msb.msb, k->is_signed), c->c_neg);
	for (int i = 0; i < WORD / 2; i++) {
		air_equal(a, b[i], c->b[i]);
		air_equal(a, d[i], c->c[i]);
	}
	for (int i = WORD / 2; i < WORD; i++) {
		air_equal(a, c->b[i], operand_limb(b[i], c->b_neg, k));
		air_equal(a, c->c[i], operand_limb(d[i], c->c_neg, k));
	}
}

/* x: a result; comp: the same as it is computed with. */
static void
extensions(struct air *a, const expr comp[4], const expr x[4], expr msb,
    const struct kinds *k)
{
	for (int i = 0; i < WORD / 2; i++)
		air_equal(a, comp[i], x[i]);
	for (int i = WORD / 2; i < WORD; i++) {
		air_equal_when(a, k->unsigned_word, comp[i], x_zero(a));
		air_equal_when(a, k->signed_word, comp[i],
		    x_mulk(msb, U16_MAX));
		air_equal_when(a, k->word, x[i], x_mulk(msb, U16_MAX));
		air_equal_when(a, k->not_word, comp[i], x[i]);
	}
}

static void
product(struct air *a, const struct div_rem_cols_x *c)
{
	expr zero = x_zero(a);
	struct mul_flags lower = {.is_real = c->is_real, .is_mul = c->is_real,
	    .is_mulh = zero, .is_mulw = zero, .is_mulhu = zero,
	    .is_mulhsu = zero};
	struct mul_flags upper = {.is_real = c->is_real_not_word,
	    .is_mul = zero, .is_mulw = zero, .is_mulhsu = zero};

	op_mul(a, c->c_times_quotient, c->quotient_comp, c->c,
	    &c->c_times_quotient_lower, &lower);
	upper.is_mulh = x_add(c->is_div, c->is_rem);
	upper.is_mulhu = x_add(c->is_divu, c->is_remu);
	op_mul(a, c->c_times_quotient + WORD, c->quotient_comp, c->c,
	    &c->c_times_quotient_upper, &upper);
}

static void
word_constant(struct air *a, expr w[4], uint64_t x)
{
	for (int i = 0; i < WORD; i++)
		w[i] = x_k(a, x >> 16 * i & U16_MAX);
}

/* The least number divided by -1. */
static void
overflow(struct air *a, const struct div_rem_cols_x *c, const struct kinds *k)
{
	const expr *b = c->adapter.op_b_memory.prev_value;
	const expr *d = c->adapter.op_c_memory.prev_value;
	expr low_b[WORD] = {b[0], b[1], x_zero(a), x_zero(a)};
	expr low_d[WORD] = {d[0], d[1], x_zero(a), x_zero(a)};
	expr w[WORD];

	word_constant(a, w, 1ull << 63);
	op_is_equal_word(a, b, w, &c->is_overflow_b, c->is_real_not_word);
	word_constant(a, w, ~0ull);
	op_is_equal_word(a, d, w, &c->is_overflow_c, c->is_real_not_word);
	word_constant(a, w, 1ull << 31);
	op_is_equal_word(a, low_b, w, &c->is_overflow_b, k->word);
	word_constant(a, w, 0xffffffff);
	op_is_equal_word(a, low_d, w, &c->is_overflow_c, k->word);

	air_equal(a, c->is_overflow, x_mul(x_mul(
	    c->is_overflow_b.is_diff_zero.result,
	    c->is_overflow_c.is_diff_zero.result), k->is_signed));
	air_equal(a, c->b_neg_not_overflow,
	    x_mul(c->b_neg, x_rsubk(1, c->is_overflow)));
	air_equal(a, c->b_not_neg_not_overflow,
	    x_mul(x_rsubk(1, c->b_neg), x_rsubk(1, c->is_overflow)));
	for (int i = 0; i < WORD; i++) {
		air_equal_when(a, c->is_overflow, c->quotient[i], c->b[i]);
		air_equal_when(a, c->is_overflow, c->remainder[i], x_zero(a));
	}
}

/* c * quotient + remainder = b, unless it overflows. */
static void
equation(struct air *a, const struct div_rem_cols_x *c)
{
	expr sign = x_mulk(c->rem_neg, U16_MAX), sum[2 * WORD];

	for (int i = 0; i < 2 * WORD; i++) {
		expr x = x_add(c->c_times_quotient[i],
		    i < WORD ? c->remainder_comp[i] : sign);

		x = x_sub(x, x_mulk(c->carry[i], BASE));
		sum[i] = i ? x_add(x, c->carry[i - 1]) : x;
	}
	for (int i = 0; i < 2 * WORD; i++)
		air_equal_unless(a, c->is_overflow, i < WORD ? c->b[i] :
		    x_mulk(c->b_neg, U16_MAX), sum[i]);
	air_range_u16(a, sum, 2 * WORD, c->is_real);
}

static void
results(struct air *a, const struct div_rem_cols_x *c)
{
	for (int i = 0; i < WORD; i++) {
		air_equal_when(a, x_sum((expr[]){c->is_divu, c->is_div,
		    c->is_divw, c->is_divuw}, 4), c->quotient[i], c->a[i]);
		air_equal_when(a, x_sum((expr[]){c->is_remu, c->is_rem,
		    c->is_remw, c->is_remuw}, 4), c->remainder[i], c->a[i]);
	}
}

/* A remainder that is not 0 has the sign of b. */
static void
remainder_sign(struct air *a, const struct div_rem_cols_x *c)
{
	expr sum = x_zero(a);

	for (int i = 0; i < WORD; i++)
		sum = x_add(sum, c->remainder[i]);
	air_one_when(a, c->rem_neg, c->b_neg);
	air_zero_when2(a, sum, x_rsubk(1, c->rem_neg), c->b_neg);
}

static void
division_by_0(struct air *a, const struct div_rem_cols_x *c)
{
	op_is_zero_word(a, c->c, &c->is_c_0, c->is_real);
	for (int i = 0; i < WORD; i++)
		air_equal_when(a, c->is_c_0.result, c->quotient[i],
		    x_k(a, U16_MAX));
	for (int i = 0; i < WORD; i++)
		air_equal_when(a, c->is_c_0.result, c->remainder_comp[i],
		    c->b[i]);
}

/* x + abs = 0 in a row where x is negative. */
static void
negated(struct air *a, const expr x[4], const expr abs[4],
    const struct op_add_x *sum, expr is_negative, expr is_real)
{
	expr zero[WORD];

	op_add(a, x, abs, sum, is_negative);
	air_range_u16(a, abs, WORD, is_real);
	word_zero(a, zero);
	air_word_equal_when(a, is_negative, zero, sum->value);
}

/* |remainder| < max(|c|, 1), where c is not 0 */
static void
remainder_size(struct air *a, const struct div_rem_cols_x *c)
{
	const expr c_is_0 = c->is_c_0.result;
	expr max[WORD];

	for (int i = 0; i < WORD; i++) {
		air_equal_unless(a, c->c_neg, c->c[i], c->abs_c[i]);
		air_equal_unless(a, c->rem_neg, c->remainder_comp[i],
		    c->abs_remainder[i]);
	}
	negated(a, c->c, c->abs_c, &c->c_neg_operation, c->abs_c_alu_event,
	    c->is_real);
	negated(a, c->remainder_comp, c->abs_remainder, &c->rem_neg_operation,
	    c->abs_rem_alu_event, c->is_real);
	air_equal(a, c->abs_c_alu_event, x_mul(c->c_neg, c->is_real));
	air_equal(a, c->abs_rem_alu_event, x_mul(c->rem_neg, c->is_real));
	max[0] = x_mulk(c_is_0, 1);
	max[0] = x_add(max[0], x_mul(x_rsubk(1, c_is_0), c->abs_c[0]));
	for (int i = 1; i < WORD; i++)
		max[i] = x_mul(x_rsubk(1, c_is_0), c->abs_c[i]);
	for (int i = 0; i < WORD; i++)
		air_equal(a, c->max_abs_c_or_1[i], max[i]);
	air_equal(a, x_mul(x_rsubk(1, c_is_0), c->is_real),
	    c->remainder_check_multiplicity);
	op_lt(a, c->abs_remainder, c->max_abs_c_or_1,
	    &c->remainder_lt_operation, c->remainder_check_multiplicity);
	air_equal_when(a, c->remainder_check_multiplicity, x_one(a),
	    c->remainder_lt_operation.u16_compare_operation.bit);
}

static void
sign_bits(struct air *a, const struct div_rem_cols_x *c, const struct kinds *k)
{
	const expr *b = c->adapter.op_b_memory.prev_value;
	const expr *d = c->adapter.op_c_memory.prev_value;

	op_msb(a, b[3], &c->b_msb, c->is_real_not_word);
	op_msb(a, d[3], &c->c_msb, c->is_real_not_word);
	op_msb(a, c->remainder[3], &c->rem_msb, c->is_real_not_word);
	op_msb(a, b[1], &c->b_msb, k->word);
	op_msb(a, d[1], &c->c_msb, k->word);
	op_msb(a, c->remainder[1], &c->rem_msb, k->word);
	op_msb(a, c->quotient[1], &c->quot_msb, k->word);
}

static void
ranges(struct air *a, const struct div_rem_cols_x *c)
{
	air_range_u16(a, c->quotient, WORD, c->is_real);
	air_range_u16(a, c->remainder, WORD, c->is_real);
	for (int i = 0; i < 2 * WORD; i++)
		air_bool(a, c->carry[i]);
	air_range_u16(a, c->c_times_quotient, 2 * WORD, c->is_real);
}

static void
booleans(struct air *a, const struct div_rem_cols_x *c)
{
	const expr flag[] = {
		c->is_div, c->is_divu, c->is_rem, c->is_remu,
		c->is_divw, c->is_remw, c->is_divuw, c->is_remuw,
		c->is_overflow, c->is_real_not_word, c->b_neg,
		c->b_neg_not_overflow, c->b_not_neg_not_overflow, c->rem_neg,
		c->c_neg, c->is_real, c->abs_c_alu_event, c->abs_rem_alu_event
	};

	for (unsigned i = 0; i < sizeof flag / sizeof *flag; i++)
		air_bool(a, flag[i]);
}

void
chip_DivRem(struct air *a, const void *cols, const void *prep)
{
	const struct div_rem_cols_x *c = cols;
	const struct decode d = {(const expr[]){c->is_divu, c->is_remu,
	    c->is_div, c->is_rem, c->is_divw, c->is_remw, c->is_divuw,
	    c->is_remuw}, (const uint8_t[]){OPC_DIVU, OPC_REMU, OPC_DIV,
	    OPC_REM, OPC_DIVW, OPC_REMW, OPC_DIVUW, OPC_REMUW}, 8};
	struct kinds k = kinds_of(c);
	expr opcode;

	air_equal(a, c->is_real_not_word,
	    x_mul(c->is_real, x_rsubk(1, k.word)));
	operands(a, c, &k);
	extensions(a, c->quotient_comp, c->quotient, c->quot_msb.msb, &k);
	extensions(a, c->remainder_comp, c->remainder, c->rem_msb.msb, &k);
	product(a, c);
	overflow(a, c, &k);
	equation(a, c);
	results(a, c);
	remainder_sign(a, c);
	division_by_0(a, c);
	remainder_size(a, c);
	sign_bits(a, c, &k);
	ranges(a, c);
	booleans(a, c);
	/* one flag, in padding rows too */
	air_equal(a, x_one(a), x_sum(d.flag, d.n));
	opcode = decode_sum(&d, DECODE_OPCODE);
	decode_rest(&d);
	adapter_state_step(a, &c->state, c->is_real);
	air_zero(a, c->adapter.op_a_0);
	adapter_r(a, &c->state, adapter_clk_low(&c->state), opcode, c->a,
	    &c->adapter, c->is_real);
}
