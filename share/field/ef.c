#include "field/ef.h"

/*
 * With y = x^2 (y^2 = 3) write a = A + xB over F[y].  (A + xB)(A - xB) = A^2 - yB^2 = N
 * lies
 * in F[y], and N times its conjugate in F.
 */
ef
ef_inv(ef a)
{
	kb a0 = a.c[0], a1 = a.c[2], b0 = a.c[1], b1 = a.c[3];
	kb n0, n1, t, i0, i1;

	/* A^2 = a0^2 + 3 a1^2 + 2 a0 a1 y;  y B^2 = 6 b0 b1 + (b0^2 + 3 b1^2) y */
	n0 = kb_add(kb_mul(a0, a0), kb_triple(kb_mul(a1, a1)));
	t = kb_triple(kb_mul(b0, b1));
	n0 = kb_sub(n0, kb_add(t, t));
	t = kb_mul(a0, a1);
	n1 = kb_sub(kb_add(t, t),
	    kb_add(kb_mul(b0, b0), kb_triple(kb_mul(b1, b1))));
	/* (n0 + n1 y)(n0 - n1 y) = n0^2 - 3 n1^2 */
	t = kb_inv(kb_sub(kb_mul(n0, n0), kb_triple(kb_mul(n1, n1))));
	i0 = kb_mul(n0, t);
	i1 = kb_neg(kb_mul(n1, t));
	return ef_mul((ef){{a0, kb_neg(b0), a1, kb_neg(b1)}},
	    (ef){{i0, KB_ZERO, i1, KB_ZERO}});
}

ef
ef_pow(ef a, uint64_t e)
{
	ef r = EF_ONE;

	for (; e; e >>= 1) {
		if (e & 1)
			r = ef_mul(r, a);
		a = ef_square(a);
	}
	return r;
}

#define BLOCK 256

void
ef_inv_many(ef *out, const ef *a, unsigned long n)
{
	ef before[BLOCK], acc, x;

	while (n) {
		unsigned long m = n < BLOCK ? n : BLOCK;

		acc = EF_ONE;
		for (unsigned long i = 0; i < m; i++) {
			before[i] = acc;
			if (!ef_is_zero(a[i]))
				acc = ef_mul(acc, a[i]);
		}
		acc = ef_inv(acc);
		for (unsigned long i = m; i-- > 0;) {
			x = a[i];
			if (ef_is_zero(x)) {
				out[i] = EF_ZERO;
				continue;
			}
			out[i] = ef_mul(acc, before[i]);
			acc = ef_mul(acc, x);
		}
		a += m;
		out += m;
		n -= m;
	}
}
