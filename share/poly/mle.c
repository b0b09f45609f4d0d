#include "poly/mle.h"

static ef
one_minus(ef a)
{
	return ef_sub(EF_ONE, a);
}

/* Each coordinate doubles the table: entry i becomes 2i and 2i + 1, from the back. */
void
mle_eq_table(ef *table, const ef *point, unsigned n)
{
	table[0] = EF_ONE;
	for (unsigned k = 0; k < n; k++) {
		for (size_t i = (size_t)1 << k; i-- > 0;) {
			ef t = table[i], hi = ef_mul(t, point[k]);

			table[2 * i + 1] = hi;
			table[2 * i] = ef_sub(t, hi);
		}
	}
}

ef
mle_eq(const ef *a, const ef *b, unsigned n)
{
	ef r = EF_ONE;

	for (unsigned i = 0; i < n; i++)
		r = ef_mul(r, ef_add(ef_mul(a[i], b[i]),
		    ef_mul(one_minus(a[i]), one_minus(b[i]))));
	return r;
}

/* Halves the index range, the most significant bit first. */
ef
mle_eval_ef(const ef *v, size_t len, const ef *point, unsigned n)
{
	size_t half;
	ef lo, hi;

	if (!len)
		return EF_ZERO;
	if (!n)
		return v[0];
	half = (size_t)1 << (n - 1);
	lo = mle_eval_ef(v, len < half ? len : half, point + 1, n - 1);
	if (len <= half)
		return ef_mul(lo, one_minus(point[0]));
	hi = mle_eval_ef(v + half, len - half, point + 1, n - 1);
	return ef_add(lo, ef_mul(point[0], ef_sub(hi, lo)));
}

ef
mle_dot_kb(const kb *v, const ef *table, size_t len)
{
	ef r = EF_ZERO;

	for (size_t i = 0; i < len; i++)
		r = ef_add(r, ef_mul_kb(table[i], v[i]));
	return r;
}

ef
ef_poly_eval(const ef *coeff, size_t n, ef x)
{
	ef r = EF_ZERO;

	while (n)
		r = ef_add(ef_mul(r, x), coeff[--n]);
	return r;
}

unsigned
log2_ceil(size_t n)
{
	unsigned k = 0;

	while (n > (size_t)1 << k)
		k++;
	return k;
}
