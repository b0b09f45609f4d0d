#include "poly/hash.h"

#include <string.h>

#include "poly/hasher.h"
#include "poly/simd.h"

digest
hash_kb(const kb *v, size_t n)
{
	kb s[16] = {{0}};
	digest d;

	while (n) {
		size_t m = n < 8 ? n : 8;

		memcpy(s, v, m * sizeof *v);
		poseidon2(s);
		v += m;
		n -= m;
	}
	memcpy(&d, s, sizeof d);
	return d;
}

digest
hash_compress(const digest *left, const digest *right)
{
	kb s[16];
	digest d;

	memcpy(s, left, sizeof *left);
	memcpy(s + 8, right, sizeof *right);
	poseidon2(s);
	memcpy(&d, s, sizeof d);
	return d;
}

void
absorb_scalar(digest *out, const digest *in, const kb *const *column,
    size_t width, size_t begin, size_t n, int last)
{
	for (size_t i = 0; i < n; i++) {
		kb s[16] = {{0}};

		if (in)
			memcpy(s + 8, &in[i], sizeof *in);
		for (size_t j = 0; j < width; j++) {
			s[j & 7] = column[j][begin + i];
			if ((j & 7) == 7 || j + 1 == width)
				poseidon2(s);
		}
		memcpy(&out[i], last ? s : s + 8, sizeof *out);
	}
}

void
hash_leaves_scalar(digest *out, const kb *const *column, size_t width,
    size_t begin, size_t n)
{
	absorb_scalar(out, NULL, column, width, begin, n, 1);
}

void
hash_rows_scalar(digest *out, const kb *row, size_t width, size_t begin,
    size_t end)
{
	for (size_t i = begin; i < end; i++)
		out[i] = hash_kb(row + i * width, width);
}

void
hash_layer_scalar(digest *out, const digest *in, size_t begin, size_t end)
{
	for (size_t i = begin; i < end; i++)
		out[i] = hash_compress(&in[2 * i], &in[2 * i + 1]);
}

/* Sixteen witnesses at a time: w[i] = from + i, canonical. */
uint32_t
grind16_scalar(const kb state[16], unsigned at, uint32_t from, uint32_t mask)
{
	uint32_t hit = 0;

	for (uint32_t i = 0; i < 16 && from + i < KB_P; i++) {
		kb s[16];

		memcpy(s, state, sizeof s);
		s[at] = kb_from(from + i);
		poseidon2(s);
		if (!(kb_to(s[7]) & mask))
			hit |= 1u << i;
	}
	return hit;
}

/* ---- as a hasher ---- */

static void
permute_kb(union sponge *s, const kb *in, size_t n)
{
	memcpy(s->kb, in, n * sizeof *in);
	poseidon2(s->kb);
}

static any_digest
squeeze_kb(const union sponge *s)
{
	any_digest d;

	memcpy(&d.kb, s->kb, sizeof d.kb);
	return d;
}

static void
challenges_kb(kb out[SPONGE_OUT], const union sponge *s)
{
	memcpy(out, s->kb, SPONGE_OUT * sizeof *out);
}

static size_t
elements_kb(kb out[8], const any_digest *d)
{
	memcpy(out, d->kb.c, sizeof d->kb.c);
	return 8;
}

static any_digest
compress_kb(const any_digest *left, const any_digest *right)
{
	return (any_digest){.kb = hash_compress(&left->kb, &right->kb)};
}

static uint32_t
grind16_kb(const union sponge *s, const kb *in, size_t n, uint32_t from,
    uint32_t mask)
{
	kb state[16];

	memcpy(state, s->kb, sizeof state);
	memcpy(state, in, n * sizeof *in);
	return simd()->grind16(state, (unsigned)n, from, mask);
}

static void
absorb_kb(any_digest *out, const any_digest *in, const kb *const *column,
    size_t width, size_t begin, size_t n, bool last)
{
	simd()->absorb(&out->kb, in ? &in->kb : NULL, column, width, begin, n,
	    last);
}

static void
rows_kb(any_digest *out, const kb *row, size_t width, size_t n)
{
	simd()->hash_rows(&out->kb, row, width, 0, n);
}

static void
layer_kb(any_digest *out, const any_digest *in, size_t n)
{
	simd()->hash_layer(&out->kb, &in->kb, 0, n);
}

const struct hasher hasher_kb = {
	.rate = 8,
	.permute = permute_kb,
	.squeeze = squeeze_kb,
	.challenges = challenges_kb,
	.elements = elements_kb,
	.compress = compress_kb,
	.grind16 = grind16_kb,
	.absorb = absorb_kb,
	.rows = rows_kb,
	.layer = layer_kb,
};
