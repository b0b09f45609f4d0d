/*
 * Each interaction of each chip of the core machine, and of the public values, is
 * needed: without it a guest's trace that balanced does not.  (The recursion machines':
 * prover_recursion.c.)
 *
 * Every trace's whole sum is 0, as the verifier asks; an interaction is needed by one
 * where its own sum is not (air_sums.h).
 */
#include "base/par.h"
#include "shards/traces.h"
#include "stark/setup.h"
#include "test/lib/air_sums.h"
#include "test/lib/run.h"

#define MAX_WIDTH 4096

/* Needed by no trace; an error where one does need it. */
static const struct known {
	const char *chip;
	unsigned first, last;	/* interactions: sends, then receives */
	const char *why;
} known[] = {
	{"DivRem", 10, 10, "the sign of MULW's product: its multiplicity is 0"},
	{"DivRem", 45, 45, "the same, of the upper product"},
	{"public values", 64, 67, "page protection, which the machine is "
	    "without: the multiplicity is 0"},
	{0}
};

/* Of all instructions, of all precompiles. */
static const struct { const char *guest, *input; uint64_t cut; } runs[] = {
	{"isa", "isa-3", 0}, {"precompiles", "precompiles", 0},
};

static const struct air_machine *machine;
static struct sums *sums;		/* by chip; the last: the public values */

static ef
sum_chip(const struct shard_trace *t, unsigned i, const kb *prep)
{
	static kb row[MAX_WIDTH], prow[MAX_WIDTH];
	const struct air_chip *c = t->shape.cluster->chip[i];
	struct sums *s = &sums[c->index];
	size_t rows = t->shape.rows[i];

	for (size_t r = 0; r < rows; r++) {
		t->backend->trace_read(t->cells, i, r, 1, row);
		for (unsigned j = 0; j < c->prep_width; j++)
			prow[j] = prep[j * rows + r];
		sums_add(s, row, prow);
	}
	return sums_take(s);
}

static ef
sum_trace(const struct shard_trace *t, const struct proving_key *key)
{
	const struct trace_shape *s = &t->shape;
	const kb *prep = key->prep;
	struct sums *pv = &sums[machine->nchips];
	ef all;

	sums_add(pv, NULL, s->public_values);
	all = sums_take(pv);
	for (unsigned i = 0; i < s->cluster->nchips; i++) {
		all = ef_add(all, sum_chip(t, i, prep));
		prep += s->rows[i] * s->cluster->chip[i]->prep_width;
	}
	return all;
}

static void
sum_run(const char *guest, const char *input, uint64_t cut)
{
	const struct prover prover = {.backend = &backend_cpu,
	    .params = &stark_core, .machine = machine};
	struct proving_key key = {0};
	struct shard_events s;
	struct shard_trace t;
	struct guest_run g;
	struct err e = {0};
	unsigned shards = 0, balanced = 0;
	int got = guest_run(&g, guest, input, cut, &e);

	if (got == 0)
		got = setup_tables(&key, &g.program, &e);
	while (got >= 0 && (got = guest_next(&g, &s, &e)) == 1) {
		got = traces_make(&t, &prover, &key, &s, &e);
		if (got == 0) {
			balanced += sums_balance(sum_trace(&t, &key));
			trace_free(&t);
		}
		shard_events_free(&s);
		shards++;
	}
	ok(got == 0 && shards > 0 && balanced == shards,
	    "%s %s: %u of %u shards balance%s", guest, input, balanced, shards,
	    e.msg);
	setup_free(&key);
	guest_end(&g);
}

/* The rows of one chip alone, of a run whose proof is made and verified elsewhere
 * (test/45-prove.bats): of MemoryBump, since no short run has any. */
static void
sum_rows(const char *chip, const char *guest, const char *input, uint64_t cut)
{
	const struct trace_chip *t = trace_chips;
	const struct air_chip *c = air_chip_by_name(machine, chip,
	    strlen(chip));
	static kb row[MAX_WIDTH];
	struct shard_events s;
	struct guest_run g;
	struct err e = {0};
	size_t rows = 0;
	int got = guest_run(&g, guest, input, cut, &e);

	while (strcmp(t->name, chip))
		t++;
	while (got >= 0 && (got = guest_next(&g, &s, &e)) == 1) {
		for (size_t i = 0; i < t->count(&s); i++, rows++) {
			memset(row, 0, sizeof row);
			t->row(&s, i, row);
			sums_add(&sums[c->index], row, NULL);
		}
		(void)sums_take(&sums[c->index]);
		shard_events_free(&s);
	}
	ok(got == 0 && rows > 0, "%zu rows of %s in %s %s%s", rows, chip,
	    guest, input, e.msg);
	guest_end(&g);
}

static const struct known *
known_of(const struct air_chip *c, unsigned i)
{
	for (const struct known *k = known; k->chip; k++)
		if (!strcmp(k->chip, c->name) && k->first <= i && i <= k->last)
			return k;
	return NULL;
}

static void
report(const struct sums *s, unsigned total[2])
{
	const struct air_chip *c = s->chip;
	unsigned n = c->nsends + c->nreceives, needed = 0, wrong = 0;

	for (unsigned i = 0; i < n; i++) {
		const struct known *k = known_of(c, i);

		needed += s->needed[i];
		if (s->needed[i] != (k != NULL))
			continue;
		wrong++;
		diag("%s: interaction %u, kind %u, %s", c->name, i,
		    c->interaction[i].kind, k ? "is needed after all" :
		    "is not needed");
	}
	ok(wrong == 0, "%s: %u of %u interactions are needed", c->name, needed,
	    n);
	total[0] += needed;
	total[1] += n;
}

int
main(void)
{
	unsigned total[2] = {0};

	par_start(0);
	machine = air_machine_riscv();
	sums = calloc(machine->nchips + 1, sizeof *sums);
	must(sums);
	for (unsigned i = 0; i < machine->nchips; i++)
		sums_init(&sums[i], air_chip_by_name(machine,
		    machine->chip[i].name, strlen(machine->chip[i].name)));
	sums_init(&sums[machine->nchips], &machine->public_values);
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
		sum_run(runs[i].guest, runs[i].input, runs[i].cut);
	sum_rows("MemoryBump", "mem", "mem-20000", 33554432);
	for (unsigned i = 0; i <= machine->nchips; i++)
		report(&sums[i], total);
	ok(total[0] > 0, "%u of %u interactions are needed", total[0],
	    total[1]);
	return done_testing();
}
