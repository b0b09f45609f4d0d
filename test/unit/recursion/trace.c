/*
 * The trace of a program's run over a real proof: every constraint holds in every row, all
 * messages cancel.  A cell altered is seen: three seeded ones, with CHECK_LONG=1 two
 * hundred, of every chip.
 */
#include "air/air.h"
#include "recursion/programs.h"
#include "recursion/setup.h"
#include "recursion/trace.h"
#include "recursion/witness.h"
#include "stark/params.h"
#include "stark/recursion_keys.h"
#include "test/lib/splitmix.h"
#include "test/lib/stark_vectors.h"

/* ---- a source with one cell altered ---- */

struct altered {
	struct trace_source from;
	const struct air_chip *chip;
	size_t row;
	unsigned column;
	struct trace_rows rows;		/* as they are, of the chip */
};

static void
altered_row(const void *events, size_t i, kb *row)
{
	const struct altered *a = events;

	a->rows.row(a->rows.events, i, row);
	if (i == a->row)
		row[a->column] = kb_add(row[a->column], KB_ONE);
}

static void
altered_pad(const void *events, size_t i, kb *row)
{
	const struct altered *a = events;

	a->rows.pad(a->rows.events, i, row);
}

static struct trace_rows
rows_of(const void *ctx, const struct air_chip *c)
{
	const struct altered *a = ctx;

	if (c != a->chip)
		return a->from.rows_of(a->from.ctx, c);
	return (struct trace_rows){.events = a, .row = altered_row,
	    .n = a->rows.n, .pad = a->rows.pad ? altered_pad : NULL};
}

/* ---- ---- */

struct subject {
	struct prover prover;
	struct proving_key key;
	struct program program;
	struct row_index index;
	struct run_memory memory;
	uint64_t seed;
};

static size_t
failures(const struct subject *s, const struct trace_source *from, FILE *f)
{
	struct trace_shape shape;
	struct trace_miss none;
	struct shard_trace t;
	struct err e;
	size_t n;

	must(program_shape(&shape, s->prover.machine, &s->key,
	    s->memory.public_values, &e) == 0 &&
	    trace_make(&t, &s->prover, shape, from, &none, &e) == 0);
	n = trace_debug(&t, &s->key, f);
	trace_free(&t);
	return n;
}

static size_t
random_below(struct subject *s, size_t n)
{
	return (size_t)(splitmix64(&s->seed) % n);
}

/* A cell of a row that an instruction made. */
static void
alter(struct subject *s, const struct row_events *events, unsigned chip)
{
	const struct air_chip *c = s->prover.machine->cluster->chip[chip];
	struct altered a = {.from = program_source(events), .chip = c};
	const struct trace_source from = {.rows_of = rows_of, .ctx = &a};

	a.rows = a.from.rows_of(a.from.ctx, c);
	a.row = random_below(s, a.rows.n);
	a.column = (unsigned)random_below(s, c->main_width);
	ok(failures(s, &from, NULL) > 0, "%s, row %zu, column %u: seen",
	    c->name, a.row, a.column);
}

static void
check(struct subject *s)
{
	const struct row_events events = {&s->program, &s->index, s->memory.v};
	const struct trace_source from = program_source(&events);
	unsigned n = s->prover.machine->nchips;

	is_int(failures(s, &from, stderr), 0, "every row holds, and all messages "
	    "cancel");
	/* The column of MemoryConst holds nothing. */
	for (size_t i = 0; i < times(3, 200); i++)
		if (strcmp(s->prover.machine->chip[i % n].name, "MemoryConst"))
			alter(s, &events, (unsigned)(i % n));
}

static void
shrink(const struct recursion_proof *proof)
{
	struct subject s = {.prover = {.backend = &backend_cpu,
	    .params = &stark_shrink, .machine = air_machine_compress()}};
	digest root = recursion_vk_root();
	struct witness w = {0, 0, NULL};
	struct err e;

	program_shrink(&s.program);
	witness_compress(&w, &proof, 1, true, &root);
	if (ok(program_run(&s.memory, &s.program, &w, &e) == 0 &&
	    row_index_make(&s.index, &s.program, &e) == 0 &&
	    program_traces(&s.key, &s.program, &s.index, s.prover.machine,
	    s.prover.params, NULL, &e) == 0, "shrink is run")) {
		check(&s);
		setup_free(&s.key);
		row_index_free(&s.index);
		run_memory_free(&s.memory);
	}
	witness_free(&w);
	program_free(&s.program);
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
