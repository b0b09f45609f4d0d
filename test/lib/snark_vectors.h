#ifndef TEST_LIB_SNARK_VECTORS_H
#define TEST_LIB_SNARK_VECTORS_H
/*
 * gnark's own keys and proofs (test/vectors/snark), and ways to alter what is in them.
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
#include "test/lib/tap.h"

#define FOLDER "test/vectors/snark/"
#define MAX_INPUTS 5

/* A public proof of SP1's, and what it is of (test/vectors/snark/README). */
#define SP1_PROOF FOLDER "groth16-v6.1.bin"
#define SP1_PROGRAM \
	"00f31d3c82e1ac5e413efe237066f7b6820416878cd71f6c9d4f642b24732a93"

struct sample {
	const char *name;	/* mode */
	uint8_t *key, proof[PLONK_PROOF], raw[1024], prefix[4];
	size_t nkey, nproof, nraw, ninputs;
	uint8_t input[MAX_INPUTS][32];
	union { struct groth16_key groth16; struct plonk_key plonk; } parsed;
	uint8_t linear[32];
};

tap_unused uint64_t
rnd(void)
{
	static uint64_t x = 254;

	x ^= x << 13;
	x ^= x >> 7;
	return x ^= x << 17;
}

tap_unused int
is_plonk(const struct sample *s)
{
	return s->name[0] == 'p';
}

tap_unused int
sample_read_key(struct sample *s, struct err *e)
{
	return is_plonk(s) ?
	    plonk_key_read(&s->parsed.plonk, s->key, s->nkey, e) :
	    groth16_key_read(&s->parsed.groth16, s->key, s->nkey, e);
}

tap_unused int
sample_verify(struct sample *s, struct err *e)
{
	const uint8_t (*input)[32] = (const uint8_t (*)[32])s->input;

	*e = (struct err){0};
	return is_plonk(s) ?
	    plonk_verify(&s->parsed.plonk, input, s->ninputs, s->proof,
		s->nproof, s->linear, e) :
	    groth16_verify(&s->parsed.groth16, input, s->ninputs, s->proof,
		s->nproof, e);
}

tap_unused int
sample_check_raw(struct sample *s, struct err *e)
{
	*e = (struct err){0};
	return is_plonk(s) ?
	    plonk_check_raw(s->raw, s->nraw, s->proof, s->linear, e) :
	    groth16_check_raw(s->raw, s->nraw, s->proof, e);
}

/* A line of hexadecimal. */
tap_unused size_t
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

/* But for the key, which sample_read_key() reads. */
tap_unused void
sample_load(struct sample *s, const char *name, const char *stem)
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

tap_unused void
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
 * bytes of the key's hash go before the proof.  -1: none at hand. */
tap_unused int
sample_load_v4(struct sample *s, const char *mode)
{
	const char *folder = getenv("SNARK_V4");
	uint8_t *program, *values, *proof;
	size_t n, nvalues, nproof;
	char path[400];
	struct err e;
	json_t *j;

	if (folder == NULL)
		return -1;
	s->name = mode;
	snprintf(path, sizeof path, "%s/%s_vk.bin", folder, mode);
	if (read_file(path, 1 << 20, &s->key, &s->nkey, &e))
		die_err(&e);
	snprintf(path, sizeof path, "%s/%s-fixture.json", folder, mode);
	j = json_load_file(path, 0, NULL);
	must(j != NULL);
	hex_field(j, "vkey", &program, &n);
	hex_field(j, "publicValues", &values, &nvalues);
	hex_field(j, "proof", &proof, &nproof);
	must(n == 32 && nproof > 4 && nproof - 4 <= sizeof s->proof);
	json_decref(j);
	s->ninputs = 2;
	memcpy(s->input[0], program, 32);
	SHA256(values, nvalues, s->input[1]);
	s->input[1][0] &= 0x1f;
	memcpy(s->prefix, proof, 4);
	s->nproof = nproof - 4;
	memcpy(s->proof, proof + 4, s->nproof);
	s->nraw = 0;
	free(program);
	free(values);
	free(proof);
	return 0;
}

tap_unused void
flip(uint8_t *p, size_t bit)
{
	p[bit / 8] ^= (uint8_t)(1 << bit % 8);
}

/* Adds a modulus: the same number, not canonical. */
tap_unused void
add_modulus(uint8_t x[32], const char *modulus)
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

#define FIELD_Q "30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47"
#define FIELD_R "30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001"

#endif
