/*
 * A permutation in either machine, one instruction or wrap's many: run, it gives what
 * the hash gives, and every constraint of its rows holds.
 */
#include "air/air.h"
#include "poly/hash.h"
#include "recursion/circuit.h"
#include "recursion/trace.h"
#include "recursion/witness.h"
#include "stark/params.h"
#include "test/lib/tap.h"

static void
build(struct program *p, bool wrap)
{
	felt in[16], out[16], public_values[STARK_PUBLIC_VALUES];
	struct circuit c;

	program_init(p);
	circuit_init(&c, p, wrap);
	for (int i = 0; i < 16; i++)
		in[i] = hint_felt(&c);
	permute(&c, out, in);
	for (int i = 0; i < STARK_PUBLIC_VALUES; i++)
		public_values[i] = i >= RPV_DIGEST && i < RPV_DIGEST + 8 ?
		    out[i - RPV_DIGEST] : out[8 + i % 8];
	commit(&c, public_values);
	circuit_free(&c);
}

static size_t
bad_rows(const struct program_key *k, const struct program_trace *t,
    const struct air_machine *m, const kb *public_values)
{
	const kb *main = t->main, *prep = k->prep;
	size_t bad = 0;

	for (unsigned i = 0; i < k->nchips; i++) {
		const struct air_chip *c = air_chip_by_name(m, m->chip[i].name,
		    strlen(m->chip[i].name));
		kb row[1024], *p = row + c->main_width;

		must(c->main_width + c->prep_width <= 1024);
		for (size_t r = 0; r < k->rows[i]; r++) {
			for (unsigned j = 0; j < c->main_width; j++)
				row[j] = main[j * k->rows[i] + r];
			for (unsigned j = 0; j < c->prep_width; j++)
				p[j] = prep[j * k->rows[i] + r];
			bad += air_eval_row(c, row, p, public_values, NULL).v
			    != 0;
		}
		main += k->rows[i] * c->main_width;
		prep += k->rows[i] * c->prep_width;
	}
	return bad;
}

static void
test(const struct air_machine *m, const struct stark_params *params, bool wrap)
{
	const char *name = wrap ? "wrap" : "compress";
	struct witness w = {0, 0, NULL};
	struct program_trace t;
	struct program_key k;
	struct run_memory mem;
	struct program p;
	struct err e;
	kb s[16];

	for (uint32_t i = 0; i < 16; i++)
		s[i] = kb_from(1000003 * i + 17);
	witness_felts(&w, s, 16);
	poseidon2(s);
	build(&p, wrap);
	if (ok(program_run(&mem, &p, &w, &e) == 0, "%s: is run", name)) {
		ok(memcmp(mem.public_values + RPV_DIGEST, s, 8 * sizeof *s) ==
		    0 && memcmp(mem.public_values, s + 8, 8 * sizeof *s) == 0,
		    "%s: the permutation", name);
		must(program_traces(&k, &p, m, params, NULL, &e) == 0 &&
		    program_trace(&t, &k, &p, &mem, m, params, &e) == 0);
		is_int(bad_rows(&k, &t, m, mem.public_values), 0,
		    "%s: its rows", name);
		program_trace_free(&t);
		program_key_free(&k);
		run_memory_free(&mem);
	}
	witness_free(&w);
	program_free(&p);
}

int
main(void)
{
	test(air_machine_compress(), &stark_shrink, false);
	test(air_machine_wrap(), &stark_wrap, true);
	return done_testing();
}
