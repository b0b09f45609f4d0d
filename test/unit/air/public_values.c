/*
 * The public values' constraints and interactions on two seeded rows, as the stock
 * machine folds them: challenge = space 3, LogUp's alpha = space 4, betas = space 5.
 */
#include "air/air.h"
#include "test/lib/air_seed.h"
#include "test/lib/tap.h"

/* Canonical coefficients; from the stock machine, 6.10.0. */
static const struct {
	uint32_t accumulator[4], digest[4];
} want[] = {
	{{1806135368, 867726206, 471592137, 613157602},
	 {1736555738, 317648233, 275933049, 1873352753}},
	{{1586919428, 290800177, 119108492, 1202914626},
	 {1409705095, 535601815, 521868061, 654738448}},
};

static ef
seeded_ef(unsigned space, unsigned row, unsigned i)
{
	ef x;

	for (unsigned k = 0; k < 4; k++)
		x.c[k] = seeded(space, row, 4 * i + k);
	return x;
}

static bool
equals(ef x, const uint32_t want4[4])
{
	bool same = true;

	for (int k = 0; k < 4; k++)
		same &= kb_to(x.c[k]) == want4[k];
	if (!same)
		diag("got %u %u %u %u", kb_to(x.c[0]), kb_to(x.c[1]),
		    kb_to(x.c[2]), kb_to(x.c[3]));
	return same;
}

static ef
fraction(const struct air_interaction *x, unsigned row, const kb *pv)
{
	ef d = seeded_ef(4, row, 0);
	kb mult = air_affine_row(&x->mult, 0, NULL, pv);

	d = ef_add(d, ef_mul_kb(seeded_ef(5, row, 0), kb_from(x->kind)));
	for (unsigned j = 0; j < x->nvalues; j++)
		d = ef_add(d, ef_mul_kb(seeded_ef(5, row, j + 1),
		    air_affine_row(&x->value[j], 0, NULL, pv)));
	return ef_mul_kb(ef_inv(d), x->send ? mult : kb_neg(mult));
}

int
main(void)
{
	const struct air_chip *c = &air_machine_riscv()->public_values;

	is_int(c->nconstraints, 1259, "constraints");
	is_int(c->nsends + c->nreceives, 68, "interactions");
	is_int(c->max_arity, 16, "widest interaction: 15 values and the kind");
	for (unsigned row = 0; row < 2; row++) {
		kb pv[AIR_PUBLIC_VALUES];
		ef sum = EF_ZERO;

		for (unsigned i = 0; i < AIR_PUBLIC_VALUES; i++)
			pv[i] = seeded(2, row, i);
		ok(equals(air_fold_row(c, NULL, NULL, pv, seeded_ef(3, row, 0)),
		    want[row].accumulator), "row %u: constraints fold alike",
		    row);
		ok(equals(air_fold_point(c, NULL, NULL, pv,
		    seeded_ef(3, row, 0)), want[row].accumulator),
		    "row %u: and as a point", row);
		for (unsigned i = 0; i < c->nsends + c->nreceives; i++)
			sum = ef_add(sum, fraction(&c->interaction[i], row,
			    pv));
		ok(equals(sum, want[row].digest), "row %u: interactions sum alike",
		    row);
	}
	return done_testing();
}
