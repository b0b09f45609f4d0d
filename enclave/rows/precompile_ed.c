#include "air/core/precompile_ed.h"

#include <string.h>

#include "rows/field_op.h"
#include "rows/precompile.h"

#define WORDS 4			/* of a coordinate */

/* The even square root of -1.  check: 2^((p - 1) / 4) */
STATIC_TABLE struct num sqrt_minus_1 = {{
	0xc4ee1b274a0ea0b0, 0x2f431806ad2fe478, 0x2b4d00993dfbd7a7,
	0x2b8324804fc1df0b
}};

DEVICE static void
add_fields(struct ed_add_cols *c, const struct num *x1, const struct num *y1,
    const struct num *x2, const struct num *y2)
{
	const struct field_params *f = &field_ed25519;
	struct {
		struct num x3, y3, xy1, xy2, d, prod;
	} t;

	memcpy(t.d.w, f->coefficient, sizeof t.d.w);
	t.x3 = fill_inner_product(FIELD_CELLS(c->x3_numerator), f, x1, y2, x2,
	    y1);
	t.y3 = fill_inner_product(FIELD_CELLS(c->y3_numerator), f, y1, y2, x1,
	    x2);
	t.xy1 = fill_field_op(FIELD_CELLS(c->x1_mul_y1), f, x1, y1, FIELD_MUL);
	t.xy2 = fill_field_op(FIELD_CELLS(c->x2_mul_y2), f, x2, y2, FIELD_MUL);
	t.prod = fill_field_op(FIELD_CELLS(c->f), f, &t.xy1, &t.xy2, FIELD_MUL);
	t.prod = fill_field_op(FIELD_CELLS(c->d_mul_f), f, &t.prod, &t.d, FIELD_MUL);
	t.x3 = fill_field_den(FIELD_CELLS(c->x3_ins), f, &t.x3, &t.prod, true);
	t.y3 = fill_field_den(FIELD_CELLS(c->y3_ins), f, &t.y3, &t.prod, false);
	fill_field_lt_modulus(FIELD_LT_CELLS(c->x3_range), f, &t.x3);
	fill_field_lt_modulus(FIELD_LT_CELLS(c->y3_range), f, &t.y3);
}

/* Accesses: q is read, then p written. */
DEVICE void
trace_EdAddAssign(kb *row, const struct precompile_event *e, unsigned step)
{
	struct ed_add_cols *c = (struct ed_add_cols *)row;
	const struct rec_access *q = e->access, *p = e->access + 2 * WORDS;
	struct num x1 = num_of_accesses(p, WORDS);
	struct num y1 = num_of_accesses(p + WORDS, WORDS);
	struct num x2 = num_of_accesses(q, WORDS);
	struct num y2 = num_of_accesses(q + WORDS, WORDS);

	c->is_real = KB_ONE;
	c->clk_high = clk_high(e);
	c->clk_low = clk_low(e);
	fill_syscall_addr(&c->p_ptr, e->head.arg1);
	fill_syscall_addr(&c->q_ptr, e->head.arg2);
	fill_addrs(c->p_addrs_add, e->head.arg1, 2 * WORDS);
	fill_addrs(c->q_addrs_add, e->head.arg2, 2 * WORDS);
	fill_access_u8(c->p_access, p, 2 * WORDS);
	fill_access_u8(c->q_access, q, 2 * WORDS);
	add_fields(c, &x1, &y1, &x2, &y2);
}

DEVICE void
pad_EdAddAssign(const struct shard_events *s, size_t i, kb *row)
{
	struct num zero = num_small(0);

	add_fields((struct ed_add_cols *)row, &zero, &zero, &zero, &zero);
}

DEVICE static void
decompress_fields(struct ed_decompress_cols *c, const struct num *y,
    const struct num *root)
{
	const struct field_params *f = &field_ed25519;
	struct {
		struct num one, zero, d, yy, u, v;
	} t;

	t.one = num_small(1);
	t.zero = num_small(0);
	memcpy(t.d.w, f->coefficient, sizeof t.d.w);
	fill_field_lt_modulus(FIELD_LT_CELLS(c->y_range), f, y);
	t.yy = fill_field_op(FIELD_CELLS(c->yy), f, y, y, FIELD_MUL);
	t.u = fill_field_op(FIELD_CELLS(c->u), f, &t.yy, &t.one, FIELD_SUB);
	t.v = fill_field_op(FIELD_CELLS(c->dyy), f, &t.d, &t.yy, FIELD_MUL);
	t.v = fill_field_op(FIELD_CELLS(c->v), f, &t.one, &t.v, FIELD_ADD);
	fill_field_op(FIELD_CELLS(c->u_div_v), f, &t.u, &t.v, FIELD_DIV);
	fill_field_sqrt(&c->x, f, root);
	t.u = fill_field_op(FIELD_CELLS(c->neg_x), f, &t.zero, root, FIELD_SUB);
	fill_field_lt_modulus(FIELD_LT_CELLS(c->neg_x_range), f, &t.u);
}

/* Accesses: y is read, then x written; the root is x, or -x where the sign is 1. */
DEVICE void
trace_EdDecompress(kb *row, const struct precompile_event *e, unsigned step)
{
	struct ed_decompress_cols *c = (struct ed_decompress_cols *)row;
	const struct rec_access *y = e->access, *x = e->access + WORDS;
	struct num m = field_modulus(&field_ed25519), zero = num_small(0);
	struct num value = num_of_accesses(y, WORDS), root = zero;

	c->is_real = KB_ONE;
	c->clk_high = clk_high(e);
	c->clk_low = clk_low(e);
	fill_syscall_addr(&c->ptr, e->head.arg1);
	fill_addrs(c->read_ptrs, e->head.arg1 + 8 * WORDS, WORDS);
	fill_addrs(c->addrs, e->head.arg1, WORDS);
	c->sign = cell(e->head.arg2 == 1);
	for (unsigned i = 0; i < WORDS; i++) {
		fill_access(&c->x_access[i], &x[i]);
		fill_word(c->x_value[i].limb, x[i].value);
		root.w[i] = x[i].value;
	}
	fill_access_u8(c->y_access, y, WORDS);
	if (e->head.arg2 == 1)
		root = num_sub_mod(&zero, &root, &m);
	decompress_fields(c, &value, &root);
}

/* y = 0, whose x is a root of -1. */
DEVICE void
pad_EdDecompress(const struct shard_events *s, size_t i, kb *row)
{
	struct num zero = num_small(0);

	decompress_fields((struct ed_decompress_cols *)row, &zero,
	    &sqrt_minus_1);
}
