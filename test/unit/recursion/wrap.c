/*
 * The program of wrap against a proof of the stock one: rows of each chip, and every
 * preprocessed column at the point where the proof opens them.  Its verification (see
 * test/unit/stark/wrap.c) ties the openings to the stock key.
 */
#include "poly/mle.h"
#include "recursion/setup.h"
#include "stark/params.h"
#include "test/lib/stark_vectors.h"

static uint32_t
height(const struct opened_chip *c)
{
	uint32_t h = 0;

	for (size_t i = 0; i < c->degree.n; i++)
		h = 2 * h + kb_to(c->degree.v[i]);
	return h;
}

static bool
opened(const struct ef_vec *prep, const kb *column, size_t rows, const ef *eq)
{
	size_t equal = 0;

	for (size_t i = 0; i < prep->n; i++)
		if (ef_eq(prep->v[i], mle_dot_kb(column + i * rows, eq, rows)))
			equal++;
	return equal == prep->n;
}

static void
compare(const struct proving_key *k, const struct shard_proof *t)
{
	const struct air_machine *m = air_machine_wrap();
	const struct ef_vec *point = &t->zerocheck.point;
	ef *eq = malloc(sizeof *eq << point->n);
	const kb *column = k->prep;

	must(eq != NULL);
	mle_eq_table(eq, point->v, (unsigned)point->n);
	for (unsigned i = 0; i < k->nprep; i++) {
		const struct opened_chip *c = &t->opened[i];

		is_int(k->rows[i], height(c), "%s: rows", m->chip[i].name);
		is_int(m->chip[i].prep_width, c->prep.n, "%s: columns",
		    m->chip[i].name);
		ok(opened(&c->prep, column, k->rows[i], eq), "%s: their values",
		    m->chip[i].name);
		column += k->rows[i] * m->chip[i].prep_width;
	}
	k->prep[17] = kb_add(k->prep[17], KB_ONE);
	ok(!opened(&t->opened[0].prep, k->prep, k->rows[0], eq),
	    "not with a cell altered");
	free(eq);
}

int
main(void)
{
	struct proving_key k;
	struct shard_proof t;
	struct row_index x;
	struct program p;
	struct arena a;
	uint8_t *bytes;
	struct err e;
	size_t len;

	if (read_file(STOCK_RECURSION "/wrapped_proof.bin", PROOF_CAP, &bytes,
	    &len, &e))
		tap_skip_all("no stock proof of wrap");
	arena_init(&a, core_proof_ceiling(len));
	program_wrap(&p);
	must(row_index_make(&x, &p, &e) == 0);
	if (ok(wrap_proof_read(&t, &a, bytes, len, &e) == 0, "a proof") &&
	    ok(program_traces(&k, &p, &x, air_machine_wrap(), &stark_wrap, NULL,
	    &e) == 0, "traces") && is_int(t.nopened, k.nprep, "chips")) {
		compare(&k, &t);
		setup_free(&k);
	}
	row_index_free(&x);
	program_free(&p);
	arena_free(&a);
	free(bytes);
	return done_testing();
}
