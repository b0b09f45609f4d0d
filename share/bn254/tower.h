#ifndef BN254_TOWER_H
#define BN254_TOWER_H
/*
 * The tower of extensions that pairings live in, as gnark has it:
 *
 *	Fq2 = Fq[u] / (u^2 + 1), Fq6 = Fq2[v] / (v^3 - xi), xi = 9 + u,
 *	Fq12 = Fq6[w] / (w^2 - v)
 *
 * The smaller go by value, Fq6 and Fq12 by pointer; a result may be an operand.
 */
#include "base/err.h"
#include "bn254/fq.h"

typedef struct { fq c0, c1; } fq2;
typedef struct { fq2 c[3]; } fq6;
typedef struct { fq6 c0, c1; } fq12;

#define FQ2_ZERO ((fq2){{{{0}}}, {{{0}}}})

/* 1 */
static inline fq2
fq2_one(void)
{
	return (fq2){fq_one(), FQ_ZERO};
}

/* a + b */
static inline fq2
fq2_add(fq2 a, fq2 b)
{
	return (fq2){fq_add(a.c0, b.c0), fq_add(a.c1, b.c1)};
}

/* a - b */
static inline fq2
fq2_sub(fq2 a, fq2 b)
{
	return (fq2){fq_sub(a.c0, b.c0), fq_sub(a.c1, b.c1)};
}

/* 2 a */
static inline fq2
fq2_double(fq2 a)
{
	return fq2_add(a, a);
}

/* -a */
static inline fq2
fq2_neg(fq2 a)
{
	return (fq2){fq_neg(a.c0), fq_neg(a.c1)};
}

/* a^q */
static inline fq2
fq2_conj(fq2 a)
{
	return (fq2){a.c0, fq_neg(a.c1)};
}

/* a b, b of Fq */
static inline fq2
fq2_mul_fq(fq2 a, fq b)
{
	return (fq2){fq_mul(a.c0, b), fq_mul(a.c1, b)};
}

/* a = b */
static inline bool
fq2_eq(fq2 a, fq2 b)
{
	return fq_eq(a.c0, b.c0) && fq_eq(a.c1, b.c1);
}

/* a = 0 */
static inline bool
fq2_is_zero(fq2 a)
{
	return fq_is_zero(a.c0) && fq_is_zero(a.c1);
}

/* a b */
fq2 fq2_mul(fq2 a, fq2 b);
/* a a */
fq2 fq2_square(fq2 a);
/* 1 / a; 0 gives 0. */
fq2 fq2_inv(fq2 a);
/* Either root; -1: no square, and *r is as it was. */
CHECKED int fq2_sqrt(fq2 *r, fq2 a);
/* a is the larger of a and -a, c1 before c0. */
CHECKED bool fq2_is_large(fq2 a);

/* xi^(k (q - 1) / 6): what Frobenius multiplies the coefficient of w^k with. */
extern const fq2 frobenius_xi[6];

/* *r = 1 */
void fq12_one(fq12 *r);
/* a b */
void fq12_mul(fq12 *r, const fq12 *a, const fq12 *b);
/* a a */
void fq12_square(fq12 *r, const fq12 *a);
/* a^(q^6) */
void fq12_conj(fq12 *r, const fq12 *a);
/* 1 / a; 0 gives 0. */
void fq12_inv(fq12 *r, const fq12 *a);
/* a^q */
void fq12_frobenius(fq12 *r, const fq12 *a);
/* a = 1 */
CHECKED bool fq12_is_one(const fq12 *a);

/* a * (l0 + l1 w + l3 w^3): a line's value */
void fq12_mul_line(fq12 *r, const fq12 *a, fq2 l0, fq2 l1, fq2 l3);
/* Of elements with a^(q^6 + 1) = a^(q^4 - q^2 + 1) = 1 alone. */
void fq12_cyclotomic_square(fq12 *r, const fq12 *a);

#endif
