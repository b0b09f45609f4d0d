#include "test/lib/air_sums.h"

#define SUMS_VALUES 128

/* Fixed, so that a run is like another: nobody chose the traces by them. */
static ef
sums_challenge(unsigned i)
{
	ef x;

	for (unsigned k = 0; k < 4; k++)
		x.c[k] = kb_from64(splitmix64_at(4 * i + k));
	return x;
}

void
sums_init(struct sums *s, const struct air_chip *c)
{
	unsigned n = c->nsends + c->nreceives;

	s->chip = c;
	s->of = calloc(n + 1, sizeof *s->of);
	s->needed = calloc(n + 1, sizeof *s->needed);
	must(s->of && s->needed);
}

void
sums_add(struct sums *s, const kb *main, const kb *prep)
{
	const struct air_chip *c = s->chip;
	static ef challenge[SUMS_VALUES + 2];

	if (!challenge[0].c[0].v)
		for (unsigned i = 0; i < SUMS_VALUES + 2; i++)
			challenge[i] = sums_challenge(i);
	for (unsigned i = 0; i < c->nsends + c->nreceives; i++) {
		const struct air_interaction *x = &c->interaction[i];
		kb mult = air_affine_row(&x->mult, c->main_width, main, prep);
		ef d = challenge[0];

		must(x->nvalues <= SUMS_VALUES);
		if (!mult.v)
			continue;
		d = ef_add(d, ef_mul_kb(challenge[1], kb_from(x->kind)));
		for (unsigned j = 0; j < x->nvalues; j++)
			d = ef_add(d, ef_mul_kb(challenge[j + 2],
			    air_affine_row(&x->value[j], c->main_width, main,
			    prep)));
		s->of[i] = ef_add(s->of[i], ef_mul_kb(ef_inv(d),
		    x->send ? mult : kb_neg(mult)));
	}
}

ef
sums_take(struct sums *s)
{
	ef all = EF_ZERO;

	for (unsigned i = 0; i < s->chip->nsends + s->chip->nreceives; i++) {
		for (int k = 0; k < 4; k++)
			s->needed[i] |= s->of[i].c[k].v != 0;
		all = ef_add(all, s->of[i]);
		s->of[i] = EF_ZERO;
	}
	return all;
}

bool
sums_balance(ef all)
{
	return !(all.c[0].v | all.c[1].v | all.c[2].v | all.c[3].v);
}

void
sums_free(struct sums *s)
{
	free(s->of);
	free(s->needed);
}
