#include "snark/groth16.h"

#include <string.h>

/* Where gnark's key has what; also, but not needed: beta and delta in G1. */
enum {
	AT_ALPHA = 0, AT_BETA = 64, AT_GAMMA = 128, AT_DELTA = 224,
	AT_COUNT = 288, AT_K = 292,
	TAIL = 8		/* how many commitments, how many keys of them */
};

static int
read_points(struct groth16_key *key, const uint8_t *in, struct err *e)
{
	struct g2_lines beta;
	const struct g2_lines *q = &beta;
	struct g1 alpha;

	for (size_t i = 0; i <= key->ninputs; i++)
		if (g1_unpack(&key->k[i], in + AT_K + i * G1_PACKED,
		    "groth16 key: a point for public inputs", e))
			return -1;
	if (g1_unpack(&alpha, in + AT_ALPHA, "groth16 key: alpha", e) ||
	    g2_unpack_lines(&beta, in + AT_BETA, "groth16 key: beta", e) ||
	    g2_unpack_lines(&key->gamma, in + AT_GAMMA, "groth16 key: gamma",
	    e) ||
	    g2_unpack_lines(&key->delta, in + AT_DELTA, "groth16 key: delta",
	    e))
		return -1;
	pairing_loop(&key->alpha_beta, &alpha, &q, 1);
	return 0;
}

int
groth16_key_read(struct groth16_key *key, const uint8_t *in, size_t len,
    struct err *e)
{
	size_t n;

	if (len < AT_K + TAIL)
		return err_set(e, EX_DATAERR, "groth16 key: it is too short");
	n = (size_t)in[AT_COUNT] << 24 | (size_t)in[AT_COUNT + 1] << 16 |
	    (size_t)in[AT_COUNT + 2] << 8 | in[AT_COUNT + 3];
	if (n < 1 || n > GROTH16_INPUTS + 1)
		return err_set(e, EX_DATAERR, "groth16 key: %zu points for "
		    "public inputs", n);
	if (len != AT_K + n * G1_PACKED + TAIL)
		return err_set(e, EX_DATAERR, "groth16 key: %zu bytes are not "
		    "the length of one with %zu points", len, n);
	for (size_t i = len - TAIL; i < len; i++)
		if (in[i] != 0)
			return err_set(e, EX_DATAERR, "groth16 key: it is of a "
			    "circuit with commitments");
	key->ninputs = n - 1;
	return read_points(key, in, e);
}

/* k[0] + input[0] k[1] + ... */
static int
fold_inputs(struct g1 *r, const struct groth16_key *key,
    const uint8_t (*input)[32], size_t n, struct err *e)
{
	bn254_fr x[GROTH16_INPUTS + 1] = {bn254_fr_one()};

	if (n != key->ninputs)
		return err_set(e, EX_NO, "%zu public inputs, and the key is "
		    "for %zu", n, key->ninputs);
	for (size_t i = 0; i < n; i++)
		if (bn254_fr_from_be(&x[i + 1], input[i]))
			return err_set(e, EX_NO, "public input %zu is not "
			    "below the field's order", i);
	*r = g1_sum(key->k, x, n + 1);
	return 0;
}

int
groth16_verify(const struct groth16_key *key, const uint8_t (*input)[32],
    size_t n, const uint8_t *proof, size_t len, struct err *e)
{
	struct g2_lines b;
	const struct g2_lines *q[3] = {&b, &key->gamma, &key->delta};
	struct g1 p[3];
	fq12 f;

	if (len != GROTH16_PROOF)
		return err_set(e, EX_NO, "a groth16 proof has %d bytes, this "
		    "one %zu", GROTH16_PROOF, len);
	if (g1_read(&p[0], proof, "groth16: A", e) ||
	    g2_read_lines(&b, proof + G1_RAW, "groth16: B", e) ||
	    g1_read(&p[2], proof + G1_RAW + G2_RAW, "groth16: C", e) ||
	    fold_inputs(&p[1], key, input, n, e))
		return -1;
	p[0] = g1_neg(p[0]);
	pairing_loop(&f, p, q, 3);
	fq12_mul(&f, &f, &key->alpha_beta);
	/* e(A, B) = e(inputs, gamma) e(C, delta) e(alpha, beta) */
	if (!pairing_loop_is_one(&f))
		return err_set(e, EX_NO, "groth16: the pairings do not agree");
	return 0;
}

/* The same points, no commitments (u32 0), and the proof of those at infinity. */
int
groth16_check_raw(const uint8_t *raw, size_t len, const uint8_t *proof,
    struct err *e)
{
	static const uint8_t tail[4 + G1_RAW];

	if (len != GROTH16_PROOF + sizeof tail ||
	    memcmp(raw, proof, GROTH16_PROOF) != 0 ||
	    memcmp(raw + GROTH16_PROOF, tail, sizeof tail) != 0)
		return err_set(e, EX_NO, "groth16: the raw proof is another");
	return 0;
}
