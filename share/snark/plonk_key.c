/*
 * gnark's PLONK key: size u64, 1/size, generator, inputs u64, coset shift, S1 to S3, Ql,
 * Qr, Qm, Qo, Qk, count u32 and Qcp, the setup's G1, two points of G2, the lines through
 * them (which we work out ourselves), count u32 and rows u64 of the commitments.
 */
#include "snark/plonk.h"

enum {
	AT_SIZE = 0, AT_SIZE_INV = 8, AT_GENERATOR = 40, AT_INPUTS = 72,
	AT_SHIFT = 80, AT_POINTS = 112, NPOINTS = 8,
	AT_NCOMMIT = AT_POINTS + NPOINTS * G1_PACKED,
	AT_QCP = AT_NCOMMIT + 4, AT_G1 = AT_QCP + G1_PACKED,
	AT_G2 = AT_G1 + G1_PACKED, AT_LINES = AT_G2 + 2 * G2_PACKED,
	/* for both points, two lists of 66 lines of two of Fq2 */
	LINES = 2 * 2 * 66 * 2 * 64,
	AT_NROWS = AT_LINES + LINES, AT_ROW = AT_NROWS + 4, LENGTH = AT_ROW + 8
};

static uint64_t
get(const uint8_t *in, unsigned n)
{
	uint64_t x = 0;

	while (n-- > 0)
		x = x << 8 | *in++;
	return x;
}

static int
read_scalars(struct plonk_key *key, const uint8_t *in, struct err *e)
{
	bn254_fr one = bn254_fr_one(), half;

	if (bn254_fr_from_be(&key->size_inv, in + AT_SIZE_INV) ||
	    bn254_fr_from_be(&key->generator, in + AT_GENERATOR) ||
	    bn254_fr_from_be(&key->shift, in + AT_SHIFT))
		return err_set(e, EX_DATAERR, "plonk key: a scalar is not below "
		    "the field's order");
	half = bn254_fr_pow(key->generator,
	    (uint64_t[4]){key->size / 2, 0, 0, 0});
	if (!bn254_fr_eq(half, bn254_fr_neg(one)) || !bn254_fr_eq(one,
	    bn254_fr_mul(key->size_inv, bn254_fr_from_u64(key->size))))
		return err_set(e, EX_DATAERR, "plonk key: the generator or the "
		    "inverse is not of the size");
	return 0;
}

static int
read_points(struct plonk_key *key, const uint8_t *in, struct err *e)
{
	struct g1 *const to[NPOINTS] = {
		&key->s[0], &key->s[1], &key->s[2], &key->ql, &key->qr,
		&key->qm, &key->qo, &key->qk
	};
	for (int i = 0; i < NPOINTS; i++)
		if (g1_unpack(to[i], in + AT_POINTS + i * G1_PACKED,
		    "plonk key: a commitment", e))
			return -1;
	if (g1_unpack(&key->qc, in + AT_QCP, "plonk key: a commitment", e) ||
	    g1_unpack(&key->g1, in + AT_G1, "plonk key: the setup's G1", e))
		return -1;
	for (int i = 0; i < 2; i++)
		if (g2_unpack_lines(&key->g2[i], in + AT_G2 + i * G2_PACKED,
		    "plonk key: the setup's G2", e))
			return -1;
	return 0;
}

int
plonk_key_read(struct plonk_key *key, const uint8_t *in, size_t len,
    struct err *e)
{
	uint64_t size;

	if (len != LENGTH)
		return err_set(e, EX_DATAERR, "plonk key: %zu bytes, not %d",
		    len, LENGTH);
	if (get(in + AT_NCOMMIT, 4) != 1 || get(in + AT_NROWS, 4) != 1)
		return err_set(e, EX_DATAERR, "plonk key: it is of a circuit "
		    "with other than one commitment");
	key->size = size = get(in + AT_SIZE, 8);
	key->ninputs = get(in + AT_INPUTS, 8);
	key->committed = get(in + AT_ROW, 8);
	if (size < 2 || size > (uint64_t)1 << 28 || (size & (size - 1)))
		return err_set(e, EX_DATAERR, "plonk key: %llu rows are no "
		    "power of two that the field has",
		    (unsigned long long)size);
	if (key->ninputs > PLONK_INPUTS || key->ninputs > size ||
	    key->committed >= size - key->ninputs)
		return err_set(e, EX_DATAERR, "plonk key: more public inputs "
		    "than %d, or a commitment past the last row", PLONK_INPUTS);
	return read_scalars(key, in, e) || read_points(key, in, e) ? -1 : 0;
}
