#include "poly/bn254_hash.h"

#include <string.h>

_Static_assert(sizeof(digest) == sizeof(bn254_fr), "a digest holds a scalar");

static inline bn254_fr
fifth(bn254_fr x)
{
	return bn254_fr_mul(bn254_fr_square(bn254_fr_square(x)), x);
}

/* Each element plus the sum of all. */
static inline void
external_layer(bn254_fr s[3])
{
	bn254_fr sum = bn254_fr_add(bn254_fr_add(s[0], s[1]), s[2]);

	for (int i = 0; i < 3; i++)
		s[i] = bn254_fr_add(s[i], sum);
}

static void
external_round(bn254_fr s[3], const bn254_fr rc[3])
{
	for (int i = 0; i < 3; i++)
		s[i] = fifth(bn254_fr_add(s[i], rc[i]));
	external_layer(s);
}

/* The sum plus 1, 1, 2 times the element. */
static void
internal_round(bn254_fr s[3], bn254_fr rc)
{
	bn254_fr sum;

	s[0] = fifth(bn254_fr_add(s[0], rc));
	sum = bn254_fr_add(bn254_fr_add(s[0], s[1]), s[2]);
	s[0] = bn254_fr_add(s[0], sum);
	s[1] = bn254_fr_add(s[1], sum);
	s[2] = bn254_fr_add(bn254_fr_add(s[2], s[2]), sum);
}

void
bn254_poseidon2(bn254_fr s[3])
{
	external_layer(s);
	for (int r = 0; r < 4; r++)
		external_round(s, bn254_rc_begin[r]);
	for (int r = 0; r < 56; r++)
		internal_round(s, bn254_rc_partial[r]);
	for (int r = 0; r < 4; r++)
		external_round(s, bn254_rc_end[r]);
}

bn254_fr
bn254_pack(const kb *v, size_t n)
{
	uint64_t x[4] = {0};	/* 8 * 31 bits: below the prime */

	DEBUG_ASSERT(n <= 8);
	for (size_t i = 0; i < n; i++) {
		uint64_t e = kb_to(v[i]);
		unsigned at = 31 * (unsigned)i, limb = at / 64, bit = at % 64;

		x[limb] |= e << bit;
		if (bit > 33)
			x[limb + 1] |= e >> (64 - bit);
	}
	return bn254_fr_from_limbs(x);
}

void
bn254_split(kb out[4], bn254_fr x)
{
	uint64_t limb[4];

	bn254_fr_to_limbs(limb, x);
	for (int i = 0; i < 4; i++)
		out[i] = kb_from64(limb[i]);
}

digest
bn254_to_digest(bn254_fr x)
{
	digest d;

	memcpy(&d, &x, sizeof d);
	return d;
}

bn254_fr
bn254_from_digest(const digest *d)
{
	bn254_fr x;

	memcpy(&x, d, sizeof x);
	return x;
}

digest
bn254_hash(const kb *v, size_t n)
{
	bn254_fr s[3] = {BN254_FR_ZERO, BN254_FR_ZERO, BN254_FR_ZERO};

	while (n > 0) {
		for (int i = 0; i < 2 && n > 0; i++) {
			size_t k = n < 8 ? n : 8;

			s[i] = bn254_pack(v, k);
			v += k;
			n -= k;
		}
		bn254_poseidon2(s);
	}
	return bn254_to_digest(s[0]);
}

digest
bn254_compress(const digest *left, const digest *right)
{
	bn254_fr s[3] = {
		bn254_from_digest(left), bn254_from_digest(right),
		BN254_FR_ZERO
	};

	bn254_poseidon2(s);
	return bn254_to_digest(s[0]);
}

void
bn254_hash_rows(digest *out, const kb *row, size_t width, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = bn254_hash(row + i * width, width);
}

void
bn254_hash_layer(digest *out, const digest *in, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = bn254_compress(&in[2 * i], &in[2 * i + 1]);
}
