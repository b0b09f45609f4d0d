/*
 * Each proof at hand, Groth16 and PLONK, with one thing altered: a point (off the curve,
 * another of the group, outside the subgroup, negative, infinity, another of the proof's,
 * a coordinate not below q), a scalar or public input (another, not below r, another of
 * the proof's), a length, the key's hash, what the container says.  Each is refused with
 * a reason, 20 of each proof; CHECK_LONG=1: 2,000.
 */
#include "snark/verify.h"
#include "test/lib/snark_vectors.h"

enum type { G1, G2, SCALAR, BYTES, LENGTH };
static struct field {
	const char *what;
	enum type type;
	uint8_t *p;
	size_t *n;		/* how many bytes; LENGTH: this one */
} field[64];
static size_t nfields;
static size_t point = 64, twist = 128, scalar = 32;	/* bytes of each */

static void
add(const char *what, enum type type, void *p, size_t *n)
{
	must(nfields < sizeof field / sizeof *field);
	field[nfields++] = (struct field){what, type, p, n};
}

static void
add_point(const char *what, uint8_t *p)
{
	add(what, G1, p, &point);
}

static void
add_scalar(const char *what, uint8_t *p)
{
	add(what, SCALAR, p, &scalar);
}

/* k times the generator, in either group. */
static void
any_point(uint8_t *out, enum type type)
{
	uint64_t k[4] = {sample_rnd(), sample_rnd(), sample_rnd(), 0};
	struct g1 p = g1_generator();
	struct g2 q = g2_generator();
	bn254_fr e = bn254_fr_from_limbs(k);

	if (type == G2) {
		q = g2_mul(&q, k);
		g2_write(out, &q);
		return;
	}
	p = g1_sum(&p, &e, 1);
	g1_write(out, &p);
}

/* On the twist, y^2 = x^3 + b, where few are in the subgroup. */
static void
twist_point(uint8_t out[G2_RAW])
{
	struct g2 g = g2_generator(), q = {.infinity = false};
	fq2 b = fq2_sub(fq2_square(g.y), fq2_mul(fq2_square(g.x), g.x));

	do {
		q.x = (fq2){fq_from_u64(sample_rnd()), fq_from_u64(sample_rnd())};
	} while (fq2_sqrt(&q.y, fq2_add(fq2_mul(fq2_square(q.x), q.x), b)));
	must(g2_on_curve(&q) && !g2_in_subgroup(&q));
	g2_write(out, &q);
}

static void
negate(uint8_t *p, enum type type)
{
	struct g1 a;
	struct g2 b;
	struct err e;

	if (type == G2) {
		must(g2_read(&b, p, "", &e) == 0);
		b = g2_neg(b);
		g2_write(p, &b);
	} else {
		must(g1_read(&a, p, "", &e) == 0);
		a = g1_neg(a);
		g1_write(p, &a);
	}
}

static const char *
alter_point(uint8_t *p, size_t n, enum type type)
{
	switch (sample_rnd() % (type == G2 ? 7 : 6)) {
	case 0:
		add_modulus(p + 32 * (sample_rnd() % (n / 32)), FIELD_Q);
		return "coordinate not below q";
	case 1:
		memset(p, 0, n);
		return "infinity";
	case 2:
		negate(p, type);
		return "negative";
	case 3:
		any_point(p, type);
		return "another";
	case 4:
		memset(p, 0xff, n);
		return "ones";
	case 5:
		flip(p, sample_rnd() % (8 * n));
		return "a bit";
	default:
		twist_point(p);
		return "outside the subgroup";
	}
}

static const char *
alter_scalar(uint8_t *p)
{
	switch (sample_rnd() % 5) {
	case 0:
		add_modulus(p, FIELD_R);
		return "not below r";
	case 1:
		for (int i = 1; i < 32; i++)
			p[i] = (uint8_t)sample_rnd();
		p[0] = (uint8_t)(sample_rnd() % 0x30);
		return "another";
	case 2:
		memset(p, 0xff, 32);
		return "ones";
	case 3:
		for (int i = 31; i >= 0 && ++p[i] == 0; i--)
			;
		return "one more";
	default:
		flip(p, sample_rnd() % 256);
		return "a bit";
	}
}

/* The same kind of thing from elsewhere in the proof; none there: a bit. */
static const char *
alter_by_another(const struct field *f)
{
	for (size_t tries = 0; tries < 8; tries++) {
		const struct field *g = &field[sample_rnd() % nfields];

		if (g->type != f->type || *g->n != *f->n ||
		    memcmp(f->p, g->p, *f->n) == 0)
			continue;
		memcpy(f->p, g->p, *f->n);
		return g->what;
	}
	flip(f->p, sample_rnd() % (8 * *f->n));
	return "a bit";
}

static const char *
alter_length(size_t *n)
{
	static const size_t by[] = {1, 2, 3, 4, 8, 31, 32, 64};
	size_t d = by[sample_rnd() % (sizeof by / sizeof *by)];

	/* Never nothing: that has a meaning of its own. */
	if (sample_rnd() % 2 == 0 && *n > d) {
		*n -= d;
		return "shorter";
	}
	*n += d;
	return "longer";
}

static const char *
alter(const struct field *f)
{
	if (f->type == LENGTH)
		return alter_length(f->n);
	if (f->type == BYTES) {
		flip(f->p, sample_rnd() % (8 * *f->n));
		return "a bit";
	}
	if (sample_rnd() % 4 == 0)
		return alter_by_another(f);
	return f->type == SCALAR ? alter_scalar(f->p) :
	    alter_point(f->p, *f->n, f->type);
}

/* Alters field f, checks, puts it back: whether it was not refused. */
static int
passes(const struct field *f, int (*check)(struct err *e))
{
	uint8_t was[2048];
	size_t n = *f->n, kept = f->type == LENGTH ? 0 : n;
	const char *how;
	struct err e = {0};
	int r;

	must(kept <= sizeof was);
	memcpy(was, f->p, kept);
	do
		how = alter(f);
	while (*f->n == n && memcmp(was, f->p, kept) == 0);
	r = check(&e);
	*f->n = n;
	memcpy(f->p, was, kept);
	if (r == -1 && e.msg[0] != '\0' &&
	    (e.status == EX_NO || e.status == EX_DATAERR))
		return 0;
	diag("%s: %s: %s", f->what, how, r == 0 ? "accepted" : e.msg);
	return 1;
}

static void
test_fields(const char *name, int (*check)(struct err *e))
{
	size_t n = getenv("CHECK_LONG") != NULL ? 2000 : 20, bad = 0;
	struct err e = {0};

	ok(check(&e) == 0, "%s: valid %s", name, e.msg);
	for (size_t i = 0; i < n; i++)
		bad += (size_t)passes(&field[n > 20 ? i % nfields :
		    sample_rnd() % nfields], check);
	is_int(bad, 0, "%s: %zu alterations of %zu fields, all refused", name,
	    n, nfields);
	ok(check(&e) == 0, "%s: as it was %s", name, e.msg);
	nfields = 0;
}

/* Proofs that no container holds: of the library's functions. */
static struct sample s;

static int
check_sample(struct err *e)
{
	*e = (struct err){0};
	return sample_verify(&s, e) || (s.nraw > 0 && sample_check_raw(&s, e)) ?
	    -1 : 0;
}

static const struct part { const char *what; enum type type; unsigned at; }
groth16[] = {
	{"A", G1, 0}, {"B", G2, 64}, {"C", G1, 192}, {NULL, G1, 0}
}, plonk[] = {
	{"L", G1, 0}, {"R", G1, 64}, {"O", G1, 128}, {"H0", G1, 192},
	{"H1", G1, 256}, {"H2", G1, 320}, {"l", SCALAR, 384},
	{"r", SCALAR, 416}, {"o", SCALAR, 448}, {"s1", SCALAR, 480},
	{"s2", SCALAR, 512}, {"Z", G1, 544}, {"shifted z", SCALAR, 608},
	{"opening", G1, 640}, {"shifted opening", G1, 704},
	{"qc", SCALAR, 768}, {"commitment", G1, 800}, {NULL, G1, 0}
};

static void
test_sample(const char *name)
{
	struct err e;

	must(sample_read_key(&s, &e) == 0);
	for (const struct part *f = is_plonk(&s) ? plonk : groth16; f->what; f++)
		add(f->what, f->type, s.proof + f->at, f->type == G1 ? &point :
		    f->type == G2 ? &twist : &scalar);
	for (size_t i = 0; i < s.ninputs; i++)
		add_scalar("public input", s.input[i]);
	if (s.nraw > 0) {
		add("gnark's form", BYTES, s.raw, &s.nraw);
		add("gnark's form's length", LENGTH, s.raw, &s.nraw);
	}
	add("the proof's length", LENGTH, s.proof, &s.nproof);
	add("the number of inputs", LENGTH, s.input, &s.ninputs);
	test_fields(name, check_sample);
	free(s.key);
}

static void
test_samples(const char *mode)
{
	char name[40];

	snprintf(name, sizeof name, "%s-gnark", mode);
	sample_load(&s, mode, name);
	test_sample(name);
	snprintf(name, sizeof name, "%s v4", mode);
	if (sample_load_v4(&s, mode))
		tap_skip("%s: no folder in SNARK_V4", name);
	else
		test_sample(name);
}

/* SP1's own, in its container: as what is read from the altered one's bytes. */
static struct snark_proof p;
static uint8_t program[32], room[4][2048];

static int
check_container(struct err *e)
{
	size_t len = snark_proof_size(&p);
	uint8_t *out = malloc(len);
	struct snark_proof q;
	struct arena a;
	int r;

	must(out != NULL);
	snark_proof_write(out, &p);
	*e = (struct err){0};
	arena_init(&a, core_proof_ceiling(len));
	r = snark_proof_read(&q, &a, out, len, e) ||
	    verify_snark(program, &q, NULL, e) ? -1 : 0;
	arena_free(&a);
	free(out);
	return r;
}

/* Where there is room for more. */
static void
widen(struct byte_vec *v, unsigned i)
{
	must(v->n <= sizeof room[i] / 2);
	memcpy(room[i], v->v, v->n);
	v->v = room[i];
}

static void
test_container(void)
{
	static const char *const input[5] = {
		"program", "public values' digest", "exit code", "keys' root",
		"nonce"
	};
	struct byte_vec *values = &p.tail.public_values;
	struct byte_vec *version = &p.tail.version;
	uint8_t *in, *at;
	struct arena a;
	struct err e;
	size_t n;

	must(hex_decode(program, 32, SP1_PROGRAM) == 0);
	if (read_file(SP1_PROOF, 1 << 20, &in, &n, &e))
		die_err(&e);
	arena_init(&a, core_proof_ceiling(n));
	must(snark_proof_read(&p, &a, in, n, &e) == 0);
	widen(&p.encoded, 0);
	widen(&p.raw, 1);
	widen(values, 2);
	widen(version, 3);
	at = p.encoded.v;
	for (int i = 0; i < 5; i++)
		add_scalar(input[i], p.input[i]);
	for (int i = 0; i < 3; i++, at += 32)
		add(input[2 + i], BYTES, at, &scalar);
	add_point("A", at);
	add("B", G2, at + 64, &twist);
	add_point("C", at + 192);
	add("gnark's form", BYTES, p.raw.v, &p.raw.n);
	add("the key's hash", BYTES, p.key_hash, &scalar);
	add("public values", BYTES, values->v, &values->n);
	add("version", BYTES, version->v, &version->n);
	add("the wanted program", BYTES, program, &scalar);
	add("the proof's length", LENGTH, p.encoded.v, &p.encoded.n);
	add("gnark's form's length", LENGTH, p.raw.v, &p.raw.n);
	add("how many public values", LENGTH, values->v, &values->n);
	add("the version's length", LENGTH, version->v, &version->n);
	test_fields("SP1's groth16", check_container);
	arena_free(&a);
	free(in);
}

int
main(void)
{
	test_samples("groth16");
	test_samples("plonk");
	test_container();
	return done_testing();
}
