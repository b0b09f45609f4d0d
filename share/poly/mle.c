#include "poly/mle.h"

#include "base/par.h"

static ef
one_minus(ef a)
{
	return ef_sub(EF_ONE, a);
}

struct doubling {
	ef *table;
	size_t half;
	ef at;
};

static void
double_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	const struct doubling *d = ctx;

	for (size_t i = begin; i < end; i++) {
		ef hi = ef_mul(d->table[i], d->at);

		d->table[d->half + i] = hi;
		d->table[i] = ef_sub(d->table[i], hi);
	}
}

/* From the last coordinate, the lowest bit, to the first: each doubles the table. */
void
mle_eq_table(ef *table, const ef *point, unsigned n)
{
	table[0] = EF_ONE;
	for (unsigned k = 0; k < n; k++) {
		struct doubling d = {table, (size_t)1 << k, point[n - 1 - k]};

		if (k < 13)
			double_piece(&d, 0, d.half, 0);
		else
			par_for(d.half, 1 << 12, double_piece, &d);
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

/* Sums of products stay below 2^33 p, and one reduction ends each. */
ef
mle_dot_kb(const kb *v, const ef *table, size_t len)
{
	const uint64_t top = (uint64_t)KB_P << 32;
	uint64_t sum[4] = {0};
	ef r;

	for (size_t i = 0; i < len; i++) {
		for (int k = 0; k < 4; k++) {
			uint64_t s = sum[k] + kb_wide(v[i], table[i].c[k]);

			sum[k] = s < s - top ? s : s - top;
		}
	}
	for (int k = 0; k < 4; k++)
		r.c[k].v = kb_reduce(sum[k]);
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
