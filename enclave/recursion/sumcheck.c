#include "recursion/verify.h"

static const ext *
poly(const struct sumcheck_var *s, unsigned i)
{
	return s->coeff + (size_t)i * s->ncoeffs;
}

static eexpr
at_zero_and_one(struct circuit *c, const ext *f, unsigned n)
{
	eexpr sum = e_k(0);

	for (unsigned i = 0; i < n; i++)
		sum = e_add(c, sum, e_var(f[i]));
	return e_add(c, e_var(f[0]), sum);
}

static eexpr
horner(struct circuit *c, const ext *f, unsigned n, ext x)
{
	eexpr acc = e_k(0);

	while (n-- > 0)
		acc = e_add(c, e_mul(c, acc, e_var(x)), e_var(f[n]));
	return acc;
}

static void
observe_poly(struct circuit *c, struct challenger_var *t, const ext *f,
    unsigned n)
{
	felt x[4 * 8];

	for (unsigned i = 0; i < n; i++)
		ext_to_felts(c, &x[4 * i], f[i]);
	observe_felts(c, t, x, 4 * n);
}

void
sumcheck_verify(struct circuit *c, struct challenger_var *t,
    const struct sumcheck_var *s)
{
	unsigned n = s->ncoeffs, last = s->nrounds - 1;
	ext *alpha = circuit_alloc(c, s->nrounds, sizeof *alpha);

	e_assert_eq(c, at_zero_and_one(c, poly(s, 0), n), e_var(s->claim));
	observe_poly(c, t, poly(s, 0), n);
	for (unsigned i = 0; i < last; i++) {
		alpha[i] = sample_ext(c, t);
		e_assert_eq(c, horner(c, poly(s, i), n, alpha[i]),
		    at_zero_and_one(c, poly(s, i + 1), n));
		observe_poly(c, t, poly(s, i + 1), n);
	}
	alpha[last] = sample_ext(c, t);
	/* The last variable comes first. */
	for (unsigned i = 0; i < s->nrounds; i++)
		e_assert_eq(c, e_var(alpha[last - i]), e_var(s->point[i]));
	e_assert_eq(c, horner(c, poly(s, last), n, alpha[last]),
	    e_var(s->eval));
}
