#include "poly/bn254_hash.h"

#include "poly/hasher.h"

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

/* ---- as a hasher ---- */

/* Two scalars of eight elements; of fewer, one, or a part of one. */
#define RATE 16

static void
permute(union sponge *s, const kb *in, size_t n)
{
	for (size_t i = 0; i < n; i += 8)
		s->bn254[i / 8] = bn254_pack(in + i, n - i < 8 ? n - i : 8);
	bn254_poseidon2(s->bn254);
}

static any_digest
squeeze(const union sponge *s)
{
	return (any_digest){.bn254 = s->bn254[0]};
}

static void
challenges(kb out[SPONGE_OUT], const union sponge *s)
{
	bn254_split(out, s->bn254[0]);
	bn254_split(out + 4, s->bn254[1]);
}

static size_t
elements(kb out[8], const any_digest *d)
{
	bn254_split(out, d->bn254);
	return 4;
}

static any_digest
compress(const any_digest *left, const any_digest *right)
{
	bn254_fr s[3] = {left->bn254, right->bn254, BN254_FR_ZERO};

	bn254_poseidon2(s);
	return (any_digest){.bn254 = s[0]};
}

static uint32_t
grind16(const union sponge *s, const kb *in, size_t n, uint32_t from,
    uint32_t mask)
{
	uint32_t hit = 0;
	kb v[RATE], out[SPONGE_OUT];

	memcpy(v, in, n * sizeof *in);
	for (uint32_t i = 0; i < 16 && from + i < KB_P; i++) {
		union sponge t = *s;

		v[n] = kb_from(from + i);
		permute(&t, v, n + 1);
		challenges(out, &t);
		if (!(kb_to(out[SPONGE_OUT - 1]) & mask))
			hit |= 1u << i;
	}
	return hit;
}

/* What is kept of a sponge is the scalar that no input overwrites. */
static void
absorb(any_digest *out, const any_digest *in, const kb *const *column,
    size_t width, size_t begin, size_t n, bool last)
{
	DEBUG_ASSERT(!in || width > RATE / 2);
	DEBUG_ASSERT(last || width % RATE == 0);
	for (size_t i = 0; i < n; i++) {
		union sponge s = {{{0}}};
		kb v[RATE];

		if (in)
			s.bn254[2] = in[i].bn254;
		for (size_t j = 0; j < width; j++) {
			v[j % RATE] = column[j][begin + i];
			if (j % RATE == RATE - 1 || j + 1 == width)
				permute(&s, v, j % RATE + 1);
		}
		out[i].bn254 = last ? s.bn254[0] : s.bn254[2];
	}
}

static void
rows(any_digest *out, const kb *row, size_t width, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = hasher_hash(&hasher_bn254, row + i * width, width);
}

static void
layer(any_digest *out, const any_digest *in, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = compress(&in[2 * i], &in[2 * i + 1]);
}

const struct hasher hasher_bn254 = {
	.rate = RATE,
	.permute = permute,
	.squeeze = squeeze,
	.challenges = challenges,
	.elements = elements,
	.compress = compress,
	.grind16 = grind16,
	.absorb = absorb,
	.rows = rows,
	.layer = layer,
};
