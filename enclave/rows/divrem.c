#include "air/core/divrem.h"
#include "rows/instr.h"
#include "rows/ops.h"

struct division {
	int word, is_signed;
	uint64_t b, c;			/* as computed with */
	uint64_t quotient, remainder;	/* as results */
	uint64_t quotient_comp, remainder_comp;
	int overflow;
};

DEVICE static uint64_t
extend(uint64_t x, const struct division *d)
{
	if (!d->word)
		return x;
	return d->is_signed ? (uint64_t)(int32_t)x : (uint32_t)x;
}

DEVICE static uint64_t
result(uint64_t x, int word)
{
	return word ? (uint64_t)(int32_t)x : x;
}

DEVICE static struct division
divide(const struct rec_instr *e, const struct rv_insn *i)
{
	struct division d = {
		.word = i->op == RV_DIVW || i->op == RV_DIVUW ||
		    i->op == RV_REMW || i->op == RV_REMUW,
		.is_signed = i->op == RV_DIV || i->op == RV_REM ||
		    i->op == RV_DIVW || i->op == RV_REMW
	};
	uint64_t q, r;

	d.b = extend(e->b, &d);
	d.c = extend(e->c, &d);
	d.overflow = d.is_signed && d.c == ~0ull &&
	    d.b == (d.word ? (uint64_t)INT32_MIN : 1ull << 63);
	if (d.c == 0) {
		q = ~0ull;
		r = d.b;
	} else if (d.overflow) {
		q = d.b;
		r = 0;
	} else if (d.is_signed) {
		q = (uint64_t)((int64_t)d.b / (int64_t)d.c);
		r = (uint64_t)((int64_t)d.b % (int64_t)d.c);
	} else {
		q = d.b / d.c;
		r = d.b % d.c;
	}
	d.quotient = result(q, d.word);
	d.remainder = result(r, d.word);
	d.quotient_comp = extend(d.quotient, &d);
	d.remainder_comp = extend(d.remainder, &d);
	return d;
}

DEVICE static void
fill_signs(struct div_rem_cols *c, const struct division *d,
    const struct rec_instr *e)
{
	unsigned top = d->word ? 1 : 3;
	int b_neg = d->is_signed && d->b >> 63;
	int c_neg = d->is_signed && d->c >> 63;
	int rem_neg = d->is_signed && d->remainder >> 63;
	uint64_t abs_c = c_neg ? -d->c : d->c;
	uint64_t abs_rem = rem_neg ? -d->remainder_comp : d->remainder_comp;

	fill_msb(&c->b_msb, limb(e->b, top));
	fill_msb(&c->c_msb, limb(e->c, top));
	fill_msb(&c->rem_msb, limb(d->remainder, top));
	if (d->word)
		fill_msb(&c->quot_msb, limb(d->quotient, 1));
	c->b_neg = cell(b_neg);
	c->c_neg = c->abs_c_alu_event = cell(c_neg);
	c->rem_neg = c->abs_rem_alu_event = cell(rem_neg);
	c->is_overflow = cell(d->overflow);
	c->b_neg_not_overflow = cell(b_neg && !d->overflow);
	c->b_not_neg_not_overflow = cell(!b_neg && !d->overflow);
	fill_word(c->abs_c, abs_c);
	fill_word(c->abs_remainder, abs_rem);
	fill_word(c->max_abs_c_or_1, abs_c ? abs_c : 1);
	if (d->c) {
		c->remainder_check_multiplicity = KB_ONE;
		fill_lt(&c->remainder_lt_operation, abs_rem, abs_c);
	}
	/* c_neg_operation, rem_neg_operation: their sums are 0 */
}

DEVICE static void
fill_equation(struct div_rem_cols *c, const struct division *d)
{
	unsigned __int128 product;
	uint32_t carry = 0;
	int rem_neg = d->is_signed && d->remainder >> 63;

	product = d->is_signed ?
	    (unsigned __int128)((__int128)(int64_t)d->quotient_comp *
	    (int64_t)d->c) : (unsigned __int128)d->quotient_comp * d->c;
	for (unsigned i = 0; i < 8; i++) {
		uint32_t x = (uint32_t)(product >> 16 * i) & 0xffff;

		c->c_times_quotient[i] = cell(x);
		carry += x + (i < 4 ? limb(d->remainder_comp, i) :
		    rem_neg ? 0xffff : 0);
		carry >>= 16;
		c->carry[i] = cell(carry);
	}
	fill_mul(&c->c_times_quotient_lower, d->quotient_comp, d->c, 0, 0, 0);
	if (!d->word)
		fill_mul(&c->c_times_quotient_upper, d->quotient_comp, d->c,
		    d->is_signed, 0, 0);
}

DEVICE void
trace_DivRem(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct div_rem_cols *c = (struct div_rem_cols *)row;
	struct division d = divide(e, i);

	fill_state(&c->state, e, p);
	fill_r(&c->adapter, e, i);
	fill_word(c->a, e->a);
	fill_word(c->b, d.b);
	fill_word(c->c, d.c);
	fill_word(c->quotient, d.quotient);
	fill_word(c->quotient_comp, d.quotient_comp);
	fill_word(c->remainder, d.remainder);
	fill_word(c->remainder_comp, d.remainder_comp);
	fill_signs(c, &d, e);
	fill_equation(c, &d);
	fill_is_zero_word(&c->is_c_0, d.c);
	if (d.word) {
		fill_is_equal_word(&c->is_overflow_b, (uint32_t)e->b, 1u << 31);
		fill_is_equal_word(&c->is_overflow_c, (uint32_t)e->c, ~0u);
	} else {
		fill_is_equal_word(&c->is_overflow_b, e->b, 1ull << 63);
		fill_is_equal_word(&c->is_overflow_c, e->c, ~0ull);
	}
	c->is_div = cell(i->op == RV_DIV);
	c->is_divu = cell(i->op == RV_DIVU);
	c->is_rem = cell(i->op == RV_REM);
	c->is_remu = cell(i->op == RV_REMU);
	c->is_divw = cell(i->op == RV_DIVW);
	c->is_remw = cell(i->op == RV_REMW);
	c->is_divuw = cell(i->op == RV_DIVUW);
	c->is_remuw = cell(i->op == RV_REMUW);
	c->is_real_not_word = cell(!d.word);
	c->is_real = KB_ONE;
}

/* 0 / 1, not looked up */
DEVICE void
pad_DivRem(const struct shard_events *s, size_t i, kb *row)
{
	struct div_rem_cols *c = (struct div_rem_cols *)row;

	c->is_divu = KB_ONE;
	c->adapter.op_c_memory.prev_value[0] = KB_ONE;
	c->c[0] = c->abs_c[0] = c->max_abs_c_or_1[0] = KB_ONE;
	c->b_not_neg_not_overflow = KB_ONE;
	fill_is_zero_word(&c->is_c_0, 1);
}
