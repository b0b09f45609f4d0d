#include "stark/check.h"

#include "poly/mle.h"

int
check_sumcheck(struct shard_check *c, const struct sumcheck_proof *s,
    unsigned nvars, unsigned degree, const char *what)
{
	ef claim = s->claim;

	if (s->nrounds != nvars || s->point.n != nvars)
		return check_refuse(c, "%s sumcheck: %zu rounds and a point of "
		    "%zu where there are %u variables", what, s->nrounds,
		    s->point.n, nvars);
	for (unsigned i = 0; i < nvars; i++) {
		const struct ef_vec *f = &s->poly[i];
		ef sum, r;

		if (f->n != degree + 1)
			return check_refuse(c, "%s sumcheck: polynomial %u has "
			    "%zu coefficients, not %u", what, i, f->n,
			    degree + 1);
		sum = f->v[0];	/* f(0) + f(1) */
		for (unsigned k = 0; k <= degree; k++)
			sum = ef_add(sum, f->v[k]);
		if (!ef_eq(sum, claim))
			return check_refuse(c, "%s sumcheck: polynomial %u "
			    "does not sum to its claim", what, i);
		challenger_observe_efs(&c->t, f->v, f->n);
		r = challenger_sample_ef(&c->t);
		/* The last variable comes first. */
		if (!ef_eq(r, s->point.v[nvars - 1 - i]))
			return check_refuse(c, "%s sumcheck: coordinate %u of "
			    "the point is not the challenge", what,
			    nvars - 1 - i);
		claim = ef_poly_eval(f->v, f->n, r);
	}
	if (!ef_eq(claim, s->eval))
		return check_refuse(c, "%s sumcheck: the evaluation is not the "
		    "last polynomial's", what);
	return 0;
}
