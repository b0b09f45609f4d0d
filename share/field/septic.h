#ifndef FIELD_SEPTIC_H
#define FIELD_SEPTIC_H
/*
 * The degree-7 extension F[z]/(z^7 - 3z - 5), its curve y^2 = x^3 + 45x + 41z^3,
 * and the multiset hash that the Global chip accumulates there
 * (stock: crates/hypercube/src/septic_{extension,curve,digest}.rs).
 */
#include "field/kb.h"

typedef struct { kb c[7]; } septic;
struct septic_point { septic x, y; };

/* The "zero" digest, from the digits of sqrt 2; what fills Global's padding rows. */
TABLE_DECLARE(struct septic_point septic_start, septic_dummy)
/* Where sums of digests begin and end, from the digits of sqrt 3. */
TABLE_DECLARE(struct septic_point septic_sum_start)

/* a + b */
DEVICE septic septic_add(septic a, septic b);
/* a - b */
DEVICE septic septic_sub(septic a, septic b);
/* -a */
DEVICE septic septic_neg(septic a);
/* a b */
DEVICE septic septic_mul(septic a, septic b);
/* 1 / a; 0 gives 0. */
DEVICE septic septic_inv(septic a);
/* a = b */
DEVICE int septic_eq(septic a, septic b);
/* 0 and *r, either root; -1 when a is not a square. */
DEVICE int septic_sqrt(septic *r, septic a);
/* x^3 + 45x + 41z^3 */
DEVICE septic septic_curve_rhs(septic x);
/* y^2 is septic_curve_rhs(x). */
DEVICE int septic_on_curve(const struct septic_point *p);

/* Affine addition of points with different x.  -1 when the x are equal (the
 * exceptional case that verifiers refuse); *r is then unchanged. */
DEVICE int septic_point_add(struct septic_point *r, const struct septic_point *p,
    const struct septic_point *q);

/* The group law with all its cases: what has been summed so far. */
struct septic_sum { int finite; struct septic_point p; };	/* {0}: nothing */
/* Adds p. */
DEVICE void septic_sum_add(struct septic_sum *s, const struct septic_point *p);
/* The same of n points at little more than n / 32 inversions; overwrites them. */
DEVICE void septic_sum_many(struct septic_sum *s, struct septic_point *v,
    unsigned long n);

/* A digest is septic_start plus what it stands for.  digest_sum: the digest of
 * the sum of what n digests stand for; -1 on an exceptional addition on the way,
 * in the stock order of operations. */
DEVICE int septic_digest_sum(struct septic_point *r, const struct septic_point *d,
    unsigned long n);

#endif
