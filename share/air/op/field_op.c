#include "air/op/check.h"
#include "air/op/field_op.h"
#include "base/err.h"

#define BITS 8			/* of a limb */
/* ---- polynomials ---- */

struct field_poly
field_poly(const expr *c, unsigned n)
{
	struct field_poly p = {.n = n};

	must(n <= FIELD_POLY_MAX);
	for (unsigned i = 0; i < n; i++)
		p.c[i] = c[i];
	return p;
}

struct field_poly
field_poly_words(struct air *a, const uint64_t *words, unsigned n)
{
	struct field_poly p = {.n = n};

	for (unsigned i = 0; i < n; i++)
		p.c[i] = x_k(a, field_byte(words, i));
	return p;
}

struct field_poly
field_poly_pad(struct air *a, unsigned x, unsigned n)
{
	uint64_t words[FIELD_WORDS] = {x};

	return field_poly_words(a, words, n);
}

struct field_poly
field_poly_small(struct air *a, unsigned x)
{
	return field_poly_pad(a, x, 1);
}

struct field_poly
field_poly_modulus(struct air *a, const struct field_params *f)
{
	return field_poly_words(a, f->modulus, f->modulus_limbs);
}

struct field_poly
field_poly_add(const struct field_poly *x, const struct field_poly *y)
{
	struct field_poly p = x->n < y->n ? *y : *x;

	for (unsigned i = 0; i < x->n && i < y->n; i++)
		p.c[i] = x_add(x->c[i], y->c[i]);
	return p;
}

static struct field_poly
poly_sub(const struct field_poly *x, const struct field_poly *y)
{
	struct field_poly p = *x;

	for (unsigned i = 0; i < y->n; i++)
		p.c[i] = i < x->n ? x_sub(x->c[i], y->c[i]) : x_neg(y->c[i]);
	if (p.n < y->n)
		p.n = y->n;
	return p;
}

static struct field_poly
poly_mul(struct air *a, const struct field_poly *x,
    const struct field_poly *y)
{
	struct field_poly p = {.n = x->n + y->n - 1};

	must(p.n <= FIELD_POLY_MAX);
	for (unsigned i = 0; i < p.n; i++)
		p.c[i] = x_zero(a);
	for (unsigned i = 0; i < x->n; i++)
		for (unsigned j = 0; j < y->n; j++)
			p.c[i + j] = x_add(p.c[i + j],
			    x_mul(x->c[i], y->c[j]));
	return p;
}

struct field_poly
field_poly_scale(const struct field_poly *x, expr k)
{
	struct field_poly p = {.n = x->n};

	for (unsigned i = 0; i < x->n; i++)
		p.c[i] = x_mul(x->c[i], k);
	return p;
}

/* ---- operations ---- */

/* left = result + carry * modulus */
static void
identity(struct air *a, const struct field_params *f, struct field_op_x o,
    const struct field_poly *left, const struct field_poly *result,
    const struct field_poly *modulus, expr is_real)
{
	struct field_poly carry = field_poly(o.carry, f->limbs);
	struct field_poly witness = field_poly(o.witness, f->witness);
	struct field_poly root = {2, {x_neg(x_k(a, 1 << BITS)), x_one(a)}};
	struct field_poly vanishing, product, offset = {.n = f->witness};

	vanishing = poly_sub(left, result);
	product = poly_mul(a, &carry, modulus);
	vanishing = poly_sub(&vanishing, &product);
	for (unsigned i = 0; i < f->witness; i++)
		offset.c[i] = x_k(a, f->offset);
	witness = poly_sub(&witness, &offset);
	product = poly_mul(a, &witness, &root);
	vanishing = poly_sub(&vanishing, &product);
	for (unsigned i = 0; i < vanishing.n; i++)
		air_zero(a, vanishing.c[i]);
	air_range_u8(a, o.result, f->limbs, is_real);
	air_range_u8(a, o.carry, f->limbs, is_real);
	air_range_u16(a, o.witness, f->witness, is_real);
}

/* A difference is claimed as the sum it undoes, a quotient as the product. */
void
field_op_modulus(struct air *a, const struct field_params *f,
    struct field_op_x o, const struct field_poly *x, const struct field_poly *y,
    enum field_operation op, const struct field_poly *modulus, expr is_real)
{
	struct field_poly result = field_poly(o.result, f->limbs), left;
	bool back = op == FIELD_SUB || op == FIELD_DIV;
	const struct field_poly *l = back ? &result : x;

	left = op == FIELD_ADD || op == FIELD_SUB ? field_poly_add(l, y) :
	    poly_mul(a, l, y);
	identity(a, f, o, &left, back ? x : &result, modulus, is_real);
}

void
field_op(struct air *a, const struct field_params *f, struct field_op_x o,
    const struct field_poly *x, const struct field_poly *y,
    enum field_operation op, expr is_real)
{
	struct field_poly modulus = field_poly_modulus(a, f);

	field_op_modulus(a, f, o, x, y, op, &modulus, is_real);
}

void
field_op_select(struct air *a, const struct field_params *f,
    struct field_op_x o, const struct field_poly *x, const struct field_poly *y,
    const expr is[4], expr is_real)
{
	struct field_poly modulus = field_poly_modulus(a, f);
	struct field_poly res = field_poly(o.result, f->limbs);
	struct field_poly result, left, p, op[4];

	result = field_poly_scale(&res, x_add(is[FIELD_ADD], is[FIELD_MUL]));
	p = field_poly_scale(x, x_add(is[FIELD_SUB], is[FIELD_DIV]));
	result = field_poly_add(&result, &p);

	op[FIELD_ADD] = field_poly_add(x, y);
	op[FIELD_SUB] = field_poly_add(&res, y);
	op[FIELD_MUL] = poly_mul(a, x, y);
	op[FIELD_DIV] = poly_mul(a, &res, y);
	left = field_poly_scale(&op[0], is[0]);
	for (int i = 1; i < 4; i++) {
		p = field_poly_scale(&op[i], is[i]);
		left = field_poly_add(&left, &p);
	}
	identity(a, f, o, &left, &result, &modulus, is_real);
}

void
field_op_carry(struct air *a, const struct field_params *f,
    struct field_op_x o, const struct field_poly *x, const struct field_poly *y,
    const struct field_poly *z, expr is_add, expr is_mul, expr is_real)
{
	struct field_poly modulus = field_poly_modulus(a, f);
	struct field_poly result = field_poly(o.result, f->limbs);
	struct field_poly left = field_poly_add(x, y), p;

	left = field_poly_scale(&left, is_add);
	p = poly_mul(a, x, y);
	p = field_poly_scale(&p, is_mul);
	left = field_poly_add(&left, &p);
	left = field_poly_add(&left, z);
	identity(a, f, o, &left, &result, &modulus, is_real);
}

void
field_inner_product(struct air *a, const struct field_params *f,
    struct field_op_x o, const struct field_poly *x, const struct field_poly *y,
    unsigned n, expr is_real)
{
	struct field_poly modulus = field_poly_modulus(a, f);
	struct field_poly result = field_poly(o.result, f->limbs);
	struct field_poly sum = field_poly_small(a, 0), product[2];

	must(n <= 2);
	for (unsigned i = 0; i < n; i++)
		product[i] = poly_mul(a, &x[i], &y[i]);
	for (unsigned i = 0; i < n; i++)
		sum = field_poly_add(&sum, &product[i]);
	identity(a, f, o, &sum, &result, &modulus, is_real);
}

/* y result + result = x; or y result + x = result */
void
field_den(struct air *a, const struct field_params *f, struct field_op_x o,
    const struct field_poly *x, const struct field_poly *y, bool plus,
    expr is_real)
{
	struct field_poly modulus = field_poly_modulus(a, f);
	struct field_poly result = field_poly(o.result, f->limbs), left;

	left = poly_mul(a, y, &result);
	left = field_poly_add(&left, plus ? &result : x);
	identity(a, f, o, &left, plus ? x : &result, &modulus, is_real);
}

/* ---- order, roots ---- */

void
field_lt(struct air *a, struct field_lt_x o, const struct field_poly *x,
    const struct field_poly *y, unsigned n, expr is_real)
{
	expr sum = x_zero(a), visited = x_zero(a);
	expr x_byte = x_zero(a), y_byte = x_zero(a);

	for (unsigned i = 0; i < n; i++) {
		air_bool_when(a, is_real, o.byte_flags[i]);
		sum = x_add(sum, o.byte_flags[i]);
	}
	air_one_when(a, is_real, sum);

	/* From the top, bytes are equal up to the flagged one. */
	for (unsigned i = n; i-- > 0;) {
		expr flag = o.byte_flags[i];

		visited = x_add(visited, flag);
		x_byte = x_add(x_byte, x_mul(x->c[i], flag));
		y_byte = x_add(y_byte, x_mul(flag, y->c[i]));
		air_equal_when2(a, is_real, x_subk(visited, 1), x->c[i],
		    y->c[i]);
	}
	air_equal_when(a, is_real, o.lhs_byte, x_byte);
	air_equal_when(a, is_real, o.rhs_byte, y_byte);
	air_send_byte(a, x_k(a, AIR_OP_LTU), x_one(a), o.lhs_byte, o.rhs_byte,
	    is_real);
}

void
field_lt_modulus(struct air *a, const struct field_params *f,
    struct field_lt_x o, const expr *x, expr is_real)
{
	struct field_poly p = field_poly(x, f->limbs);
	struct field_poly modulus = field_poly_modulus(a, f);

	field_lt(a, o, &p, &modulus, f->limbs, is_real);
}

void
field_sqrt(struct air *a, const struct field_params *f,
    const struct field_sqrt_32_x *o, const struct field_poly *x, expr is_odd,
    expr is_real)
{
	const expr *cells = o->multiplication.result;
	struct field_poly root = field_poly(cells, f->limbs);
	struct field_op_x square = FIELD_OP(o->multiplication);

	/* the square is known: x stands in the place of the result */
	square.result = x->c;
	field_op(a, f, square, &root, &root, FIELD_MUL, is_real);
	field_lt_modulus(a, f, FIELD_LT(o->range), cells, is_real);
	air_range_u8(a, cells, f->limbs, is_real);
	air_bool(a, o->lsb);
	air_equal_when(a, is_real, o->lsb, is_odd);
	air_send_byte(a, x_k(a, AIR_OP_AND), o->lsb, cells[0], x_one(a),
	    is_real);
}
