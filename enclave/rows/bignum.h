#ifndef ROWS_BIGNUM_H
#define ROWS_BIGNUM_H
/*
 * Numbers of fixed size, for the witnesses of field operations: words of 64 bits,
 * lowest first.  Not constant in time.
 */
#include "air/op/field_op.h"

#define WIDE_WORDS (2 * FIELD_WORDS + 1)	/* two products and more */

struct num { uint64_t w[FIELD_WORDS]; };
struct wide { uint64_t w[WIDE_WORDS]; };

/* x as a number. */
KERNEL struct num
num_small(uint64_t x)
{
	return (struct num){{x}};
}

/* 1 when x is 0, else 0. */
DEVICE int num_is_zero(const struct num *x);
/* x - y modulo 2^384. */
DEVICE struct num num_sub(const struct num *x, const struct num *y);

/* The wide ones are modulo 2^832. */

/* acc += x. */
DEVICE void wide_add(struct wide *acc, const struct num *x);
/* acc -= x. */
DEVICE void wide_sub(struct wide *acc, const struct num *x);
/* acc += x * y. */
DEVICE void wide_add_mul(struct wide *acc, const struct num *x,
    const struct num *y);
/* quotient = x / m, x = x mod m; m is not 0 */
DEVICE void wide_divide(struct wide *quotient, struct wide *x, const struct num *m);

/* x mod m. */
DEVICE struct num num_mod(const struct num *x, const struct num *m);
/* (x - y) mod m. */
DEVICE struct num num_sub_mod(const struct num *x, const struct num *y,
    const struct num *m);
/* x * y mod m. */
DEVICE struct num num_mul_mod(const struct num *x, const struct num *y,
    const struct num *m);
/* 1 / x mod p, an odd prime; 0 gives 0 */
DEVICE struct num num_inverse(const struct num *x, const struct num *p);

#endif
