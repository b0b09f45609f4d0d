#include "poly/hash.h"

#include <string.h>

#include "base/par.h"
#include "poly/simd.h"

static inline kb
cube(kb x)
{
	return kb_mul(kb_mul(x, x), x);
}

/* t < 2^38, and 2^31 = 2^24 - 1 */
static inline uint32_t
reduce38(uint64_t t)
{
	uint32_t r = (uint32_t)(t & 0x7fffffff) +
	    (uint32_t)(t >> 31) * ((1u << 24) - 1);

	return r < KB_P ? r : r - KB_P;		/* r < 2^31 + 2^31 - 2^24 */
}

/* The circulant (2 3 1 1) on each four, then the sums of each residue mod 4: sums
 * of 35 elements at most. */
void
poseidon2_external(kb s[16])
{
	uint64_t y[16], sum[4];

	for (int i = 0; i < 16; i += 4) {
		uint64_t x0 = s[i].v, x1 = s[i + 1].v, x2 = s[i + 2].v;
		uint64_t x3 = s[i + 3].v, t = x0 + x1 + x2 + x3;

		y[i] = t + x0 + 2 * x1;
		y[i + 1] = t + x1 + 2 * x2;
		y[i + 2] = t + x2 + 2 * x3;
		y[i + 3] = t + x3 + 2 * x0;
	}
	for (int i = 0; i < 4; i++)
		sum[i] = y[i] + y[i + 4] + y[i + 8] + y[i + 12];
	for (int i = 0; i < 16; i++)
		s[i].v = reduce38(y[i] + sum[i & 3]);
}

/* (sum + d_i x_i) / 2^32: the division is the Montgomery reduction. */
void
poseidon2_internal(kb s[16])
{
	uint64_t sum = 0;

	for (int i = 0; i < 16; i++)
		sum += s[i].v;
	s[0].v = kb_reduce(sum + 2 * (uint64_t)(KB_P - s[0].v));
	for (int i = 1; i < 16; i++)
		s[i].v = kb_reduce(sum +
		    ((uint64_t)s[i].v << (i < 15 ? i - 1 : 15)));
}

void
poseidon2(kb s[16])
{
	poseidon2_external(s);
	for (int r = 0; r < 28; r++) {
		if (r >= 4 && r < 24) {
			s[0] = cube(kb_add(s[0], poseidon2_rc[r][0]));
			poseidon2_internal(s);
			continue;
		}
		for (int i = 0; i < 16; i++)
			s[i] = cube(kb_add(s[i], poseidon2_rc[r][i]));
		poseidon2_external(s);
	}
}

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

struct leaves {
	digest *out;
	const kb *const *column;
	size_t width;
	const struct simd_ops *ops;
};

static void
leaves_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct leaves *l = ctx;

	l->ops->hash_leaves(l->out + begin, l->column, l->width, begin,
	    end - begin);
}

void
hash_leaves(digest *out, const kb *const *column, size_t width, size_t n)
{
	struct leaves l = {out, column, width, simd()};

	par_for(n, 1024, leaves_piece, &l);
}

struct rows {
	digest *out;
	const kb *row;
	size_t width;
	const struct simd_ops *ops;
};

static void
rows_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct rows *r = ctx;

	r->ops->hash_rows(r->out, r->row, r->width, begin, end);
}

void
hash_rows(digest *out, const kb *row, size_t width, size_t n)
{
	struct rows r = {out, row, width, simd()};

	par_for(n, 1024, rows_piece, &r);
}

struct layer {
	digest *out;
	const digest *in;
	const struct simd_ops *ops;
};

static void
layer_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct layer *l = ctx;

	l->ops->hash_layer(l->out, l->in, begin, end);
}

void
hash_layer(digest *out, const digest *in, size_t n)
{
	struct layer l = {out, in, simd()};

	if (n <= 256)
		l.ops->hash_layer(out, in, 0, n);
	else
		par_for(n, 1024, layer_piece, &l);
}
