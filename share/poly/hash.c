#include "poly/hash.h"

#include <string.h>

#include "base/par.h"
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
