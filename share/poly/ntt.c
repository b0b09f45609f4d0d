#include "poly/ntt.h"

#include <string.h>

#include "base/err.h"
#include "base/par.h"
#include "poly/simd.h"
#include "poly/twiddle.h"

/* ---- the plain form ---- */

static inline __attribute__((always_inline)) void
pass(kb *out, const kb *in, size_t part, unsigned radix, const kb *c,
    size_t begin, size_t end)
{
	for (size_t j = begin; j < end; j++) {
		kb x[1 << 4];

#pragma GCC unroll 16
		for (size_t i = 0; i < 1u << radix; i++)
			x[i] = in[i * part + j];
#pragma GCC unroll 4
		for (unsigned l = 0; l < radix; l++) {
			const unsigned h = 1u << (radix - 1 - l);

#pragma GCC unroll 16
			for (unsigned i = 0; i < 1u << radix; i++) {
				kb u, v;

				if (i & h)
					continue;
				u = x[i];
				v = kb_mul(x[i + h],
				    c[(1u << l) - 1 + i / (2 * h)]);
				x[i] = kb_add(u, v);
				x[i + h] = kb_sub(u, v);
			}
		}
#pragma GCC unroll 16
		for (size_t i = 0; i < 1u << radix; i++)
			out[i * part + j] = x[i];
	}
}

void
ntt_pass_scalar(kb *out, const kb *in, unsigned log, unsigned radix, uint32_t b,
    size_t begin, size_t end)
{
	size_t part = (size_t)1 << (log - radix);
	kb c[1 << 4];

	DEBUG_ASSERT(radix >= 1 && radix <= 4 && radix <= log);
	DEBUG_ASSERT(begin <= end && end <= part);
	twiddle_tree(c, b, radix);
	switch (radix) {
	case 1:
		pass(out, in, part, 1, c, begin, end);
		break;
	case 2:
		pass(out, in, part, 2, c, begin, end);
		break;
	case 3:
		pass(out, in, part, 3, c, begin, end);
		break;
	default:
		pass(out, in, part, 4, c, begin, end);
	}
}

void
ntt_block_scalar(kb *x, unsigned log, uint32_t b)
{
	unsigned radix = log < 3 ? log : 3;

	if (!log)
		return;
	ntt_pass_scalar(x, x, log, radix, b, 0, (size_t)1 << (log - radix));
	if (log > radix)
		for (uint32_t i = 0; i < 1u << radix; i++)
			ntt_block_scalar(x + ((size_t)i << (log - radix)),
			    log - radix, (b << radix) + i);
}

/* ---- all threads ---- */

/*
 * The upper part of the input is zero, so the first log_blowup layers would only
 * copy: block b of what they leave is the input.  One pass takes a block from
 * `in` to `out`, then its parts are independent.
 */
struct coset {
	kb *out;
	const kb *in;
	unsigned log_n, radix, log_piece;
	uint32_t block;
	const struct simd_ops *ops;
};

static void
top_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct coset *x = ctx;

	for (size_t i = begin; i < end; i++)
		x->ops->ntt_pass(x->out, x->in, x->log_n, x->radix, x->block,
		    i << x->log_piece, (i + 1) << x->log_piece);
}

static void
part_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct coset *x = ctx;
	unsigned log = x->log_n - x->radix;

	for (size_t i = begin; i < end; i++)
		x->ops->ntt_block(x->out + (i << log), log,
		    (x->block << x->radix) + (uint32_t)i);
}

#define LOG_PIECE 13

void
ntt_coset(kb *out, const kb *in, unsigned log_n, uint32_t block)
{
	struct coset x = {out, in, log_n, 4, LOG_PIECE, block, simd()};

	DEBUG_ASSERT(in + ((size_t)1 << log_n) <= out || out + ((size_t)1 << log_n) <= in);
	if (log_n < 12) {
		memcpy(out, in, sizeof *in << log_n);
		x.ops->ntt_block(out, log_n, block);
		return;
	}
	if (x.log_piece > log_n - x.radix)
		x.log_piece = log_n - x.radix;
	par_for((size_t)1 << (log_n - x.radix - x.log_piece), 1, top_piece, &x);
	par_for((size_t)1 << x.radix, 1, part_piece, &x);
}

void
ntt_extend(kb *out, const kb *in, unsigned log_n, unsigned log_blowup)
{
	must(log_n + log_blowup <= KB_TWO_ADICITY);
	for (uint32_t b = 0; b < 1u << log_blowup; b++)
		ntt_coset(out + ((size_t)b << log_n), in, log_n, b);
}
