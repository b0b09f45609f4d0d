#include "poly/hash.h"

#include <string.h>

#include "base/par.h"
#include "poly/simd.h"

static inline kb
cube(kb x)
{
	return kb_mul(kb_mul(x, x), x);
}

/* The circulant (2 3 1 1) on each four, then the sums of each residue mod 4. */
static void
external_layer(kb s[16])
{
	kb sum[4];

	for (int i = 0; i < 16; i += 4) {
		kb *x = s + i;
		kb t01 = kb_add(x[0], x[1]), t23 = kb_add(x[2], x[3]);
		kb t = kb_add(t01, t23);
		kb t1 = kb_add(t, x[1]), t3 = kb_add(t, x[3]);
		kb x0 = kb_add(x[0], x[0]), x2 = kb_add(x[2], x[2]);

		x[0] = kb_add(t1, t01);
		x[1] = kb_add(t1, x2);
		x[2] = kb_add(t3, t23);
		x[3] = kb_add(t3, x0);
	}
	for (int i = 0; i < 4; i++)
		sum[i] = kb_add(kb_add(s[i], s[i + 4]),
		    kb_add(s[i + 8], s[i + 12]));
	for (int i = 0; i < 16; i++)
		s[i] = kb_add(s[i], sum[i & 3]);
}

/* (sum + d_i x_i) / 2^32: the division is the Montgomery reduction. */
static void
internal_layer(kb s[16])
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
	external_layer(s);
	for (int r = 0; r < 28; r++) {
		if (r >= 4 && r < 24) {
			s[0] = cube(kb_add(s[0], poseidon2_rc[r][0]));
			internal_layer(s);
			continue;
		}
		for (int i = 0; i < 16; i++)
			s[i] = cube(kb_add(s[i], poseidon2_rc[r][i]));
		external_layer(s);
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
hash_leaves_scalar(digest *out, const kb *const *column, size_t width,
    size_t begin, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		kb s[16] = {{0}};

		for (size_t j = 0; j < width; j++) {
			s[j & 7] = column[j][begin + i];
			if ((j & 7) == 7 || j + 1 == width)
				poseidon2(s);
		}
		memcpy(&out[i], s, sizeof *out);
	}
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
