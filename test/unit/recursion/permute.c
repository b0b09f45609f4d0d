/*
 * A permutation in either machine, one instruction or wrap's many: run, it gives what
 * the hash gives, and every constraint of its rows holds.
 */
#include "air/air.h"
#include "poly/hash.h"
#include "recursion/circuit.h"
#include "recursion/setup.h"
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

static void
test(const struct air_machine *m, const struct stark_params *params, bool wrap)
{
	const struct prover prover = {.backend = &backend_cpu,
	    .params = params, .machine = m};
	const char *name = wrap ? "wrap" : "compress";
	struct witness w = {0, 0, NULL};
	struct shard_trace t;
	struct proving_key k;
	struct row_index x;
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
		must(row_index_make(&x, &p, &e) == 0 &&
		    program_traces(&k, &p, &x, m, params, NULL, &e) == 0 &&
		    program_trace(&t, &prover, &k, &p, &x, &mem, &e) == 0);
		is_int(trace_debug(&t, &k, NULL, stderr), 0, "%s: its rows", name);
		trace_free(&t);
		setup_free(&k);
		row_index_free(&x);
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
