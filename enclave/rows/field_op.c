#include "rows/field_op.h"

#include <string.h>

/* What an operation claims, while it is made: the number, and the coefficients of
 * left - result as bytes (modulo 2^32: small, but where there is no proof). */
struct claim {
	struct wide left;
	uint32_t v[FIELD_POLY_MAX];
};

struct bytes { uint8_t b[FIELD_LIMBS]; };

KERNEL struct bytes
bytes_of(const uint64_t *words)
{
	struct bytes r;

	for (unsigned i = 0; i < FIELD_LIMBS; i++)
		r.b[i] = (uint8_t)field_byte(words, i);
	return r;
}

KERNEL void
put_bytes(kb *cells, const struct bytes *x, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		cells[i] = cell(x->b[i]);
}

KERNEL void
claim_add(struct claim *c, const struct num *x)
{
	struct bytes b = bytes_of(x->w);

	wide_add(&c->left, x);
	for (unsigned i = 0; i < FIELD_LIMBS; i++)
		c->v[i] += b.b[i];
}

DEVICE static void
claim_add_mul(struct claim *c, const struct num *x, const struct num *y,
    unsigned limbs)
{
	struct bytes p = bytes_of(x->w), q = bytes_of(y->w);

	wide_add_mul(&c->left, x, y);
	for (unsigned i = 0; i < limbs; i++)
		for (unsigned j = 0; j < limbs; j++)
			c->v[i + j] += (uint32_t)p.b[i] * q.b[j];
}

/* The coefficients of -carry * modulus, then of the quotient by x - 2^8. */
DEVICE static void
put_witness(kb *o, const struct field_params *f, struct claim *c,
    const struct bytes *carry, const struct bytes *modulus)
{
	uint32_t high = 0;

	for (unsigned i = 0; i < f->limbs; i++)
		for (unsigned j = 0; j < f->modulus_limbs; j++)
			c->v[i + j] -= (uint32_t)carry->b[i] * modulus->b[j];
	for (unsigned i = f->witness; i-- > 0;) {
		high = c->v[i + 1] + (high << 8);
		o[2 * f->limbs + i] = cell((high + f->offset) & 0xffff);
	}
}

/* right: what the left is modulo the modulus, NULL where that is the result. */
DEVICE static struct num
finish(kb *o, const struct field_params *f, struct claim *c,
    const struct num *right, const struct num *modulus)
{
	struct bytes m = bytes_of(modulus->w), b;
	struct wide quotient;
	struct num result;

	if (right)
		wide_sub(&c->left, right);
	wide_divide(&quotient, &c->left, modulus);
	memcpy(result.w, c->left.w, sizeof result.w);
	b = bytes_of(right ? right->w : result.w);
	for (unsigned i = 0; i < f->limbs; i++)
		c->v[i] -= b.b[i];
	if (!right)
		put_bytes(o, &b, f->limbs);
	b = bytes_of(quotient.w);
	put_bytes(o + f->limbs, &b, f->limbs);
	put_witness(o, f, c, &b, &m);
	return result;
}

DEVICE struct num
fill_field_op_modulus(kb *o, const struct field_params *f,
    const struct num *x, const struct num *y, enum field_operation op,
    const struct num *modulus)
{
	struct claim c = {0};

	if (op == FIELD_MUL) {
		claim_add_mul(&c, x, y, f->limbs);
	} else {
		claim_add(&c, x);
		claim_add(&c, y);
	}
	return finish(o, f, &c, NULL, modulus);
}

DEVICE static void
put_num(kb *cells, const struct num *x, unsigned n)
{
	struct bytes b = bytes_of(x->w);

	put_bytes(cells, &b, n);
}

DEVICE struct num
fill_field_quotient(kb *o, const struct field_params *f,
    const struct num *x, const struct num *y, const struct num *inverse)
{
	struct num m = field_modulus(f), result;
	struct claim c = {0};

	result = num_mul_mod(x, inverse, &m);
	put_num(o, &result, f->limbs);
	claim_add_mul(&c, &result, y, f->limbs);
	finish(o, f, &c, x, &m);
	return result;
}

DEVICE static struct num
fill_difference(kb *o, const struct field_params *f, const struct num *x,
    const struct num *y)
{
	struct { struct num m, result; struct claim c; } t = {0};

	t.m = field_modulus(f);
	t.result = num_sub_mod(x, y, &t.m);
	put_num(o, &t.result, f->limbs);
	claim_add(&t.c, &t.result);
	claim_add(&t.c, y);
	finish(o, f, &t.c, x, &t.m);
	return t.result;
}

DEVICE struct num
fill_field_op(kb *o, const struct field_params *f, const struct num *x,
    const struct num *y, enum field_operation op)
{
	struct { struct num m, inverse; } t;

	if (op == FIELD_SUB)
		return fill_difference(o, f, x, y);
	t.m = field_modulus(f);
	if (op != FIELD_DIV)
		return fill_field_op_modulus(o, f, x, y, op, &t.m);
	t.inverse = num_inverse(y, &t.m);
	return fill_field_quotient(o, f, x, y, &t.inverse);
}

DEVICE struct num
fill_field_op_carry(kb *o, const struct field_params *f,
    const struct num *x, const struct num *y, const struct num *z, bool is_add)
{
	struct num m = field_modulus(f);
	struct claim c = {0};

	claim_add(&c, z);
	if (is_add) {
		claim_add(&c, x);
		claim_add(&c, y);
	} else {
		claim_add_mul(&c, x, y, f->limbs);
	}
	return finish(o, f, &c, NULL, &m);
}

DEVICE struct num
fill_inner_product(kb *o, const struct field_params *f,
    const struct num *x0, const struct num *y0, const struct num *x1,
    const struct num *y1)
{
	struct num m = field_modulus(f);
	struct claim c = {0};

	claim_add_mul(&c, x0, y0, f->limbs);
	claim_add_mul(&c, x1, y1, f->limbs);
	return finish(o, f, &c, NULL, &m);
}

/* y result + result = x; or y result + x = result */
DEVICE struct num
fill_field_den(kb *o, const struct field_params *f,
    const struct num *x, const struct num *y, bool plus)
{
	struct num m = field_modulus(f), one = num_small(1), zero = {{0}}, t;
	struct claim c = {0};

	t = num_sub_mod(&zero, y, &m);
	t = num_sub_mod(&one, plus ? &t : y, &m);
	t = num_inverse(&t, &m);
	t = num_mul_mod(x, &t, &m);
	put_num(o, &t, f->limbs);
	claim_add_mul(&c, y, &t, f->limbs);
	claim_add(&c, plus ? &t : x);
	finish(o, f, &c, plus ? x : &t, &m);
	return t;
}

DEVICE void
fill_field_lt(struct field_lt o, const struct num *x, const struct num *y,
    unsigned n)
{
	struct bytes p = bytes_of(x->w), q = bytes_of(y->w);

	for (unsigned i = n; i-- > 0;) {
		if (p.b[i] == q.b[i])
			continue;
		o.byte_flags[i] = KB_ONE;
		*o.lhs_byte = cell(p.b[i]);
		*o.rhs_byte = cell(q.b[i]);
		break;
	}
}

DEVICE void
fill_field_lt_modulus(struct field_lt o, const struct field_params *f,
    const struct num *x)
{
	struct num m = field_modulus(f);

	fill_field_lt(o, x, &m, f->limbs);
}

DEVICE void
fill_field_sqrt(struct field_sqrt_32 *o, const struct field_params *f,
    const struct num *root)
{
	fill_field_op(FIELD_CELLS(o->multiplication), f, root, root,
	    FIELD_MUL);
	put_num(o->multiplication.result, root, f->limbs);
	fill_field_lt_modulus(FIELD_LT_CELLS(o->range), f, root);
	o->lsb = cell(root->w[0] & 1);
}

DEVICE struct num
num_of_accesses(const struct rec_access *a, unsigned words)
{
	struct num x = {{0}};

	for (unsigned i = 0; i < words; i++)
		x.w[i] = a[i].prev;
	return x;
}
