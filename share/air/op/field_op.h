#ifndef AIR_OP_FIELD_OP_H
#define AIR_OP_FIELD_OP_H
/*
 * Arithmetic of large fields in cells, one description for all of them.
 *
 * An element is 32 or 48 bytes, lowest first, taken as a polynomial in x = 2^8 with a
 * byte a coefficient.  An operation claims left = result + carry * modulus, as
 * numbers; so the polynomial left - result - carry * modulus has the root 2^8, and
 * is witness * (x - 2^8).  Each coefficient of that is a constraint.  The cells
 * of witness hold its coefficients plus `offset`, which makes them 16 bits.
 *
 * Elements are below 2^(8 limbs), not always below the modulus: what leaves a chip
 * is compared with it (field_lt).
 */
#include "air/cells.h"

#define FIELD_LIMBS 48		/* most limbs of an element */
#define FIELD_WORDS (FIELD_LIMBS / 8)

/* Facts of each field: its prime (2^256 for plain 256-bit numbers), and the
 * curve's coefficient: a of y^2 = x^3 + a x + b, d of -x^2 + y^2 = 1 + d x^2 y^2. */
struct field_params {
	unsigned limbs, witness;	/* cells of an element, of a witness */
	unsigned modulus_limbs;
	uint32_t offset;
	uint64_t modulus[FIELD_WORDS], coefficient[FIELD_WORDS];
};
TABLE_DECLARE(struct field_params field_secp256k1, field_secp256r1, field_bn254,
    field_bls12381, field_ed25519, field_u256)

/* Byte i of a number of 64-bit words, lowest first. */
KERNEL unsigned
field_byte(const uint64_t *words, unsigned i)
{
	return words[i / 8] >> 8 * (i % 8) & 0xff;
}

/* Columns, by the number of limbs; _u256: modulus 2^256, whose 33 bytes make
 * the witness longer by one. */
#define FIELD_OP_COLS(limbs, length, CELL, CELLS, SUB, SUBS) \
	CELLS(result, limbs) CELLS(carry, limbs) CELLS(witness, length)
#define COLS_field_op_32(...) FIELD_OP_COLS(32, 62, __VA_ARGS__)
COLS_DEFINE(field_op_32)
#define COLS_field_op_48(...) FIELD_OP_COLS(48, 94, __VA_ARGS__)
COLS_DEFINE(field_op_48)
#define COLS_field_op_u256(...) FIELD_OP_COLS(32, 63, __VA_ARGS__)
COLS_DEFINE(field_op_u256)

/* lhs < rhs: the flag marks the highest byte that differs, the bytes are it. */
#define FIELD_LT_COLS(limbs, CELL, CELLS, SUB, SUBS) \
	CELLS(byte_flags, limbs) CELL(lhs_comparison_byte) \
	CELL(rhs_comparison_byte)
#define COLS_field_lt_32(...) FIELD_LT_COLS(32, __VA_ARGS__)
COLS_DEFINE(field_lt_32)
#define COLS_field_lt_48(...) FIELD_LT_COLS(48, __VA_ARGS__)
COLS_DEFINE(field_lt_48)

/* multiplication.result: the root, not its square; lsb: its lowest bit. */
#define COLS_field_sqrt_32(CELL, CELLS, SUB, SUBS) \
	SUB(field_op_32, multiplication) SUB(field_lt_32, range) CELL(lsb)
COLS_DEFINE(field_sqrt_32)

/* The same of any number of limbs: FIELD_OP(m->slope), FIELD_LT(m->x3_range). */
struct field_op_x { const expr *result, *carry, *witness; };
struct field_lt_x { const expr *byte_flags; expr lhs_byte, rhs_byte; };
#define FIELD_OP(m) \
	((struct field_op_x){(m).result, (m).carry, (m).witness})
#define FIELD_LT(m) \
	((struct field_lt_x){(m).byte_flags, (m).lhs_comparison_byte, \
	    (m).rhs_comparison_byte})

/* Polynomials: coefficients, lowest first. */
#define FIELD_POLY_MAX (2 * FIELD_LIMBS)
struct field_poly { unsigned n; expr c[FIELD_POLY_MAX]; };
/* The polynomial of n <= FIELD_POLY_MAX coefficients c[n], lowest first. */
struct field_poly field_poly(const expr *c, unsigned n);
/* The constant whose n bytes are those of words[], lowest first. */
struct field_poly field_poly_words(struct air *a, const uint64_t *words,
    unsigned n);
struct field_poly field_poly_small(struct air *a, unsigned x);	/* one byte */
/* The constant x in n coefficients, of which all but the lowest are 0. */
struct field_poly field_poly_pad(struct air *a, unsigned x, unsigned n);
/* The field's prime, in modulus_limbs coefficients. */
struct field_poly field_poly_modulus(struct air *a,
    const struct field_params *f);
/* x + y by coefficient, as long as the longer. */
struct field_poly field_poly_add(const struct field_poly *x,
    const struct field_poly *y);
/* k * x by coefficient. */
struct field_poly field_poly_scale(const struct field_poly *x, expr k);

enum field_operation { FIELD_ADD, FIELD_SUB, FIELD_MUL, FIELD_DIV };

/* result = x op y; division by zero is the caller's to exclude. */
void field_op(struct air *a, const struct field_params *f, struct field_op_x o,
    const struct field_poly *x, const struct field_poly *y,
    enum field_operation op, expr is_real);
/* The same for a modulus that is not a constant. */
void field_op_modulus(struct air *a, const struct field_params *f,
    struct field_op_x o, const struct field_poly *x, const struct field_poly *y,
    enum field_operation op, const struct field_poly *modulus, expr is_real);
/* Which operation: is[] has a bit each, in the order of enum field_operation. */
void field_op_select(struct air *a, const struct field_params *f,
    struct field_op_x o, const struct field_poly *x, const struct field_poly *y,
    const expr is[4], expr is_real);
/* result + carry * modulus = is_add (x + y) + is_mul x y + z */
void field_op_carry(struct air *a, const struct field_params *f,
    struct field_op_x o, const struct field_poly *x, const struct field_poly *y,
    const struct field_poly *z, expr is_add, expr is_mul, expr is_real);
/* result = sum of x[i] y[i] */
void field_inner_product(struct air *a, const struct field_params *f,
    struct field_op_x o, const struct field_poly *x, const struct field_poly *y,
    unsigned n, expr is_real);
/* result = x / (1 + y), or x / (1 - y) */
void field_den(struct air *a, const struct field_params *f, struct field_op_x o,
    const struct field_poly *x, const struct field_poly *y, bool plus,
    expr is_real);

/* Asserts x < y, of n bytes each. */
void field_lt(struct air *a, struct field_lt_x o, const struct field_poly *x,
    const struct field_poly *y, unsigned n, expr is_real);
/* Asserts that x, of f's limbs, is below f's modulus. */
void field_lt_modulus(struct air *a, const struct field_params *f,
    struct field_lt_x o, const expr *x, expr is_real);
/* The root of x with the lowest bit is_odd. */
void field_sqrt(struct air *a, const struct field_params *f,
    const struct field_sqrt_32_x *o, const struct field_poly *x, expr is_odd,
    expr is_real);

#endif
