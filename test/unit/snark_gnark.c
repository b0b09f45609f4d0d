/*
 * Groth16 and PLONK against gnark's own keys and proofs (test/vectors/snark); what is
 * altered is refused with a reason.  CHECK_LONG=1 takes every bit of them.
 *
 * SNARK_V4 may name a folder with the proofs of circuit v4: MODE_vk.bin and MODE-fixture.json
 * (vkey, publicValues, proof), of MODE plonk and groth16.
 */
#include <jansson.h>
#include <openssl/sha.h>

#include "base/hex.h"
#include "base/io.h"
#include "snark/groth16.h"
#include "snark/plonk.h"
#include "test/tap.h"

#define FOLDER "test/vectors/snark/"
#define MAX_INPUTS 5

struct sample {
	const char *name;	/* mode */
	uint8_t *key, proof[PLONK_PROOF], raw[1024];
	size_t nkey, nproof, nraw, ninputs;
	uint8_t input[MAX_INPUTS][32];
	union { struct groth16_key groth16; struct plonk_key plonk; } parsed;
	uint8_t linear[32];
};

static struct sample groth16, plonk;

static uint64_t
rnd(void)
{
	static uint64_t x = 254;

	x ^= x << 13;
	x ^= x >> 7;
	return x ^= x << 17;
}

static int
is_plonk(const struct sample *s)
{
	return s->name[0] == 'p';
}

static int
read_key(struct sample *s, struct err *e)
{
	return is_plonk(s) ?
	    plonk_key_read(&s->parsed.plonk, s->key, s->nkey, e) :
	    groth16_key_read(&s->parsed.groth16, s->key, s->nkey, e);
}

static int
verify(struct sample *s, struct err *e)
{
	const uint8_t (*input)[32] = (const uint8_t (*)[32])s->input;

	*e = (struct err){0};
	return is_plonk(s) ?
	    plonk_verify(&s->parsed.plonk, input, s->ninputs, s->proof,
		s->nproof, s->linear, e) :
	    groth16_verify(&s->parsed.groth16, input, s->ninputs, s->proof,
		s->nproof, e);
}

static int
check_raw(struct sample *s, struct err *e)
{
	*e = (struct err){0};
	return is_plonk(s) ?
	    plonk_check_raw(s->raw, s->nraw, s->proof, s->linear, e) :
	    groth16_check_raw(s->raw, s->nraw, s->proof, e);
}

/* A line of hexadecimal. */
static size_t
next(FILE *in, uint8_t *out, size_t cap)
{
	char *line = NULL;
	size_t size = 0;
	long n;

	do
		must(getline(&line, &size, in) > 0);
	while (line[0] == '#');
	line[strcspn(line, "\n")] = '\0';
	n = hex_length(line);
	must(n >= 0 && (size_t)n <= cap && hex_decode(out, (size_t)n, line) == 0);
	free(line);
	return (size_t)n;
}

static void
load(struct sample *s, const char *name, const char *stem)
{
	char path[200];
	struct err e;
	FILE *in;

	s->name = name;
	snprintf(path, sizeof path, FOLDER "%s.vk", stem);
	if (read_file(path, 1 << 20, &s->key, &s->nkey, &e))
		die_err(&e);
	snprintf(path, sizeof path, FOLDER "%s.txt", stem);
	in = fopen(path, "r");
	must(in != NULL);
	s->ninputs = MAX_INPUTS;
	for (size_t i = 0; i < s->ninputs; i++)
		must(next(in, s->input[i], 32) == 32);
	s->nproof = next(in, s->proof, sizeof s->proof);
	s->nraw = next(in, s->raw, sizeof s->raw);
	fclose(in);
}

static int
refused(int r, const struct err *e)
{
	return r == -1 && e->class == EX_NO && e->msg[0] != '\0';
}

static void
flip(uint8_t *p, size_t bit)
{
	p[bit / 8] ^= (uint8_t)(1 << bit % 8);
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
		size_t bit = all ? i : rnd() % (8 * len);

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

/* Adds a modulus: the same number, not canonical. */
static void
add(uint8_t x[32], const char *modulus)
{
	uint8_t m[32];
	unsigned carry = 0;

	must(hex_decode(m, 32, modulus) == 0);
	for (int i = 31; i >= 0; i--) {
		carry += x[i] + m[i];
		x[i] = (uint8_t)carry;
		carry >>= 8;
	}
	must(carry == 0);
}

#define Q "30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47"
#define R "30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001"

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

		add(s->proof + i, scalar ? R : Q);
		if (!refused(verify(s, &e), &e) ||
		    strstr(e.msg, "not below") == NULL) {
			diag("word %zu: %s", i / 32, e.msg);
			bad++;
		}
		memset(s->proof + i, 0xff, 32);
		bad += !refused(verify(s, &e), &e);
		memset(s->proof + i, 0, 32);
		bad += !refused(verify(s, &e), &e);
		memcpy(s->proof, was, s->nproof);
	}
	is_int(bad, 0, "%s: words not below the modulus, ones, zeros: refused",
	    s->name);
	for (size_t i = 0; i < s->ninputs; i++) {
		memcpy(was, s->input[i], 32);
		add(s->input[i], R);
		ok(refused(verify(s, &e), &e) && strstr(e.msg, "not below"),
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
	ok(refused(verify(s, &e), &e), "%s: %s", s->name, e.msg);
	s->ninputs++;
	s->nproof--;
	ok(refused(verify(s, &e), &e), "%s: %s", s->name, e.msg);
	s->nproof++;
	memcpy(was, s->proof, s->nproof);
	memset(s->proof, 0, 64);
	ok(refused(verify(s, &e), &e), "%s: infinity: %s", s->name, e.msg);
	memcpy(s->proof, was + s->nproof - 64, 64);
	ok(refused(verify(s, &e), &e), "%s: first point is the last: %s",
	    s->name, e.msg);
	memcpy(s->proof, was, s->nproof);
	for (size_t i = 0; i < points; i++) {
		struct g1 p;

		must(g1_read(&p, s->proof + 64 * i, "", &e) == 0);
		p = g1_neg(p);
		g1_write(s->proof + 64 * i, &p);
		ok(refused(verify(s, &e), &e), "%s: point %zu negated: %s",
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
		ok(refused(verify(&groth16, &e), &e) &&
		    strstr(e.msg, "outside the subgroup"), "%s", e.msg);
		n++;
	}
	is_int(n, 5, "points outside");
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
		size_t bit = rnd() % (8 * s->nkey), at = bit / 8;

		if (is_plonk(s) && at >= 564 && at < 564 + 33792)
			continue;
		/* beta and delta in G1, which the verifier has no use for */
		if (!is_plonk(s) && ((at >= 32 && at < 64) ||
		    (at >= 192 && at < 224)))
			continue;
		taken++;
		flip(s->key, bit);
		e = (struct err){0};
		if (read_key(s, &e)) {
			bad += e.class != EX_DATAERR || e.msg[0] == '\0';
			malformed++;
		} else if (!refused(verify(s, &e), &e)) {
			diag("key bit %zu: accepted", bit);
			bad++;
		}
		flip(s->key, bit);
	}
	is_int(bad, 0, "%s: %zu bits of the key turned over, %zu malformed",
	    s->name, n, malformed);
	s->nkey--;
	ok(read_key(s, &e) && e.class == EX_DATAERR, "%s", e.msg);
	s->nkey = 7;
	ok(read_key(s, &e) && e.class == EX_DATAERR, "%s", e.msg);
}

static void
test_sample(struct sample *s, size_t n)
{
	struct err e = {0};

	ok(read_key(s, &e) == 0, "%s: gnark's key: %s", s->name, e.msg);
	ok(verify(s, &e) == 0, "%s: gnark's proof: %s", s->name, e.msg);
	ok(check_raw(s, &e) == 0, "%s: in gnark's form: %s", s->name, e.msg);
	test_bits(s, s->raw, s->nraw, 8 * s->nraw, "gnark's form", check_raw);
	s->nraw--;
	ok(refused(check_raw(s, &e), &e), "%s", e.msg);
	s->nraw++;
	test_bits(s, s->proof, s->nproof, n, "the proof", verify);
	test_bits(s, s->input[0], sizeof s->input, n, "the inputs", verify);
	test_canonical(s);
	test_shape(s);
	ok(verify(s, &e) == 0, "%s: as it was: %s", s->name, e.msg);
}

static void
hex_field(json_t *j, const char *field, uint8_t **out, size_t *n)
{
	const char *text = json_string_value(json_object_get(j, field));
	long len = text == NULL ? -1 : hex_length(text);

	must(len >= 0);
	*n = (size_t)len;
	*out = malloc(*n + 1);
	must(*out != NULL && hex_decode(*out, *n, text) == 0);
}

/* Two public inputs: the program, and the digest of the public values; the first four
 * bytes of the key's hash go before the proof. */
static void
test_v4(const char *mode)
{
	static struct sample s;
	const char *folder = getenv("SNARK_V4");
	uint8_t *program, *values, *proof, hash[32];
	size_t n, nvalues, nproof;
	char path[400];
	struct err e;
	json_t *j;

	if (folder == NULL) {
		tap_skip("%s v4: no folder in SNARK_V4", mode);
		return;
	}
	s.name = mode;
	snprintf(path, sizeof path, "%s/%s_vk.bin", folder, mode);
	if (read_file(path, 1 << 20, &s.key, &s.nkey, &e))
		die_err(&e);
	snprintf(path, sizeof path, "%s/%s-fixture.json", folder, mode);
	j = json_load_file(path, 0, NULL);
	must(j != NULL);
	hex_field(j, "vkey", &program, &n);
	hex_field(j, "publicValues", &values, &nvalues);
	hex_field(j, "proof", &proof, &nproof);
	must(n == 32 && nproof > 4 && nproof - 4 <= sizeof s.proof);
	json_decref(j);
	s.ninputs = 2;
	memcpy(s.input[0], program, 32);
	SHA256(values, nvalues, s.input[1]);
	s.input[1][0] &= 0x1f;
	s.nproof = nproof - 4;
	memcpy(s.proof, proof + 4, s.nproof);
	SHA256(s.key, s.nkey, hash);
	ok(memcmp(hash, proof, 4) == 0, "%s v4: the key's prefix", mode);
	ok(read_key(&s, &e) == 0 && verify(&s, &e) == 0, "%s v4: valid", mode);
	s.input[1][31] ^= 1;
	ok(refused(verify(&s, &e), &e), "%s v4: other values: %s", mode, e.msg);
	free(program);
	free(values);
	free(proof);
	free(s.key);
}

int
main(void)
{
	int thorough = getenv("CHECK_LONG") != NULL;

	load(&groth16, "groth16", "groth16-gnark");
	load(&plonk, "plonk", "plonk-gnark");
	test_sample(&groth16, thorough ? 2048 : 20);
	test_subgroup();
	test_key(&groth16, thorough ? 2000 : 20);
	test_sample(&plonk, thorough ? 2000 : 20);
	test_key(&plonk, thorough ? 500 : 20);
	test_v4("groth16");
	test_v4("plonk");
	free(groth16.key);
	free(plonk.key);
	return done_testing();
}
