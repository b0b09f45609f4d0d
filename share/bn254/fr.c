#include "bn254/fr.h"

bn254_fr
bn254_fr_pow(bn254_fr a, const uint64_t e[4])
{
	return (bn254_fr){mont4_pow(&bn254_fr_modulus, a.m, e)};
}

bn254_fr
bn254_fr_inv(bn254_fr a)
{
	return (bn254_fr){mont4_inv(&bn254_fr_modulus, a.m)};
}

/* Byte i, from the lowest, is in[i] or in[31 - i]. */
static int
from_bytes(bn254_fr *a, const uint8_t in[32], unsigned flip)
{
	uint64_t x[4] = {0};

	for (unsigned i = 0; i < 32; i++)
		x[i / 8] |= (uint64_t)in[i ^ flip] << 8 * (i % 8);
	if (!mont4_below(&bn254_fr_modulus, x))
		return -1;
	*a = bn254_fr_from_limbs(x);
	return 0;
}

static void
to_bytes(uint8_t out[32], bn254_fr a, unsigned flip)
{
	uint64_t x[4];

	bn254_fr_to_limbs(x, a);
	for (unsigned i = 0; i < 32; i++)
		out[i ^ flip] = (uint8_t)(x[i / 8] >> 8 * (i % 8));
}

int
bn254_fr_from_le(bn254_fr *a, const uint8_t in[32])
{
	return from_bytes(a, in, 0);
}

int
bn254_fr_from_be(bn254_fr *a, const uint8_t in[32])
{
	return from_bytes(a, in, 31);
}

void
bn254_fr_to_le(uint8_t out[32], bn254_fr a)
{
	to_bytes(out, a, 0);
}

void
bn254_fr_to_be(uint8_t out[32], bn254_fr a)
{
	to_bytes(out, a, 31);
}
