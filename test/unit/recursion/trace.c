/*
 * Traces of a program's run over a real proof: every constraint holds in every row, all
 * messages cancel.
 */
#include "air/air.h"
#include "recursion/programs.h"
#include "recursion/trace.h"
#include "recursion/witness.h"
#include "stark/params.h"
#include "stark/recursion_keys.h"
#include "test/lib/stark_vectors.h"

/* Rows in which a constraint does not hold; every row's messages are added. */
static size_t
bad_rows(struct air_balance *b, const struct air_chip *c, const kb *main,
    const kb *prep, size_t rows, const kb *public_values)
{
	kb *m = malloc((c->main_width + c->prep_width) * sizeof *m);
	kb *p = m + c->main_width;
	size_t bad = 0;

	must(m != NULL);
	for (size_t r = 0; r < rows; r++) {
		for (unsigned i = 0; i < c->main_width; i++)
			m[i] = main[i * rows + r];
		for (unsigned i = 0; i < c->prep_width; i++)
			p[i] = prep[i * rows + r];
		if (air_eval_row(c, m, p, public_values, NULL).v &&
		    bad++ == 0 && b)
			air_debug_row(c, m, p, public_values, stderr);
		if (b)
			air_balance_add(b, c, m, p, r);
	}
	free(m);
	return bad;
}

static void
check(const struct program_key *k, const struct program_trace *t,
    const struct air_machine *m, const kb *public_values)
{
	struct air_balance *b = air_balance_new();
	const kb *main = t->main, *prep = k->prep;

	for (unsigned i = 0; i < k->nchips; i++) {
		const struct air_chip *c = air_chip_by_name(m, m->chip[i].name,
		    strlen(m->chip[i].name));

		is_int(bad_rows(b, c, main, prep, k->rows[i], public_values), 0,
		    "%s: %zu rows", c->name, k->rows[i]);
		main += k->rows[i] * c->main_width;
		prep += k->rows[i] * c->prep_width;
	}
	is_int(air_balance_report(b, stderr, 3), 0, "all messages cancel");
	air_balance_free(b);
	t->main[0] = kb_add(t->main[0], KB_ONE);
	is_int(bad_rows(NULL, air_chip_by_name(m, m->chip[0].name,
	    strlen(m->chip[0].name)), t->main, k->prep, k->rows[0],
	    public_values), 1, "a cell altered is seen");
}

static void
shrink(const struct recursion_proof *proof)
{
	const struct air_machine *machine = air_machine_compress();
	digest root = recursion_vk_root();
	struct witness w = {0, 0, NULL};
	struct program_trace t;
	struct program_key k;
	struct run_memory m;
	struct program p;
	struct err e;

	program_shrink(&p);
	witness_compress(&w, &proof, 1, true, &root);
	if (ok(program_run(&m, &p, &w, &e) == 0 &&
	    program_traces(&k, &p, machine, &stark_shrink, NULL, &e) == 0 &&
	    program_trace(&t, &k, &p, &m, machine, &stark_shrink, &e) == 0,
	    "shrink is run")) {
		check(&k, &t, machine, m.public_values);
		program_trace_free(&t);
		program_key_free(&k);
		run_memory_free(&m);
	}
	witness_free(&w);
	program_free(&p);
}

int
main(void)
{
	struct compressed_proof c;
	struct arena a;
	uint8_t *bytes;
	struct err e;
	size_t n;

	if (read_file(STOCK_PROOFS "/fib-20.compressed.bin", PROOF_CAP, &bytes,
	    &n, &e))
		tap_skip_all("no stock proof");
	arena_init(&a, 0);
	if (ok(compressed_proof_read(&c, &a, bytes, n, &e) == 0, "a proof"))
		shrink(&c.proof);
	arena_free(&a);
	free(bytes);
	return done_testing();
}
