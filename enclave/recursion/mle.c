#include "recursion/gadgets.h"

eexpr *
symbolic(struct circuit *c, const ext *x, size_t n)
{
	eexpr *e = circuit_alloc(c, n, sizeof *e);

	for (size_t i = 0; i < n; i++)
		e[i] = e_var(x[i]);
	return e;
}

eexpr *
eq_table(struct circuit *c, const eexpr *point, unsigned n)
{
	eexpr *from = circuit_alloc(c, (size_t)1 << n, sizeof *from);
	eexpr *to = circuit_alloc(c, (size_t)1 << n, sizeof *to);

	from[0] = e_k(1);
	for (unsigned k = 0; k < n; k++) {
		eexpr *t = from;

		for (size_t i = 0; i < (size_t)1 << k; i++) {
			eexpr p = e_mul(c, from[i], point[k]);

			to[2 * i] = e_sub(c, from[i], p);
			to[2 * i + 1] = p;
		}
		from = to;
		to = t;
	}
	return from;
}

eexpr
eq_eval(struct circuit *c, const eexpr *x, const eexpr *y, unsigned n)
{
	eexpr product = e_k(1);

	for (unsigned i = 0; i < n; i++) {
		eexpr p = e_mul(c, y[i], x[i]);
		eexpr t = e_add(c, e_add(c, p, p), e_k(1));

		t = e_sub(c, e_sub(c, t, x[i]), y[i]);
		product = e_mul(c, product, t);
	}
	return product;
}

eexpr
geq_eval(struct circuit *c, const eexpr *threshold, const eexpr *point,
    unsigned n)
{
	eexpr acc = e_k(1), one = e_k(1);

	while (n-- > 0) {
		eexpr x = threshold[n], y = point[n];
		eexpr t = e_add(c, e_mul(c, e_sub(c, one, y),
		    e_sub(c, one, x)), e_mul(c, y, x));

		acc = e_add(c, e_mul(c, t, acc),
		    e_mul(c, y, e_sub(c, one, x)));
	}
	return acc;
}

ext
mle_eval(struct circuit *c, const ext *value, size_t nvalues,
    const ext *point, unsigned n)
{
	eexpr *table = eq_table(c, symbolic(c, point, n), n), sum = e_k(0);

	for (size_t i = 0; i < nvalues; i++)
		sum = e_add(c, sum, e_mul(c, table[i], e_var(value[i])));
	return e_eval(c, sum);
}
