#include "air/core/chips.h"
#include "air/op/check.h"
#include "run/call_codes.h"

#define LIMBS 32
#define WORDS 4			/* of a coordinate */

static const struct field_params *const f = &field_ed25519;

static struct field_poly
coordinate(struct air *a, const struct memory_access_u8_x *m, expr is_real)
{
	expr bytes[LIMBS];

	precompile_bytes(a, bytes, m, WORDS, is_real);
	return field_poly(bytes, LIMBS);
}

void
chip_EdAddAssign(struct air *a, const void *main, const void *prep)
{
	const struct ed_add_cols_x *m = main;
	expr real = m->is_real, words[2 * WORDS][WORD];
	struct field_poly x1, x2, y1, y2, d, xy1, xy2, product, x3, y3;

	x1 = coordinate(a, m->p_access, real);
	x2 = coordinate(a, m->q_access, real);
	y1 = coordinate(a, m->p_access + WORDS, real);
	y2 = coordinate(a, m->q_access + WORDS, real);
	xy1 = field_poly(m->x1_mul_y1.result, LIMBS);
	xy2 = field_poly(m->x2_mul_y2.result, LIMBS);
	product = field_poly(m->f.result, LIMBS);
	x3 = field_poly(m->x3_numerator.result, LIMBS);
	y3 = field_poly(m->y3_numerator.result, LIMBS);

	field_inner_product(a, f, FIELD_OP(m->x3_numerator),
	    (struct field_poly[]){x1, x2}, (struct field_poly[]){y2, y1}, 2,
	    real);
	field_inner_product(a, f, FIELD_OP(m->y3_numerator),
	    (struct field_poly[]){y1, x1}, (struct field_poly[]){y2, x2}, 2,
	    real);
	field_op(a, f, FIELD_OP(m->x1_mul_y1), &x1, &y1, FIELD_MUL, real);
	field_op(a, f, FIELD_OP(m->x2_mul_y2), &x2, &y2, FIELD_MUL, real);
	field_op(a, f, FIELD_OP(m->f), &xy1, &xy2, FIELD_MUL, real);
	d = field_poly_words(a, f->coefficient, LIMBS);
	field_op(a, f, FIELD_OP(m->d_mul_f), &product, &d, FIELD_MUL, real);
	d = field_poly(m->d_mul_f.result, LIMBS);
	/* x3 over 1 + d x1 x2 y1 y2, y3 over 1 - d x1 x2 y1 y2 */
	field_den(a, f, FIELD_OP(m->x3_ins), &x3, &d, true, real);
	field_lt_modulus(a, f, FIELD_LT(m->x3_range), m->x3_ins.result, real);
	field_den(a, f, FIELD_OP(m->y3_ins), &y3, &d, false, real);
	field_lt_modulus(a, f, FIELD_LT(m->y3_range), m->y3_ins.result, real);

	precompile_words(words, m->x3_ins.result, WORDS);
	precompile_words(words + WORDS, m->y3_ins.result, WORDS);
	op_syscall_addr(a, 2 * LIMBS, &m->p_ptr, real);
	op_syscall_addr(a, 2 * LIMBS, &m->q_ptr, real);
	precompile_addrs(a, m->q_ptr.addr, 0, m->q_addrs_add, 2 * WORDS, real);
	precompile_addrs(a, m->p_ptr.addr, 0, m->p_addrs_add, 2 * WORDS, real);
	precompile_read(a, m->clk_high, m->clk_low, m->q_addrs_add,
	    m->q_access, 2 * WORDS, real);
	precompile_write(a, m->clk_high, x_addk(m->clk_low, 1),
	    m->p_addrs_add, m->p_access, words, 2 * WORDS, real);
	precompile_call(a, m->clk_high, m->clk_low, x_k(a, CODE_ED_ADD),
	    m->p_ptr.addr, m->q_ptr.addr, real);
}

/* x = sqrt((y^2 - 1) / (d y^2 + 1)), the even one, and -x: both canonical. */
static void
decompress(struct air *a, const struct ed_decompress_cols_x *m)
{
	struct field_poly y, one, zero, d, square, l, r;
	expr real = m->is_real;

	y = coordinate(a, m->y_access, real);
	square = field_poly(m->yy.result, LIMBS);
	one = field_poly_small(a, 1);
	zero = field_poly_small(a, 0);
	d = field_poly_words(a, f->coefficient, LIMBS);
	field_lt_modulus(a, f, FIELD_LT(m->y_range), y.c, real);
	field_op(a, f, FIELD_OP(m->yy), &y, &y, FIELD_MUL, real);
	field_op(a, f, FIELD_OP(m->u), &square, &one, FIELD_SUB, real);
	field_op(a, f, FIELD_OP(m->dyy), &d, &square, FIELD_MUL, real);
	r = field_poly(m->dyy.result, LIMBS);
	field_op(a, f, FIELD_OP(m->v), &one, &r, FIELD_ADD, real);
	l = field_poly(m->u.result, LIMBS);
	r = field_poly(m->v.result, LIMBS);
	field_op(a, f, FIELD_OP(m->u_div_v), &l, &r, FIELD_DIV, real);
	l = field_poly(m->u_div_v.result, LIMBS);
	field_sqrt(a, f, &m->x, &l, x_zero(a), real);
	r = field_poly(m->x.multiplication.result, LIMBS);
	field_op(a, f, FIELD_OP(m->neg_x), &zero, &r, FIELD_SUB, real);
	field_lt_modulus(a, f, FIELD_LT(m->neg_x_range), m->neg_x.result, real);
}

static void
word_equal(struct air *a, expr is_real, expr when, const expr x[WORD],
    const expr y[WORD])
{
	for (int i = 0; i < WORD; i++)
		air_equal_when2(a, is_real, when, x[i], y[i]);
}

void
chip_EdDecompress(struct air *a, const void *main, const void *prep)
{
	const struct ed_decompress_cols_x *m = main;
	expr real = m->is_real, neg[WORDS][WORD], words[WORDS][WORD];
	expr low, zero = x_zero(a);

	air_bool(a, m->sign);
	air_bool(a, real);
	decompress(a, m);
	op_syscall_addr(a, 2 * LIMBS, &m->ptr, real);
	precompile_addrs(a, m->ptr.addr, 0, m->addrs, WORDS, real);
	precompile_addrs(a, m->ptr.addr, LIMBS, m->read_ptrs, WORDS, real);
	precompile_read(a, m->clk_high, m->clk_low, m->read_ptrs, m->y_access,
	    WORDS, real);
	low = x_addk(m->clk_low, 1);
	for (int i = 0; i < WORDS; i++)
		adapter_memory_write(a, m->clk_high, low, m->addrs[i].value,
		    &m->x_access[i], m->x_value[i].limb, real);

	precompile_words(neg, m->neg_x.result, WORDS);
	precompile_words(words, m->x.multiplication.result, WORDS);
	for (int i = 0; i < WORDS; i++)
		word_equal(a, real, m->sign, neg[i], m->x_value[i].limb);
	for (int i = 0; i < WORDS; i++)
		word_equal(a, real, x_not(m->sign), words[i],
		    m->x_value[i].limb);
	precompile_call(a, m->clk_high, m->clk_low, x_k(a, CODE_ED_DECOMPRESS),
	    m->ptr.addr, (expr[]){m->sign, zero, zero}, real);
}
