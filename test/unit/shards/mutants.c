/*
 * Errors of one cell, in the traces of guests that use every chip: each is found, and
 * found where it is, or is in a cell that nothing reads in its row (or reads but to
 * ask that it be 0 or 1, which both say the same).
 *
 * trace_debug() goes over a whole shard: of a whole and sound one it must find nothing,
 * and a few errors are told to it.  The others are looked at alone (test/lib/cell_errors.h).
 */
#include <stdlib.h>

#include "base/par.h"
#include "shards/traces.h"
#include "test/lib/cell_errors.h"
#include "test/lib/run.h"
#include "test/lib/tap.h"

static const struct guest {
	const char *name, *input;
	unsigned errors;	/* in all shards together; the long test: 40 times; 0: they
				 * are sound, by trace_debug() */
	unsigned whole;		/* told to trace_debug() in each; 10 times */
} guests[] = {
	{"isa", "isa-3", 80, 2}, {"mem", "mem-1000", 40, 0},
	{"io", "io", 40, 0}, {"fib", "fib-20", 40, 0},
	{"sha256", "bytes-55", 40, 0}, {"keccak256", "bytes-135", 40, 0},
	{"precompiles", "precompiles", 120, 0}, {"untouched", "bytes-0", 0, 0},
};

static const struct air_machine *machine;
static struct prover prover = {.backend = &backend_cpu, .params = &stark_core};

struct shard {
	const struct proving_key *key;
	struct shard_events events;
	struct shard_trace trace;
};

static size_t
real_rows(const void *ctx, const struct air_chip *c)
{
	const struct shard *s = ctx;

	for (const struct trace_chip *t = trace_chips; t->name; t++)
		if (!strcmp(t->name, c->name))
			return t->count(&s->events);
	return 0;
}

/* ---- errors that are in no row, or keep the trace from being made ---- */

static char *
debug_whole(const struct shard *s, size_t *failures)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	must(f);
	*failures = trace_debug(&s->trace, s->key, NULL, f);
	must(fclose(f) == 0);
	return text;
}

/* The first public value that a constraint reads. */
static void
test_public_value(struct shard *s)
{
	const struct air_chip *c = &machine->public_values;
	kb *pv = s->trace.shape.public_values;
	size_t n;
	char *text;
	unsigned i = 0;

	do {
		must(i < AIR_PUBLIC_VALUES);
		if (i)
			pv[i - 1] = kb_sub(pv[i - 1], KB_ONE);
		pv[i] = kb_add(pv[i], KB_ONE);
	} while (!air_eval_row(c, NULL, NULL, pv, NULL).v && ++i);
	text = debug_whole(s, &n);
	ok(n > 0 && strstr(text, "public values: constraint ") &&
	    strstr(text, "made at share/air/core/public_values.c:"),
	    "public value %u altered: %.60s...", i, text);
	pv[i] = kb_sub(pv[i], KB_ONE);
	free(text);
}

/* A register that is read before it was written: the difference has no lookup. */
static void
test_lookup(struct shard *s)
{
	struct rec_instr *r = s->events.instr[CHIP_Addi];
	uint64_t before = r->ts_b;
	struct err e = {0};
	size_t n = 0;
	char *text;
	int got;

	must(s->events.ninstr[CHIP_Addi] > 0);
	r->ts_b = r->clk + 8;
	got = traces_make(&s->trace, &prover, s->key, &s->events, &e);
	text = got == 1 ? debug_whole(s, &n) : NULL;
	ok(got == 1 && strncmp(e.msg, "Addi row 0: Byte (", 18) == 0,
	    "a lookup that is in no table: %s", e.msg);
	ok(n > 0 && strstr(text, "sent by Addi row 0"), "and the balance tells "
	    "of its row");
	if (got >= 0)
		trace_free(&s->trace);
	r->ts_b = before;
	free(text);
}

/* ---- a run ---- */

static unsigned
shards_of(struct guest_run *g, struct err *e)
{
	struct shard_events s;
	uint32_t code;
	unsigned n = 0;

	while (shards_next(&g->source, &s, &code, e) == 1) {
		shard_events_free(&s);
		n++;
	}
	return guest_rewind(g, e) < 0 ? 0 : n;
}

static bool
check_shard(struct shard *s, bool sound, unsigned whole, unsigned errors,
    struct cell_tally *n, struct err *e)
{
	static const uint32_t nonce[4];

	if (shard_prepare(&s->events, e) < 0)
		return false;
	public_values_fill(&s->events, nonce);
	if (traces_make(&s->trace, &prover, s->key, &s->events, e) < 0)
		return false;
	if (sound && trace_debug(&s->trace, s->key, NULL, stdout)) {
		err_set(e, EX_SOFTWARE, "the sound shard is not");
		trace_free(&s->trace);
		return false;
	}
	for (unsigned i = 0; i < errors; i++)
		cell_error(&(struct cell_trace){.trace = &s->trace, .key = s->key,
		    .ctx = s, .real_rows = real_rows}, n, i < whole);
	if (whole)
		test_public_value(s);
	trace_free(&s->trace);
	if (whole)
		test_lookup(s);
	return true;
}

static void
check_guest(const struct guest *g, bool longer)
{
	struct guest_run run;
	struct proving_key key = {0};
	struct shard s = {.key = &key};
	unsigned shards = 0, k = 0, total = g->errors * (longer ? 40 : 1);
	struct cell_tally n = {0};
	struct err e = {0};
	uint32_t code;
	bool good;

	good = guest_run(&run, g->name, g->input, 0, &e) == 0 &&
	    (shards = shards_of(&run, &e)) > 0 &&
	    setup_tables(&key, &run.program, &e) == 0;
	while (good && shards_next(&run.source, &s.events, &code, &e) == 1) {
		good = check_shard(&s, g->whole || !total, g->whole * (longer ? 10 : 1),
		    total * (k + 1) / shards - total * k / shards, &n, &e);
		shard_events_free(&s.events);
		k++;
	}
	ok(good && k == shards && n.wrong == 0, "%s, %u shards, %u errors: %u "
	    "break a constraint, %u the balance, %u are in cells that nothing "
	    "reads, %u in idle Booleans; %u told to the whole debugger%s%s",
	    g->name, shards, n.constraint + n.balance + n.unread + n.idle,
	    n.constraint, n.balance, n.unread, n.idle, n.whole,
	    good ? "" : ": ", good ? "" : e.msg);
	setup_free(&key);
	guest_end(&run);
}

int
main(void)
{
	unsigned chips = 0;

	par_start(0);
	prover.machine = machine = air_machine_riscv();
	must(machine->nchips <= CELL_MAX_CHIPS);
	for (size_t i = 0; i < sizeof guests / sizeof *guests; i++)
		check_guest(&guests[i], getenv("CHECK_LONG") != NULL);
	for (unsigned i = 0; i < machine->nchips; i++) {
		chips += cell_errors[i] > 0;
		if (!cell_errors[i])
			diag("%s: no error", machine->chip[i].name);
	}
	ok(chips == machine->nchips, "errors in %u of %u chips", chips, machine->nchips);
	return done_testing();
}
