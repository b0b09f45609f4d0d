/*
 * Traces of programs' runs over real proofs: every constraint holds in every row, and all
 * messages cancel.  An error of one cell is found, and told with its chip, row and
 * instruction (test/lib/cell_errors.h), or is where nothing reads it, for a reason that is
 * given here.  Of wrap, which has no small proof, the trace of one permutation.
 * CHECK_LONG=1: compose too, 200 that are found of each.
 */
#include <ctype.h>

#include "air/air.h"
#include "recursion/circuit.h"
#include "recursion/node.h"
#include "recursion/setup.h"
#include "recursion/trace.h"
#include "recursion/witness.h"
#include "stark/params.h"
#include "stark/recursion_keys.h"
#include "test/lib/cell_errors.h"
#include "test/lib/recursion_text.h"
#include "test/lib/stark_vectors.h"

/* ---- where nothing reads a cell ---- */

struct free_cell {
	const char *chip, *column;	/* the column's name begins so; NULL: any */
	bool (*where)(const struct cell_place *p);
	const char *why;
};

static bool
is_padding(const struct cell_place *p)
{
	return p->row >= p->real;
}

static bool
everywhere(const struct cell_place *p)
{
	return true;
}

/* Of the preprocessed cells, which columns, ending with a division's, are before the last. */
static bool
is_zero_by_zero(const struct cell_place *p)
{
	unsigned n = p->chip->prep_width, w = p->chip->main_width / 3;
	bool zero = true;

	for (unsigned i = 0; i < w; i++)
		zero = zero && p->main[2 * w + i].v == 0;
	return zero && kb_eq(p->prep[n - 2], KB_ONE) && p->prep[n - 1].v == 0;
}

/* Address and reads of each block. */
static bool
is_unread(const struct cell_place *p)
{
	return p->prep[2 * (p->cell / 4) + 1].v == 0;
}

static const struct free_cell free_cells[] = {
	{"MemoryConst", NULL, everywhere,
	    "constants are in preprocessed columns, and this is none"},
	{"BaseAlu", NULL, is_padding, "of no instruction"},
	{"ExtAlu", NULL, is_padding, "of no instruction"},
	{"MemoryVar", NULL, is_padding, "of no instruction"},
	{"PrefixSumChecks", NULL, is_padding, "of no instruction"},
	{"PublicValues", NULL, is_padding, "of no instruction"},
	{"Select", NULL, is_padding, "of no instruction"},
	{"ExtFeltConvert", NULL, is_padding, "of no instruction"},
	{"Poseidon2LinearLayer", NULL, is_padding, "of no instruction"},
	{"Poseidon2SBox", NULL, is_padding, "of no instruction"},
	{"BaseAlu", "out", is_zero_by_zero, "0 / 0, an assertion's"},
	{"ExtAlu", "out", is_zero_by_zero, "0 / 0, an assertion's"},
	{"MemoryVar", NULL, is_unread, "a hint that no instruction reads"},
};
#define NFREE (sizeof free_cells / sizeof *free_cells)
static unsigned nfree[NFREE];		/* errors there */

static bool
may_be_free(const void *ctx, const struct cell_place *p)
{
	char name[128];

	air_column_name(p->chip, p->cell, name, sizeof name);
	for (size_t i = 0; i < NFREE; i++) {
		const struct free_cell *f = &free_cells[i];

		if (!strcmp(f->chip, p->chip->name) && f->where(p) &&
		    (!f->column || !strncmp(f->column, name, strlen(f->column)))) {
			nfree[i]++;
			return true;
		}
	}
	return false;
}

static void
tell_free(void)
{
	for (size_t i = 0; i < NFREE; i++) {
		const struct free_cell *f = &free_cells[i];

		if (nfree[i] > 0)
			diag("free: %u in %s%s%s: %s", nfree[i], f->chip,
			    f->column ? " " : "", f->column ? f->column : "",
			    f->why);
	}
}

/* ---- a run ---- */

struct subject {
	struct prover prover;
	struct proving_key key;
	struct program program;
	struct row_index index;
	struct run_memory memory;
	struct shard_trace trace;
};

static size_t
real_rows(const void *ctx, const struct air_chip *c)
{
	return row_index_filled(&((const struct subject *)ctx)->index, c);
}

static void
make(struct subject *s, const struct witness *w)
{
	struct err e;

	must(program_run(&s->memory, &s->program, w, &e) == 0 &&
	    row_index_make(&s->index, &s->program, &e) == 0 &&
	    program_traces(&s->key, &s->program, &s->index, s->prover.machine,
	    s->prover.params, NULL, &e) == 0 &&
	    program_trace(&s->trace, &s->prover, &s->key, &s->program, &s->index,
	    &s->memory, &e) == 0);
}

/* The place of an address among a chip's preprocessed cells. */
static unsigned
address_cell(const struct air_chip *c)
{
	static const struct { const char *chip; unsigned cell; } at[] = {
		{"MemoryConst", 4}, {"PublicValues", 8}, {"Select", 1}
	};

	for (unsigned i = 0; i < sizeof at / sizeof *at; i++)
		if (!strcmp(at[i].chip, c->name))
			return at[i].cell;
	return 0;
}

/* Whether the line has the number, by itself. */
static bool
has_number(const char *line, uint32_t x)
{
	char want[16];
	size_t n = (size_t)snprintf(want, sizeof want, "%u", x);

	for (const char *s = line; (s = strstr(s, want)) != NULL; s += n)
		if (s > line && !isdigit(s[-1]) && !isdigit(s[n]))
			return true;
	return false;
}

/* The instruction that a row is said to be of has an address of the row. */
static bool
origin_is_right(const struct subject *s, const struct air_origin *origin,
    const struct air_chip *c, size_t row, uint32_t addr)
{
	char got[1024];
	FILE *f = fmemopen(got, sizeof got, "w");
	struct text t = {NULL, 0, 0};
	size_t k;
	bool good;

	must(f);
	origin->print(origin->ctx, c, row, f);
	fclose(f);
	good = sscanf(got, " (instruction %zu: ", &k) == 1 &&
	    k < program_length(&s->program) &&
	    has_number(text_line(&t, &s->program, k), addr);
	if (!good)
		diag("%s row %zu, address %u:%s", c->name, row, addr, got);
	free(t.s);
	return good;
}

static void
origins(const struct subject *s, const struct air_origin *origin, const char *name)
{
	const struct air_machine *m = s->prover.machine;
	const kb *prep = s->key.prep;
	unsigned wrong = 0, n = 0;

	for (unsigned i = 0; i < m->nchips; i++) {
		const struct air_chip *c = &m->chip[i];
		const kb *addr = prep + address_cell(c) * s->key.rows[i];
		size_t real = real_rows(s, c);

		for (size_t row = 0; row < real; row += 1 + (real - 1) / 4, n++)
			wrong += !origin_is_right(s, origin, c, row,
			    kb_to(addr[row]));
		prep += c->prep_width * s->key.rows[i];
	}
	ok(wrong == 0 && n > m->nchips, "%s: the instructions of %u rows", name, n);
}

/* Errors until so many are found; the first `whole` are told to trace_debug() too. */
static void
errors(struct subject *s, struct witness *w, const char *name, size_t n,
    size_t whole)
{
	const struct row_events events = {.p = &s->program, .x = &s->index};
	const struct air_origin origin = row_origin(&events);
	const struct cell_trace t = {.trace = &s->trace, .key = &s->key,
	    .origin = &origin, .ctx = s, .real_rows = real_rows,
	    .may_be_free = may_be_free};
	struct cell_tally sum = {0};
	size_t made = 0;

	make(s, w);
	is_int(trace_debug(&s->trace, &s->key, NULL, stdout), 0,
	    "%s: every row holds, and all messages cancel", name);
	origins(s, &origin, name);
	memset(cell_errors, 0, sizeof cell_errors);
	for (; sum.constraint + sum.balance < n && sum.wrong == 0; made++)
		cell_error(&t, &sum, made < whole);
	ok(sum.wrong == 0, "%s, %zu errors: %u break a constraint, %u the balance, "
	    "%u are in cells that nothing reads, %u in idle Booleans; %u told to the "
	    "whole debugger", name, made, sum.constraint, sum.balance, sum.unread,
	    sum.idle, sum.whole);
	for (unsigned i = 0; i < s->prover.machine->nchips; i++)
		if (cell_errors[i] == 0)
			ok(0, "%s: no error in %s", name,
			    s->prover.machine->chip[i].name);
	trace_free(&s->trace);
	setup_free(&s->key);
	row_index_free(&s->index);
	run_memory_free(&s->memory);
	program_free(&s->program);
	witness_free(w);
}

static void
normalize(void)
{
	struct subject s = {.prover = {.backend = &backend_cpu,
	    .params = &stark_compress, .machine = air_machine_compress()}};
	struct witness w = {0};
	struct node_shape shape;
	struct test_proof t;
	struct err e;

	must(stock_proof(&t, "fib-20", "fib", &e) == 0);
	shape = node_shape_of(&t.p.shard[0]);
	program_normalize(&s.program, shape.cluster, shape.prep_multiple,
	    shape.main_multiple);
	witness_normalize(&w, &(struct normalize_witness){
		.vk = &t.vk, .proof = &t.p.shard[0],
		.vk_root = recursion_vk_root(), .is_complete = true});
	test_proof_free(&t);
	errors(&s, &w, "normalize", times(64, 200), times(2, 16));
}

static void
compose(void)
{
	struct subject s = {.prover = {.backend = &backend_cpu,
	    .params = &stark_compress, .machine = air_machine_compress()}};
	const struct recursion_proof *proof;
	digest root = recursion_vk_root();
	struct test_compressed t;
	struct witness w = {0};

	test_compressed_read(&t, MADE_COMPRESSED);
	proof = &t.p.proof;
	program_compose(&s.program, 1);
	witness_compress(&w, &proof, 1, true, &root);
	test_compressed_free(&t);
	errors(&s, &w, "compose", 200, 8);
}

/* A permutation of what is hinted, and a choice, in the machine of wrap. */
static void
wrap(void)
{
	struct subject s = {.prover = {.backend = &backend_cpu,
	    .params = &stark_wrap, .machine = air_machine_wrap()}};
	felt in[16], out[16], public_values[STARK_PUBLIC_VALUES];
	struct witness w = {0};
	struct circuit c;
	kb v[16];

	program_init(&s.program);
	circuit_init(&c, &s.program, true);
	for (int i = 0; i < 16; i++) {
		v[i] = kb_from((uint32_t)(i < 1 ? 1 : 1000003 * i));
		in[i] = hint_felt(&c);
	}
	permute(&c, out, in);
	select_pair(&c, out, in[0], (felt[2]){out[0], out[1]});
	out[0] = f_eval(&c, f_add(&c, f_var(out[0]), f_var(out[1])));
	for (int i = 0; i < STARK_PUBLIC_VALUES; i++)
		public_values[i] = out[i % 16];
	commit(&c, public_values);
	circuit_free(&c);
	witness_felts(&w, v, 16);
	errors(&s, &w, "wrap", times(64, 200), times(64, 200));
}

int
main(void)
{
	wrap();
	normalize();
	if (times(0, 1))
		compose();
	tell_free();
	return done_testing();
}
