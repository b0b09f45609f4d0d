/*
 * The recursion machines: which constraints, which interactions does a trace need?  And
 * it is proved as any other.  The traces are of a program that this test makes up and
 * runs, of some hundred random instructions of every kind; it balances, and every row
 * holds.  The wrap machine is proved with BN254's hash: at its own parameters that is 10^8
 * permutations, so that it has smaller tables here; with CHECK_LONG=1 these are larger,
 * and all else is its own.
 */
#include "air/recursion/chips.h"
#include "base/par.h"
#include "poly/hash.h"
#include "prover/prover.h"
#include "rows/poseidon2.h"
#include "stark/verify.h"
#include "test/lib/air_search.h"
#include "test/lib/air_sums.h"
#include "test/lib/stark_vectors.h"

#define MAX_CHIPS 16
#define MAX_TRACE 512		/* rows of a chip */
#define MAX_WORDS 8192
#define ROUNDS 60
#define DIGEST 8

/* ---- memory, and rows ---- */

enum type { FELT, BIT, BLOCK };

/* Written once; *reads is the multiplicity of its write. */
struct word { ef value; enum type type; kb *reads; };

struct trace {
	const struct air_chip *chip;
	unsigned n;
	kb *row;		/* main, then preprocessed cells */
};

struct program {
	const struct air_machine *machine;
	unsigned nwords, ntraces;
	struct word word[MAX_WORDS];
	struct trace trace[MAX_CHIPS];
	kb pv[AIR_PUBLIC_VALUES];
};

static bool
has(const struct program *p, const char *chip)
{
	return air_chip_by_name(p->machine, chip, strlen(chip)) != NULL;
}

/* A row of zeros; *prep points to its preprocessed cells. */
static void *
new_row(struct program *p, const char *chip, void *prep)
{
	struct trace *t = p->trace;
	const struct air_chip *c;
	kb *row;

	while (t < p->trace + p->ntraces && strcmp(t->chip->name, chip))
		t++;
	if (t == p->trace + p->ntraces) {
		must(p->ntraces++ < MAX_CHIPS);
		t->chip = air_chip_by_name(p->machine, chip, strlen(chip));
		must(t->chip);
		t->row = poly_get(MAX_TRACE * (t->chip->main_width +
		    t->chip->prep_width), sizeof *t->row);
	}
	c = t->chip;
	must(t->n < MAX_TRACE);
	row = t->row + t->n++ * (c->main_width + c->prep_width);
	*(kb **)prep = row + c->main_width;
	return row;
}

static kb
put_word(struct program *p, ef x, enum type type, kb *reads)
{
	must(p->nwords < MAX_WORDS);
	p->word[p->nwords] = (struct word){x, type, reads};
	return kb_from(p->nwords++);
}

/* Reads any word of the type: a BIT is a FELT too, and each is a BLOCK. */
static kb
take_word(struct program *p, enum type type, ef *x)
{
	for (;;) {
		struct word *w = &p->word[search_rnd() % p->nwords];

		if (!w->reads || (type == BIT && w->type != BIT) ||
		    (type == FELT && w->type == BLOCK))
			continue;
		*w->reads = kb_add(*w->reads, KB_ONE);
		*x = w->value;
		return kb_from((uint32_t)(w - p->word));
	}
}

static kb
take_felt(struct program *p, enum type type, kb *x)
{
	ef v;
	kb addr = take_word(p, type, &v);

	*x = v.c[0];
	return addr;
}

static kb
take_block(struct program *p, struct block *b)
{
	ef v;
	kb addr = take_word(p, BLOCK, &v);

	memcpy(b->c, v.c, sizeof v.c);
	return addr;
}

static ef
block_ef(const struct block *b)
{
	ef x;

	memcpy(x.c, b->c, sizeof x.c);
	return x;
}

static ef
random_ef(void)
{
	ef x;

	search_random(x.c, 4);
	return x;
}

/* ---- instructions ---- */

static void
constant(struct program *p, ef x, enum type type)
{
	struct memory_const_prep *k;

	new_row(p, "MemoryConst", &k);
	memcpy(k->value.c, x.c, sizeof x.c);
	k->access.addr = put_word(p, x, type, &k->access.mult);
}

/* Hints: what the prover chooses. */
static void
variables(struct program *p)
{
	unsigned n = has(p, "ExtFeltConvert") ? 1 : 2;
	struct mem_access *k;
	struct block *m = new_row(p, "MemoryVar", &k);

	for (unsigned i = 0; i < n; i++) {
		ef x = random_ef();

		memcpy(m[i].c, x.c, sizeof x.c);
		k[i].addr = put_word(p, x, BLOCK, &k[i].mult);
	}
}

static void
base_alu(struct program *p)
{
	struct base_alu_prep *k;
	struct base_alu_cols *m = new_row(p, "BaseAlu", &k);

	k->addr.in1 = take_felt(p, FELT, &m->in1);
	k->addr.in2 = take_felt(p, FELT, &m->in2);
	switch (m->in2.v ? search_rnd() % 4 : search_rnd() % 3) {
	case 0:
		k->is_add = KB_ONE;
		m->out = kb_add(m->in1, m->in2);
		break;
	case 1:
		k->is_sub = KB_ONE;
		m->out = kb_sub(m->in1, m->in2);
		break;
	case 2:
		k->is_mul = KB_ONE;
		m->out = kb_mul(m->in1, m->in2);
		break;
	default:
		k->is_div = KB_ONE;
		m->out = kb_mul(m->in1, kb_inv(m->in2));
	}
	k->addr.out = put_word(p, ef_from_kb(m->out), FELT, &k->mult);
}

/* of: a block at address addr, or NULL: any. */
static void
ext_alu(struct program *p, const ef *of, kb addr)
{
	struct ext_alu_prep *k;
	struct ext_alu_cols *m = new_row(p, "ExtAlu", &k);
	ef x, y, z;

	k->addr.in2 = take_block(p, &m->in2);
	if (of) {
		memcpy(m->in1.c, of->c, sizeof of->c);
		k->addr.in1 = addr;
	} else {
		k->addr.in1 = take_block(p, &m->in1);
	}
	x = block_ef(&m->in1);
	y = block_ef(&m->in2);
	switch (sums_balance(y) ? search_rnd() % 3 : search_rnd() % 4) {
	case 0:
		k->is_add = KB_ONE;
		z = ef_add(x, y);
		break;
	case 1:
		k->is_sub = KB_ONE;
		z = ef_sub(x, y);
		break;
	case 2:
		k->is_mul = KB_ONE;
		z = ef_mul(x, y);
		break;
	default:
		k->is_div = KB_ONE;
		z = ef_mul(x, ef_inv(y));
	}
	memcpy(m->out.c, z.c, sizeof z.c);
	k->addr.out = put_word(p, z, BLOCK, &k->mult);
}

/* A block into elements: it is read once, each of them as often as they are. */
static void
convert(struct program *p)
{
	struct ext_felt_prep *k;
	struct ext_felt_cols *m = new_row(p, "ExtFeltConvert", &k);

	k->addr[0] = take_block(p, &m->input);
	k->mult[0] = KB_ONE;
	for (int i = 0; i < 4; i++)
		k->addr[1 + i] = put_word(p, ef_from_kb(m->input.c[i]), FELT,
		    &k->mult[1 + i]);
}

/* What writes with a flag is read once. */
static void
write_once(struct program *p, kb *addr, const kb *x)
{
	ef v;

	memcpy(v.c, x, sizeof v.c);
	*addr = put_word(p, v, BLOCK, NULL);
	ext_alu(p, &v, *addr);
}

static void
linear_layer(struct program *p)
{
	struct poseidon2_linear_prep *k;
	struct poseidon2_linear_cols *m = new_row(p, "Poseidon2LinearLayer", &k);
	kb s[16];

	for (int i = 0; i < 4; i++) {
		k->input[i] = take_block(p, &m->input[i]);
		memcpy(s + 4 * i, m->input[i].c, 4 * sizeof *s);
	}
	if (search_rnd() % 2) {
		k->external = KB_ONE;
		poseidon2_external(s);
	} else {
		k->internal = KB_ONE;
		poseidon2_internal(s);
	}
	for (int i = 0; i < 4; i++)
		write_once(p, &k->output[i], s + 4 * i);
}

static void
sbox(struct program *p)
{
	struct poseidon2_sbox_prep *k;
	struct poseidon2_sbox_cols *m = new_row(p, "Poseidon2SBox", &k);
	bool external = search_rnd() % 2;
	kb out[4];

	k->input = take_block(p, &m->input);
	for (int i = 0; i < 4; i++) {
		kb x = m->input.c[i];

		m->output.c[i] = kb_mul(kb_mul(x, x), x);
		out[i] = external || i == 0 ? m->output.c[i] : x;
	}
	k->external = external ? KB_ONE : KB_ZERO;
	k->internal = external ? KB_ZERO : KB_ONE;
	write_once(p, &k->output, out);
}

static void
permutation(struct program *p)
{
	struct poseidon2_wide_prep *k;
	struct poseidon2_wide_cols *m = new_row(p, "Poseidon2WideDeg3", &k);
	kb in[16];

	for (int i = 0; i < 16; i++)
		k->input[i] = take_felt(p, FELT, &in[i]);
	fill_poseidon2(&m->rounds, in);
	for (int i = 0; i < 16; i++)
		k->output[i].addr = put_word(p,
		    ef_from_kb(m->rounds.output_state[i]), FELT,
		    &k->output[i].mult);
	k->is_real = KB_ONE;
}

static void
prefix_sum(struct program *p)
{
	struct prefix_sum_prep *k;
	struct prefix_sum_cols *m = new_row(p, "PrefixSumChecks", &k);
	ef x1, x2, t;

	k->x1 = take_felt(p, BIT, &m->x1);
	k->x2 = take_block(p, &m->x2);
	k->acc = take_block(p, &m->acc);
	k->felt_acc = take_felt(p, FELT, &m->felt_acc);
	k->is_real = KB_ONE;
	x1 = ef_from_kb(m->x1);
	x2 = block_ef(&m->x2);
	t = ef_mul(x1, x2);
	t = ef_add(ef_sub(EF_ONE, ef_add(x1, x2)), ef_add(t, t));
	t = ef_mul(block_ef(&m->acc), t);
	memcpy(m->new_acc.c, t.c, sizeof t.c);
	m->felt_new_acc = kb_add(m->x1, kb_add(m->felt_acc, m->felt_acc));
	k->new_acc.addr = put_word(p, t, BLOCK, &k->new_acc.mult);
	k->felt_new_acc.addr = put_word(p, ef_from_kb(m->felt_new_acc), FELT,
	    &k->felt_new_acc.mult);
}

static void
select_one(struct program *p)
{
	struct select_prep *k;
	struct select_cols *m = new_row(p, "Select", &k);

	k->is_real = KB_ONE;
	k->addr.bit = take_felt(p, BIT, &m->bit);
	k->addr.in1 = take_felt(p, FELT, &m->in1);
	k->addr.in2 = take_felt(p, FELT, &m->in2);
	m->out1 = m->bit.v ? m->in2 : m->in1;
	m->out2 = m->bit.v ? m->in1 : m->in2;
	k->addr.out1 = put_word(p, ef_from_kb(m->out1), FELT, &k->mult1);
	k->addr.out2 = put_word(p, ef_from_kb(m->out2), FELT, &k->mult2);
}

static void
commit(struct program *p, unsigned i)
{
	struct public_values_prep *k;
	struct public_values_cols *m = new_row(p, "PublicValues", &k);

	k->index[i] = KB_ONE;
	k->access.addr = take_felt(p, FELT, &m->element);
	k->access.mult = KB_ONE;
	p->pv[RECURSION_PV_DIGEST + i] = m->element;
}

static void
run(struct program *p)
{
	static const struct {
		const char *chip;
		void (*one)(struct program *p);
	} all[] = {
		{"BaseAlu", base_alu}, {"Select", select_one},
		{"MemoryVar", variables}, {"ExtFeltConvert", convert},
		{"Poseidon2LinearLayer", linear_layer}, {"Poseidon2SBox", sbox},
		{"Poseidon2WideDeg3", permutation},
		{"PrefixSumChecks", prefix_sum},
	};

	for (uint32_t i = 0; i < 6; i++)
		constant(p, ef_from_kb(kb_from(i % 2)), BIT);
	for (int i = 0; i < 6; i++) {
		constant(p, ef_from_kb(search_rnd_kb()), FELT);
		constant(p, random_ef(), BLOCK);
	}
	for (unsigned i = 0; i < ROUNDS; i++) {
		for (unsigned k = 0; k < sizeof all / sizeof *all; k++)
			if (has(p, all[k].chip))
				all[k].one(p);
		ext_alu(p, NULL, KB_ZERO);
	}
	for (unsigned i = 0; i < DIGEST; i++)
		commit(p, i);
}

/* ---- ---- */

static void
test_interactions(const struct program *p, const char *name)
{
	ef all = EF_ZERO;
	unsigned n = 0, missed = 0;

	for (unsigned i = 0; i < p->ntraces; i++) {
		const struct trace *t = &p->trace[i];
		const struct air_chip *c = t->chip;
		unsigned width = c->main_width + c->prep_width;
		struct sums s;

		sums_init(&s, c);
		for (unsigned k = 0; k < t->n; k++)
			sums_add(&s, t->row + k * width,
			    t->row + k * width + c->main_width);
		all = ef_add(all, sums_take(&s));
		for (unsigned k = 0; k < c->nsends + c->nreceives; k++, n++)
			if (!s.needed[k]) {
				diag("%s: interaction %u is not missed",
				    c->name, k);
				missed++;
			}
		sums_free(&s);
	}
	ok(sums_balance(all), "%s: a program of %u words balances", name,
	    p->nwords);
	ok(missed == 0 && p->ntraces == p->machine->nchips,
	    "%s: without any one of the %u interactions of %u chips it does not",
	    name, n, p->ntraces);
}

static void
test_constraints(const struct program *p, struct tally *sum)
{
	for (unsigned i = 0; i < p->ntraces; i++) {
		const struct trace *t = &p->trace[i];
		unsigned zero = 0;
		struct subject s;
		kb *zeros;

		if (t->chip->nconstraints == 0)
			continue;
		zeros = poly_get(t->chip->main_width + t->chip->prep_width,
		    sizeof *zeros);
		/* x^3 - x^3, as the stock chip has it */
		if (!strcmp(t->chip->name, "Poseidon2WideDeg3"))
			zero = 1;
		subject_init(&s, t->chip, NULL, NULL);
		for (unsigned k = 0; k < t->n; k++)
			subject_offer(&s, t->row + k * s.width, p->pv);
		if (strcmp(t->chip->name, "Poseidon2WideDeg3"))
			subject_offer(&s, zeros, p->pv);
		subject_search(&s, NULL, 0);
		subject_report(&s, zero, sum);
		subject_free(&s);
		free(zeros);
	}
}

/* ---- proofs ---- */

/* The rows of the chip. */
static const struct trace *
trace_of(const struct program *p, const struct air_chip *c)
{
	for (unsigned i = 0; i < p->ntraces; i++)
		if (p->trace[i].chip == c)
			return &p->trace[i];
	must(0);
}

/* Columns first, first + 1 .. first + n of the rows. */
static kb *
put_columns(kb *out, const struct trace *t, unsigned first, unsigned n)
{
	unsigned width = t->chip->main_width + t->chip->prep_width;

	for (unsigned j = first; j < first + n; j++)
		for (unsigned r = 0; r < t->n; r++)
			*out++ = t->row[r * width + j];
	return out;
}

static size_t
whole_columns(size_t area, const struct stark_params *params)
{
	size_t n = (size_t)1 << params->log_stack;

	return (area + n - 1) / n * n;
}

static void
make_key(struct proving_key *k, const struct program *p,
    const struct stark_params *params)
{
	const struct air_cluster *c = p->machine->cluster;
	size_t width[MAX_CHIPS];
	struct err e;
	kb *at;

	memset(k, 0, sizeof *k);
	k->rows = poly_get(c->nchips, sizeof *k->rows);
	for (unsigned i = 0; i < c->nchips; i++) {
		const struct air_chip *a = c->chip[i];

		if (!a->prep_width)
			continue;
		k->rows[k->nprep] = trace_of(p, a)->n;
		width[k->nprep] = a->prep_width;
		k->prep_area += k->rows[k->nprep++] * a->prep_width;
	}
	k->prep = at = poly_get(whole_columns(k->prep_area, params), sizeof *at);
	for (unsigned i = 0; i < c->nchips; i++)
		at = put_columns(at, trace_of(p, c->chip[i]),
		    c->chip[i]->main_width, c->chip[i]->prep_width);
	must(setup_commit(k, params, width, &e) == 0);
}

static void
copy_row(const void *events, size_t i, kb *row)
{
	const struct trace *t = events;
	unsigned width = t->chip->main_width;

	memcpy(row, t->row + i * (width + t->chip->prep_width),
	    width * sizeof *row);
}

static struct trace_rows
rows_of(const void *ctx, const struct air_chip *c)
{
	const struct trace *t = trace_of(ctx, c);

	return (struct trace_rows){.events = t, .row = copy_row, .n = t->n};
}

static void
make_trace(struct shard_trace *t, const struct prover *prover,
    const struct program *p)
{
	const struct trace_source from = {.rows_of = rows_of, .ctx = p};
	const struct air_cluster *c = p->machine->cluster;
	struct trace_shape s = {.machine = p->machine, .cluster = c};
	struct trace_miss miss;
	struct err e;

	memcpy(s.public_values, p->pv, sizeof s.public_values);
	s.rows = poly_get(c->nchips, sizeof *s.rows);
	for (unsigned i = 0; i < c->nchips; i++) {
		s.rows[i] = trace_of(p, c->chip[i])->n;
		s.area += s.rows[i] * c->chip[i]->main_width;
	}
	must(trace_make(t, prover, s, &from, &miss, &e) == 0);
}

/* A trace of the program with this cell altered, which is as it was afterwards. */
static void
make_altered(struct shard_trace *t, const struct prover *prover,
    const struct program *p, kb *cell)
{
	kb x = *cell;

	*cell = kb_add(x, KB_ONE);
	make_trace(t, prover, p);
	*cell = x;
}

static void
test_proof(const struct program *p, const struct stark_params *params,
    const char *name)
{
	const struct prover prover = {.backend = &backend_cpu,
	    .params = params, .machine = p->machine};
	struct proving_key key;
	struct shard_trace t;
	struct shard_proof proof;
	struct arena a;
	struct err e = {0};

	arena_init(&a, 0);
	make_key(&key, p, params);
	make_trace(&t, &prover, p);
	if (!ok(prove_shard(&proof, &a, &prover, &key, &t, &e) == 0 &&
	    verify_shard(params, p->machine, &key.vk, &proof, &e) == 0,
	    "%s: proved, and verified", name))
		diag("%s", e.msg);
	key.vk.pc_start[0] = KB_ONE;
	ok(verify_shard(params, p->machine, &key.vk, &proof, &e) < 0,
	    "%s: not with another program's key", name);
	trace_free(&t);
	make_altered(&t, &prover, p,
	    trace_of(p, p->machine->cluster->chip[0])->row);
	ok(prove_shard(&proof, &a, &prover, &key, &t, &e) < 0 &&
	    e.status == EX_SOFTWARE, "%s: a cell altered: %s", name, e.msg);
	setup_free(&key);
	trace_free(&t);
	arena_free(&a);
}

int
main(void)
{
	static struct program compress, wrap;
	struct stark_params small;
	struct tally sum = {0};

	compress.machine = air_machine_compress();
	wrap.machine = air_machine_wrap();
	run(&compress);
	test_interactions(&compress, "compress");
	test_constraints(&compress, &sum);
	run(&wrap);
	test_interactions(&wrap, "wrap");
	test_constraints(&wrap, &sum);
	tally_report(&sum, compress.ntraces + wrap.ntraces);
	par_start(0);
	test_proof(&compress, &stark_compress, "compress");
	test_proof(&compress, &stark_shrink, "shrink");
	small = stark_wrap;
	small.log_stack = 11;
	small.pow_bits = 8;
	test_proof(&wrap, &small, "wrap");
	if (times(0, 1)) {
		small = stark_wrap;
		small.log_stack -= 4;
		test_proof(&wrap, &small, "wrap, larger");
	}
	return done_testing();
}
