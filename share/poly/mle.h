#ifndef POLY_MLE_H
#define POLY_MLE_H
/*
 * Multilinear extensions.  Points are big-endian: coordinate 0 is the most
 * significant bit of the index.  eq(x, y) = prod (x_i y_i + (1 - x_i)(1 - y_i)).
 */
#include <stddef.h>

#include "field/ef.h"

/* table[i] = eq(point, bits of i), 2^n entries. */
void mle_eq_table(ef *table, const ef *point, unsigned n);
/* eq(a, b), of n coordinates. */
ef mle_eq(const ef *a, const ef *b, unsigned n);
/* The MLE of v[0 .. len) padded with zeros to 2^n, at a point of n coordinates. */
ef mle_eval_ef(const ef *v, size_t len, const ef *point, unsigned n);
/* Inner product of base-field values with an eq table. */
ef mle_dot_kb(const kb *v, const ef *table, size_t len);
/* The sum of coeff[i] x^i, i < n. */
ef ef_poly_eval(const ef *coeff, size_t n, ef x);
/* The least k with n <= 2^k, n <= 2^63. */
unsigned log2_ceil(size_t n);

#endif
