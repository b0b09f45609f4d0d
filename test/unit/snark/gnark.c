/*
 * Groth16 and PLONK against gnark's own keys and proofs (test/vectors/snark); what is
 * altered is refused with a reason.  CHECK_LONG=1 takes every bit of them.
 */
#include "test/lib/snark_vectors.h"

static struct sample groth16, plonk;

static int
refused(int r, const struct err *e)
{
	return r == -1 && e->status == EX_NO && e->msg[0] != '\0';
}

/* n bits of len bytes, all of them when n is no fewer. */
static void
test_bits(struct sample *s, uint8_t *p, size_t len, size_t n, const char *what,
    int (*check)(struct sample *s, struct err *e))
{
	size_t bad = 0, all = n >= 8 * len;
	struct err e;

	n = all ? 8 * len : n;
	for (size_t i = 0; i < n; i++) {
		size_t bit = all ? i : sample_rnd() % (8 * len);

		flip(p, bit);
		if (!refused(check(s, &e), &e)) {
			diag("bit %zu: accepted", bit);
			bad++;
		}
		flip(p, bit);
	}
	is_int(bad, 0, "%s: %zu bits of %s turned over, all refused", s->name,
	    n, what);
}

static void
test_canonical(struct sample *s)
{
	uint8_t was[PLONK_PROOF];
	struct err e;
	size_t bad = 0;

	memcpy(was, s->proof, s->nproof);
	for (size_t i = 0; i < s->nproof; i += 32) {
		/* PLONK's scalars: five claimed values, z and qc */
		int scalar = is_plonk(s) && ((i >= 384 && i < 544) ||
		    i == 608 || i == 768);

		add_modulus(s->proof + i, scalar ? FIELD_R : FIELD_Q);
		if (!refused(sample_verify(s, &e), &e) ||
		    strstr(e.msg, "not below") == NULL) {
			diag("word %zu: %s", i / 32, e.msg);
			bad++;
		}
		memset(s->proof + i, 0xff, 32);
		bad += !refused(sample_verify(s, &e), &e);
		memset(s->proof + i, 0, 32);
		bad += !refused(sample_verify(s, &e), &e);
		memcpy(s->proof, was, s->nproof);
	}
	is_int(bad, 0, "%s: words not below the modulus, ones, zeros: refused",
	    s->name);
	for (size_t i = 0; i < s->ninputs; i++) {
		memcpy(was, s->input[i], 32);
		add_modulus(s->input[i], FIELD_R);
		ok(refused(sample_verify(s, &e), &e) && strstr(e.msg, "not below"),
		    "%s: input %zu: %s", s->name, i, e.msg);
		memcpy(s->input[i], was, 32);
	}
}

/* Lengths, the number of inputs, points at infinity or exchanged. */
static void
test_shape(struct sample *s)
{
	size_t points = is_plonk(s) ? 3 : 1;
	uint8_t was[PLONK_PROOF];
	struct err e;

	s->ninputs--;
	ok(refused(sample_verify(s, &e), &e) && strstr(e.msg, "key is for 5"),
	    "%s: %s", s->name, e.msg);
	s->ninputs++;
	s->nproof--;
	ok(refused(sample_verify(s, &e), &e), "%s: %s", s->name, e.msg);
	s->nproof++;
	memcpy(was, s->proof, s->nproof);
	memset(s->proof, 0, 64);
	ok(refused(sample_verify(s, &e), &e), "%s: infinity: %s", s->name, e.msg);
	memcpy(s->proof, was + s->nproof - 64, 64);
	ok(refused(sample_verify(s, &e), &e), "%s: first point is the last: %s",
	    s->name, e.msg);
	memcpy(s->proof, was, s->nproof);
	for (size_t i = 0; i < points; i++) {
		struct g1 p;

		must(g1_read(&p, s->proof + 64 * i, "", &e) == 0);
		p = g1_neg(p);
		g1_write(s->proof + 64 * i, &p);
		ok(refused(sample_verify(s, &e), &e), "%s: point %zu negated: %s",
		    s->name, i, e.msg);
		memcpy(s->proof, was, s->nproof);
	}
}

static void
test_subgroup(void)
{
	/* A point of the twist: the third of bn254.tsv's. */
	FILE *in = fopen(FOLDER "bn254.tsv", "r");
	uint8_t was[128];
	char *line = NULL;
	size_t size = 0, n = 0;
	struct err e;

	must(in != NULL);
	memcpy(was, groth16.proof + 64, 128);
	while (getline(&line, &size, in) > 0) {
		if (strncmp(line, "twist\t", 6) != 0)
			continue;
		line[strcspn(line, "\n")] = '\0';
		must(hex_decode(groth16.proof + 64, 128, line + 6) == 0);
		ok(refused(sample_verify(&groth16, &e), &e) &&
		    strstr(e.msg, "outside the subgroup"), "%s", e.msg);
		n++;
	}
	is_int(n, 7, "points outside");
	memcpy(groth16.proof + 64, was, 128);
	free(line);
	fclose(in);
}

/* A key with a bit turned over is none, or the proof is not valid for it; gnark's lines
 * are not read. */
static void
test_key(struct sample *s, size_t n)
{
	size_t bad = 0, malformed = 0, taken = 0;
	struct err e;

	while (taken < n) {
		size_t bit = sample_rnd() % (8 * s->nkey), at = bit / 8;

		if (is_plonk(s) && at >= 564 && at < 564 + 33792)
			continue;
		/* beta and delta in G1, which the verifier has no use for */
		if (!is_plonk(s) && ((at >= 32 && at < 64) ||
		    (at >= 192 && at < 224)))
			continue;
		taken++;
		flip(s->key, bit);
		e = (struct err){0};
		if (sample_read_key(s, &e)) {
			bad += e.status != EX_DATAERR || e.msg[0] == '\0';
			malformed++;
		} else if (!refused(sample_verify(s, &e), &e)) {
			diag("key bit %zu: accepted", bit);
			bad++;
		}
		flip(s->key, bit);
	}
	is_int(bad, 0, "%s: %zu bits of the key turned over, %zu malformed",
	    s->name, n, malformed);
}

/* Bytes of a key overwritten, and which check tells. */
static const struct broken {
	unsigned at, n;
	const char *bytes, *reason;
} groth16_broken[] = {
	{288, 4, "\0\0\0\0", "0 points for public inputs"},
	{288, 4, "\0\0\0\12", "10 points for public inputs"},
	{288, 4, "\0\0\0\5", "not the length of one with 5 points"},
	{0, 1, "\x3f", "alpha has no flag"},
	{64, 1, "\x3f", "beta has no flag"},
	{128, 1, "\x3f", "gamma has no flag"},
	{224, 1, "\x3f", "delta has no flag"},
	{292, 1, "\x3f", "inputs has no flag"},
	{484, 8, "\0\0\0\1\0\0\0\0", "circuit with commitments"},
}, plonk_broken[] = {
	{0, 8, "\0\0\0\0\0\0\0\1", "1 rows are no power"},
	{0, 8, "\0\0\0\0\0\0\0\6", "6 rows are no power"},
	{0, 8, "\0\0\0\0\x20\0\0\0", "536870912 rows are no power"},
	{8, 1, "\xff", "a scalar is not below"},
	{8, 2, "\0\0", "the inverse is not of the size"},
	{40, 1, "\xff", "a scalar is not below"},
	{40, 2, "\0\0", "the generator or"},
	{72, 8, "\0\0\0\0\0\0\0\11", "more public inputs than 8"},
	{80, 1, "\xff", "a scalar is not below"},
	{112, 1, "\x3f", "a commitment has no flag"},
	{368, 4, "\0\0\0\2", "other than one commitment"},
	{372, 1, "\x3f", "a commitment has no flag"},
	{404, 1, "\x3f", "G1 has no flag"},
	{436, 1, "\x3f", "G2 has no flag"},
	{34356, 4, "\0\0\0\0", "other than one commitment"},
	{34360, 8, "\0\0\0\0\x10\0\0\0", "past the last row"},
};

static int
key_refused(struct sample *s, const char *reason, struct err *e)
{
	*e = (struct err){0};
	return sample_read_key(s, e) == -1 && e->status == EX_DATAERR &&
	    strstr(e->msg, reason) != NULL;
}

static void
test_broken_key(struct sample *s, const struct broken *b, size_t n)
{
	size_t whole = s->nkey;
	uint8_t was[8];
	struct err e;

	for (size_t i = 0; i < n; i++, b++) {
		must(b->at + b->n <= s->nkey && b->n <= sizeof was);
		memcpy(was, s->key + b->at, b->n);
		memcpy(s->key + b->at, b->bytes, b->n);
		ok(key_refused(s, b->reason, &e), "%s", e.msg);
		memcpy(s->key + b->at, was, b->n);
	}
	s->nkey--;
	ok(key_refused(s, is_plonk(s) ? "bytes, not" : "not the length", &e),
	    "%s", e.msg);
	s->nkey = 7;
	ok(key_refused(s, is_plonk(s) ? "bytes, not" : "too short", &e), "%s",
	    e.msg);
	s->nkey = whole;
	ok(sample_read_key(s, &e) == 0, "%s: the key as it was", s->name);
}
#define BROKEN(s, table) \
	test_broken_key(s, table, sizeof table / sizeof *table)

static void
test_sample(struct sample *s, size_t n)
{
	struct err e = {0};

	ok(sample_read_key(s, &e) == 0, "%s: gnark's key: %s", s->name, e.msg);
	ok(sample_verify(s, &e) == 0, "%s: gnark's proof: %s", s->name, e.msg);
	ok(sample_check_raw(s, &e) == 0, "%s: in gnark's form: %s", s->name, e.msg);
	test_bits(s, s->raw, s->nraw, 8 * s->nraw, "gnark's form", sample_check_raw);
	s->nraw--;
	ok(refused(sample_check_raw(s, &e), &e), "%s", e.msg);
	s->nraw++;
	test_bits(s, s->proof, s->nproof, n, "the proof", sample_verify);
	test_bits(s, s->input[0], sizeof s->input, n, "the inputs", sample_verify);
	test_canonical(s);
	test_shape(s);
	ok(sample_verify(s, &e) == 0, "%s: as it was: %s", s->name, e.msg);
}

/* What zeta is: the hash of all that was said before, whose order is gnark's. */
static bn254_fr
zeta(const struct sample *s)
{
	const struct plonk_key *k = &s->parsed.plonk;
	const struct g1 *of_key[9] = {
		&k->s[0], &k->s[1], &k->s[2], &k->ql, &k->qr, &k->qm, &k->qo,
		&k->qk, &k->qc
	};
	static const char *const name[4] = {"gamma", "beta", "alpha", "zeta"};
	uint8_t said[2048], hash[32];
	bn254_fr x = BN254_FR_ZERO;
	size_t n = 0;

#define SAY(v, len) (memcpy(said + n, v, len), n += (len))
	for (int i = 0; i < 4; i++) {
		n = 0;
		SAY(name[i], strlen(name[i]));
		if (i > 0)
			SAY(hash, 32);
		for (int j = 0; i == 0 && j < 9; j++, n += G1_RAW)
			g1_write(said + n, of_key[j]);
		if (i == 0)
			SAY(s->input, s->ninputs * 32);
		if (i == 0)
			SAY(s->proof, 3 * G1_RAW);
		if (i == 2)
			SAY(s->proof + 800, G1_RAW), SAY(s->proof + 544, G1_RAW);
		if (i == 3)
			SAY(s->proof + 192, 3 * G1_RAW);
		must(n <= sizeof said);
		SHA256(said, n, hash);
	}
#undef SAY
	for (int i = 0; i < 32; i++)
		x = bn254_fr_add(bn254_fr_mul(x, bn254_fr_from_u64(256)),
		    bn254_fr_from_u64(hash[i]));
	return x;
}

/* A key whose second row lies where the proof is evaluated. */
static void
test_row(struct sample *s)
{
	bn254_fr *generator = &s->parsed.plonk.generator, was = *generator;
	struct err e;

	*generator = zeta(s);
	ok(refused(sample_verify(s, &e), &e) && strstr(e.msg, "is a row"), "%s", e.msg);
	*generator = was;
}

static void
test_v4(const char *mode)
{
	static struct sample s;
	uint8_t hash[32];
	struct err e;

	if (sample_load_v4(&s, mode)) {
		tap_skip("%s v4: no folder in SNARK_V4", mode);
		return;
	}
	SHA256(s.key, s.nkey, hash);
	ok(memcmp(hash, s.prefix, 4) == 0, "%s v4: the key's prefix", mode);
	ok(sample_read_key(&s, &e) == 0 && sample_verify(&s, &e) == 0,
	    "%s v4: valid", mode);
	s.input[1][31] ^= 1;
	ok(refused(sample_verify(&s, &e), &e), "%s v4: other values: %s", mode,
	    e.msg);
	free(s.key);
}

int
main(void)
{
	int thorough = getenv("CHECK_LONG") != NULL;

	sample_load(&groth16, "groth16", "groth16-gnark");
	sample_load(&plonk, "plonk", "plonk-gnark");
	test_sample(&groth16, thorough ? 2048 : 20);
	test_subgroup();
	test_key(&groth16, thorough ? 2000 : 20);
	BROKEN(&groth16, groth16_broken);
	test_sample(&plonk, thorough ? 2000 : 20);
	test_row(&plonk);
	test_key(&plonk, thorough ? 500 : 20);
	BROKEN(&plonk, plonk_broken);
	test_v4("groth16");
	test_v4("plonk");
	free(groth16.key);
	free(plonk.key);
	return done_testing();
}
