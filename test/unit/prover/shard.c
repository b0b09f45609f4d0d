/*
 * Shards that no stock prover makes: heights of any parity, which the verifier takes;
 * traces that are wrong, which the prover refuses and names.  Stacked columns are short here,
 * so that hashing them is little.
 */
#include "base/par.h"
#include "stark/verify.h"
#include "test/lib/halt.h"

static const struct air_machine *m;
static struct stark_params params;
static struct prover prover = {.backend = &backend_cpu, .params = &params};
static struct proving_key key;

/* Rows that halt needs, of the chips whose other rows only pad. */
static const struct { const char *chip; size_t rows; } needed[] = {
	{"Addi", 39}, {"Addw", 8}, {"Branch", 8}, {"MemoryBump", 0},
	{"MemoryGlobalInit", 5}, {"MemoryLocal", 5}, {"ShiftLeft", 2},
	{"StateBump", 0}, {"SyscallInstrs", 17}, {"UType", 8}
};

/* halt with heights rounded up to a multiple of `unit` only. */
static void
cut(struct halt *h, size_t unit)
{
	must(halt_read(h, m) == 0);
	for (size_t c = 0; c < h->cluster->nchips; c++) {
		const struct air_chip *a = h->cluster->chip[c];
		size_t rows = h->chip[c].rows, keep = rows;
		kb *to = h->chip[c].column, *from = to;

		for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
			if (!strcmp(a->name, needed[i].chip) && rows)
				keep = (needed[i].rows + unit - 1) / unit * unit;
		for (unsigned j = 0; j < a->main_width; j++, from += rows) {
			memmove(to, from, keep * sizeof *to);
			to += keep;
		}
		h->chip[c].rows = keep;
	}
}

static void
test_heights(size_t unit)
{
	struct shard_trace t;
	struct shard_proof p;
	struct arena a;
	struct halt h;
	struct err e;
	int r;

	cut(&h, unit);
	halt_make(&t, &prover, &h);
	arena_init(&a, 0);
	r = prove_shard(&p, &a, &prover, &key, &t, &e);
	if (ok(r == 0, "heights of multiples of %zu: proved", unit))
		r = verify_shard(&params, m, &key.vk, &p, &e);
	if (!ok(r == 0, "heights of multiples of %zu: verified", unit))
		diag("%s", e.msg);
	arena_free(&a);
	trace_free(&t);
	free(h.main);
}

/* A main column of the chip that takes part in no interaction, or in some. */
static unsigned
find_column(const struct air_chip *c, bool bus)
{
	bool used[512] = {false};

	for (unsigned i = 0; i < c->nsends + c->nreceives; i++) {
		const struct air_interaction *it = &c->interaction[i];

		for (unsigned k = 0; k < it->mult.n; k++)
			used[it->mult.term[k].col] = true;
		for (unsigned v = 0; v < it->nvalues; v++)
			for (unsigned k = 0; k < it->value[v].n; k++)
				used[it->value[v].term[k].col] = true;
	}
	for (unsigned j = 0; j < c->main_width; j++)
		if (used[j] == bus)
			return j;
	must(0);
}

static void
test_wrong(const char *chip, bool bus, size_t row, const char *want)
{
	struct shard_trace t;
	struct shard_proof p;
	struct halt_chip *c;
	struct arena a;
	struct halt h;
	struct err e = {0};
	kb *v;

	must(halt_read(&h, m) == 0);
	for (c = h.chip; strcmp(c->chip->name, chip);)
		must(++c < h.chip + h.cluster->nchips);
	v = c->column + find_column(c->chip, bus) * c->rows + row;
	*v = kb_add(*v, KB_ONE);
	halt_make(&t, &prover, &h);
	arena_init(&a, 0);
	ok(prove_shard(&p, &a, &prover, &key, &t, &e) < 0 &&
	    e.status == EX_SOFTWARE, "%s, row %zu altered: refused", chip, row);
	is_str(e.msg, want, "with the reason");
	arena_free(&a);
	trace_free(&t);
	free(h.main);
}

/* A trace and a key that do not go together. */
static void
test_layout(void)
{
	struct shard_trace t;
	struct shard_proof p;
	struct arena a;
	struct halt h;
	struct err e = {0};

	must(halt_read(&h, m) == 0);
	halt_make(&t, &prover, &h);
	arena_init(&a, 0);
	key.rows[1]++;
	ok(prove_shard(&p, &a, &prover, &key, &t, &e) < 0 &&
	    e.status == EX_SOFTWARE, "the key of a longer program: refused");
	key.rows[1]--;
	t.shape.area++;
	ok(prove_shard(&p, &a, &prover, &key, &t, &e) < 0 &&
	    e.status == EX_SOFTWARE, "another area than the tables': refused");
	arena_free(&a);
	trace_free(&t);
	free(h.main);
}

static int
short_key(const struct rv_program *p, struct err *e)
{
	size_t cols[3] = {7, 16, 2};

	params = stark_core;
	params.log_stack = 14;
	return setup_tables(&key, p, e) || setup_commit(&key, &params, cols, e);
}

int
main(void)
{
	struct rv_program program;
	struct err e;

	par_start(0);
	prover.machine = m = air_machine_riscv();
	if (!ok(rv_load_file(&program, "test/guest/halt.elf", &e) == 0 &&
	    short_key(&program, &e) == 0, "the key"))
		return done_testing();
	test_heights(1);
	test_heights(4);
	test_wrong("SyscallInstrs", false, 0,
	    "a constraint of SyscallInstrs does not hold");
	test_wrong("SyscallInstrs", false, 13,
	    "a constraint of SyscallInstrs does not hold");
	test_wrong("UType", true, 2, "the shard's interactions do not balance");
	test_layout();
	setup_free(&key);
	rv_free(&program);
	return done_testing();
}
