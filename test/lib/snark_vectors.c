#include "test/lib/snark_vectors.h"

uint64_t
sample_rnd(void)
{
	static uint64_t x = 254;

	x ^= x << 13;
	x ^= x >> 7;
	return x ^= x << 17;
}

int
is_plonk(const struct sample *s)
{
	return s->name[0] == 'p';
}

int
sample_read_key(struct sample *s, struct err *e)
{
	return is_plonk(s) ?
	    plonk_key_read(&s->parsed.plonk, s->key, s->nkey, e) :
	    groth16_key_read(&s->parsed.groth16, s->key, s->nkey, e);
}

int
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

int
sample_check_raw(struct sample *s, struct err *e)
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

void
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

int
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

void
flip(uint8_t *p, size_t bit)
{
	p[bit / 8] ^= (uint8_t)(1 << bit % 8);
}

void
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
