#include "prover/phase.h"

#include "poly/mle.h"

int
sumcheck_begin(struct prove *p, struct sumcheck_proof *s, unsigned n,
    unsigned degree, ef claim)
{
	s->nrounds = s->point.n = n;
	s->claim = s->eval = claim;
	s->poly = prove_alloc(p, p->out, n, sizeof *s->poly);
	s->point.v = prove_alloc(p, p->out, n, sizeof *s->point.v);
	if (!s->poly || !s->point.v)
		return -1;
	for (unsigned i = 0; i < n; i++) {
		s->poly[i].n = degree + 1;
		s->poly[i].v = prove_alloc(p, p->out, degree + 1, sizeof(ef));
		if (!s->poly[i].v)
			return -1;
	}
	return 0;
}

ef
sumcheck_round(struct prove *p, struct sumcheck_proof *s, unsigned round,
    const ef *coeff)
{
	struct ef_vec *m = &s->poly[round];
	ef r;

	for (size_t i = 0; i < m->n; i++)
		m->v[i] = coeff[i];
	challenger_observe_efs(&p->t, m->v, m->n);
	r = challenger_sample_ef(&p->t);
	s->point.v[s->nrounds - 1 - round] = r;
	s->eval = ef_poly_eval(m->v, m->n, r);
	return r;
}

void
sumcheck_times_eq(ef *out, const ef *q, unsigned n, ef z, ef c)
{
	ef e0 = ef_mul(c, ef_sub(EF_ONE, z));
	ef e1 = ef_sub(ef_mul(c, z), e0);

	out[n] = EF_ZERO;
	for (unsigned i = n; i-- > 0;) {
		out[i + 1] = ef_add(out[i + 1], ef_mul(e1, q[i]));
		out[i] = ef_mul(e0, q[i]);
	}
}

ef
eq_bit(ef z, ef r)
{
	ef a = ef_mul(z, r);

	return ef_add(ef_sub(ef_sub(ef_add(a, a), z), r), EF_ONE);
}
