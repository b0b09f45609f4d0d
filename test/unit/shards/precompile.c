/*
 * Rows of the precompiles of curves, fields and 256-bit integers.
 *
 * Of each call that the guests make: all constraints hold, each lookup has a row in
 * its table, and the messages are those of the call and of its accesses, as the
 * machine recorded them.  Then the reverse: each column, altered, is noticed in some
 * row.  Of operands at the edges, and random ones, made up here: constraints and
 * lookups.  Whole traces, padding among them, by their SHA-256
 * (test/vectors/trace/precompiles.tsv, from the stock prover).
 */
#include <openssl/evp.h>

#include "rows/calls.h"
#include "rows/field_op.h"
#include "shards/reader.h"
#include "test/lib/rows.h"
#include "test/lib/run.h"
#include "test/lib/splitmix.h"
#include "test/lib/tap.h"

#define VECTORS "test/vectors/trace/precompiles.tsv"
#define MAX_WIDTH 4096
#define MAX_EVENTS 1024
#define MAX_ACCESSES 24

static const struct subject {
	const char *name;
	trace_call_fn *row;
	trace_pad_fn *pad;
	const struct field_params *field;
	uint32_t code[3];	/* of made-up calls; 0: none */
	unsigned naccess, nread;	/* nread at the call's clk, others after */
} subjects[] = {
#define SUBJECT(n, ...) {#n, trace_##n, pad_##n, __VA_ARGS__},
	SUBJECT(Secp256k1AddAssign, &field_secp256k1, {0x1010a}, 16, 8)
	SUBJECT(Secp256k1DoubleAssign, &field_secp256k1, {0x10b}, 8, 8)
	SUBJECT(Secp256r1AddAssign, &field_secp256r1, {0x1012c}, 16, 8)
	SUBJECT(Secp256r1DoubleAssign, &field_secp256r1, {0x12d}, 8, 8)
	SUBJECT(Bn254AddAssign, &field_bn254, {0x1010e}, 16, 8)
	SUBJECT(Bn254DoubleAssign, &field_bn254, {0x10f}, 8, 8)
	SUBJECT(Bls12381AddAssign, &field_bls12381, {0x1011e}, 24, 12)
	SUBJECT(Bls12381DoubleAssign, &field_bls12381, {0x11f}, 12, 12)
	SUBJECT(EdAddAssign, &field_ed25519, {0x10107}, 16, 8)
	SUBJECT(EdDecompress, &field_ed25519, {0}, 8, 4)
	SUBJECT(Bn254FpOpAssign, &field_bn254, {0x10126, 0x10127, 0x10128}, 8,
	    4)
	SUBJECT(Bn254Fp2AddSubAssign, &field_bn254, {0x10129, 0x1012a}, 16, 8)
	SUBJECT(Bn254Fp2MulAssign, &field_bn254, {0x1012b}, 16, 8)
	SUBJECT(Bls12381FpOpAssign, &field_bls12381,
	    {0x10120, 0x10121, 0x10122}, 12, 6)
	SUBJECT(Bls12381Fp2AddSubAssign, &field_bls12381, {0x10123, 0x10124},
	    24, 12)
	SUBJECT(Bls12381Fp2MulAssign, &field_bls12381, {0x10125}, 24, 12)
	SUBJECT(Uint256MulMod, &field_u256, {0x1011d}, 12, 8)
	SUBJECT(Uint256Ops, &field_u256, {0x10130, 0x10131}, 23, 7)
};
#define NSUBJECTS (sizeof subjects / sizeof *subjects)

struct state {
	const struct air_chip *chip;
	unsigned rows, failed, made, made_failed, refused, altered;
	uint8_t noticed[MAX_WIDTH];
	unsigned ntrace;	/* events of the run at hand */
	struct precompile_event trace[MAX_EVENTS];
};
static struct state states[NSUBJECTS];

static uint64_t seed = 1;

static uint64_t
rnd(void)
{
	return splitmix64(&seed);
}

/* ---- one row ---- */

/* Which columns does check_row watch in this row? */
static void
alter(struct state *s, kb *row, const struct expected *x)
{
	for (unsigned j = 0; j < s->chip->main_width; j++) {
		kb old = row[j];

		if (s->noticed[j])
			continue;
		row[j] = kb_add(old, KB_ONE);
		s->noticed[j] = check_row(s->chip, row, x) != NULL;
		row[j] = old;
	}
	s->altered++;
}

static void
explain(const struct state *s, const kb *row, const char *wrong)
{
	diag("%s: %s", s->chip->name, wrong);
	air_debug_row(s->chip, row, NULL, (kb[AIR_PUBLIC_VALUES]){{0}}, stdout);
}

static void
check_event(unsigned k, const struct precompile_event *e)
{
	static kb row[MAX_WIDTH];
	struct state *s = &states[k];
	struct expected x;
	const char *wrong;

	memset(row, 0, sizeof row);
	subjects[k].row(row, e, 0);
	expect(&x, e);
	wrong = check_row(s->chip, row, &x);
	if (wrong && s->failed++ < 3)
		explain(s, row, wrong);
	if (s->rows++ % 100 < 3)
		alter(s, row, &x);
}

/* ---- calls made up ---- */

/* An element: 0, 1, the modulus less 1, or any. */
static struct num
element(const struct field_params *f, unsigned choice)
{
	struct num m = field_modulus(f), one = num_small(1), x;

	switch (choice) {
	case 0:
		return num_small(0);
	case 1:
		return one;
	case 2:
		return num_sub(&m, &one);
	}
	for (int i = 0; i < FIELD_WORDS; i++)
		x.w[i] = rnd();
	return num_mod(&x, &m);
}

/* The time of access i after the call's: UINT256_*_CARRY goes on every four. */
static unsigned
offset_of(const struct subject *t, unsigned i)
{
	return i < t->nread ? 0 : t->naccess % 2 ? (i - t->nread) / 4 + 1 : 1;
}

/* x divided by 0 is claimed of x = 0 only: 3 x^2 + a, of no point of a curve */
static bool
flat(const struct field_params *f, const struct num *x)
{
	struct num m = field_modulus(f), a, three = num_small(3), zero = {{0}};
	struct num slope = num_mul_mod(x, x, &m);

	memcpy(a.w, f->coefficient, sizeof a.w);
	slope = num_mul_mod(&slope, &three, &m);
	a = num_sub_mod(&zero, &a, &m);
	slope = num_sub_mod(&slope, &a, &m);
	return num_is_zero(&slope);
}

/* No division by 0, and a quotient of 256 bits. */
static bool
provable(const struct subject *t, const struct rec_access *a)
{
	unsigned n = t->field->limbs / 8;
	struct num x = num_of_accesses(a, n), y = num_of_accesses(a + n, n);
	struct num m = field_modulus(t->field), z, diff;
	struct wide product = {{0}}, q;

	if (strstr(t->name, "DoubleAssign"))
		return !num_is_zero(&y) || flat(t->field, &x);
	z = num_of_accesses(a + 2 * n, n);
	if (strstr(t->name, "AddAssign") && t->field != &field_ed25519) {
		diff = num_sub_mod(&x, &z, &m);
		return !num_is_zero(&diff);
	}
	if (strcmp(t->name, "Uint256MulMod") || num_is_zero(&y))
		return true;
	/* accesses: y, the modulus, x */
	wide_add_mul(&product, &x, &z);
	wide_divide(&q, &product, &y);
	return !(q.w[4] | q.w[5] | q.w[6] | q.w[7]);
}

static void
make_up(unsigned k, unsigned round)
{
	const struct subject *t = &subjects[k];
	struct rec_access a[MAX_ACCESSES] = {{0}};
	struct precompile_event e = {.access = a};
	unsigned words = t->field->limbs / 8, first = 0, ncodes = 0;
	static kb row[MAX_WIDTH];
	const char *wrong;
	bool good;

	while (ncodes < 3 && t->code[ncodes])
		ncodes++;
	e.head = (struct rec_precompile){
		.clk = (rnd() >> 20 & ~7ull) | 1, .naccess = t->naccess,
		.code = t->code[round % ncodes],
		.arg1 = 0x10000 + 8 * (rnd() & 0xfffffff),
		.arg2 = 0xffffffff0000 + 8 * (rnd() & 15)
	};
	for (unsigned i = 0; i < t->naccess; i++) {
		a[i].ts = e.head.clk + offset_of(t, i);
		a[i].prev_ts = round % 2 ? rnd() % a[i].ts :
		    a[i].ts - 1 - rnd() % (a[i].ts & 0xffffff);
	}
	/* pointers in registers come first */
	for (first = 0; t->naccess % 2 && first < 3; first++)
		a[first].prev = a[first].value = e.head.arg1 + 32 * first;
	for (unsigned i = first; i < t->naccess; i += words) {
		unsigned choice = round >> i / words % 3 * 2 & 3;
		struct num x = element(t->field, round < 64 ? choice : 3);

		for (unsigned j = 0; j < words; j++)
			a[i + j].prev = x.w[j];
	}
	memset(row, 0, sizeof row);
	t->row(row, &e, 0);
	wrong = check_row(states[k].chip, row, NULL);
	good = provable(t, a);
	states[k].made++;
	states[k].refused += !good;
	if (!wrong == good || states[k].made_failed++ >= 3)
		return;
	if (wrong)
		explain(&states[k], row, wrong);
	else
		diag("%s: round %u is accepted", t->name, round);
}

/* ---- the guests ---- */

static int
subject_of(const struct precompile_event *e)
{
	const struct exec_call *c = precompile_of(e->head.code);

	for (unsigned k = 0; k < NSUBJECTS; k++)
		if (!strcmp(subjects[k].name, core_chips[c->chip].name))
			return (int)k;
	return -1;
}

static void
keep(unsigned k, const struct precompile_event *e)
{
	struct state *s = &states[k];
	struct precompile_event *to = &s->trace[s->ntrace];
	size_t size = e->head.naccess * sizeof *e->access;
	void *copy = malloc(size);

	must(copy && s->ntrace < MAX_EVENTS);
	memcpy(copy, e->access, size);
	*to = *e;
	to->access = copy;
	/* as stock has it: additions with carry come before products */
	while (!strcmp(subjects[k].name, "Uint256Ops") && to > s->trace &&
	    !(e->head.code & 1) && (to[-1].head.code & 1)) {
		struct precompile_event t = to[-1];

		to[-1] = *to;
		*to = t;
		to--;
	}
	s->ntrace++;
}

static void
trace_digest(unsigned k, size_t rows, char *out)
{
	const struct state *s = &states[k];
	static kb row[MAX_WIDTH];
	EVP_MD_CTX *h = EVP_MD_CTX_new();
	uint8_t d[32];

	must(h && EVP_DigestInit_ex(h, EVP_sha256(), NULL));
	for (size_t i = 0; i < rows; i++) {
		static uint32_t x[MAX_WIDTH];
		unsigned n = s->chip->main_width;

		memset(row, 0, sizeof row);
		if (i < s->ntrace)
			subjects[k].row(row, &s->trace[i], 0);
		else
			subjects[k].pad(NULL, i, row);
		for (unsigned j = 0; j < n; j++)
			x[j] = kb_to(row[j]);
		EVP_DigestUpdate(h, x, 4 * n);
	}
	EVP_DigestFinal_ex(h, d, NULL);
	EVP_MD_CTX_free(h);
	for (int i = 0; i < 32; i++)
		sprintf(out + 2 * i, "%02x", d[i]);
}

static void
compare_traces(const char *guest, const char *input)
{
	char g[32], in[32], chip[32], want[80], got[80];
	FILE *f = fopen(VECTORS, "r");
	size_t rows;

	if (!ok(f != NULL, "open %s", VECTORS))
		return;
	while (fscanf(f, "%31s %31s %31s %zu %79s", g, in, chip, &rows,
	    want) == 5) {
		if (strcmp(g, guest) || strcmp(in, input))
			continue;
		for (unsigned k = 0; k < NSUBJECTS; k++) {
			if (strcmp(chip, subjects[k].name))
				continue;
			trace_digest(k, rows, got);
			is_str(got, want, "%s of %s: %u rows and padding",
			    chip, guest, states[k].ntrace);
		}
	}
	fclose(f);
}

static void
check_guest(const char *guest, const char *input)
{
	struct record_reader r = {0};
	struct guest_run run;
	struct shard_events s;
	struct err e = {0};

	if (guest_run(&run, guest, input, 0, &e) < 0 ||
	    lseek(run.fd, 0, SEEK_SET) != 0 ||
	    record_open(&r, run.fd, &run.program, NULL, &e) < 0) {
		ok(0, "run %s on %s: %s", guest, input, e.msg);
		guest_end(&run);
		return;
	}
	while (record_next(&r, &s, &e) == 1) {
		for (size_t i = 0; i < s.nprecompile; i++) {
			int k = subject_of(&s.precompile[i]);

			if (k < 0)
				continue;
			check_event((unsigned)k, &s.precompile[i]);
			keep((unsigned)k, &s.precompile[i]);
		}
		shard_events_free(&s);
	}
	record_close(&r);
	guest_end(&run);
	compare_traces(guest, input);
	for (unsigned k = 0; k < NSUBJECTS; k++) {
		while (states[k].ntrace)
			free((void *)(uintptr_t)
			    states[k].trace[--states[k].ntrace].access);
	}
}

static void
report(unsigned k)
{
	static const struct expected none;
	const struct state *s = &states[k];
	static kb row[MAX_WIDTH];
	const char *wrong;
	unsigned unseen = 0;
	char name[128];

	ok(s->rows && !s->failed, "%s: %u of %u calls' rows hold",
	    s->chip->name, s->rows - s->failed, s->rows);
	if (subjects[k].code[0])
		ok(!s->made_failed, "%s: %u made-up rows hold, %u without a "
		    "proof do not", s->chip->name, s->made - s->refused,
		    s->refused);
	for (unsigned j = 0; j < s->chip->main_width; j++) {
		if (s->noticed[j])
			continue;
		air_column_name(s->chip, j, name, sizeof name);
		diag("%s: nothing binds %s", s->chip->name, name);
		unseen++;
	}
	ok(!unseen, "%s: each of %u columns altered is noticed (in %u rows)",
	    s->chip->name, s->chip->main_width, s->altered);
	memset(row, 0, sizeof row);
	subjects[k].pad(NULL, 0, row);
	wrong = check_row(s->chip, row, &none);
	ok(!wrong, "%s: a padding row is valid and silent%s%s", s->chip->name,
	    wrong ? ", but for " : "", wrong ? wrong : "");
}

int
main(void)
{
	for (unsigned k = 0; k < NSUBJECTS; k++) {
		const char *name = subjects[k].name;

		states[k].chip = air_chip_by_name(air_machine_riscv(), name,
		    strlen(name));
		if (!ok(states[k].chip &&
		    states[k].chip->main_width <= MAX_WIDTH, "%s is there",
		    name))
			return done_testing();
	}
	check_guest("precompiles", "precompiles");
	check_guest("secp256k1", "secp256k1");
	for (unsigned k = 0; k < NSUBJECTS; k++) {
		for (unsigned n = 0; subjects[k].code[0] && n < 100; n++)
			make_up(k, n);
		report(k);
	}
	return done_testing();
}
