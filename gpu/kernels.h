#ifndef GPU_KERNELS_H
#define GPU_KERNELS_H
/*
 * The prover's heavy operations on a device.  What each computes for an index is written
 * once, in the header that the table names (base/kernel.h says what a kernel may do),
 * for the
 * CPU's lanes and for a thread; the .cu files here only deal indices out and add sums up.
 *
 * index	kernel		reads -> writes
 *
 * poseidon2.cu (poly/hash_kernels.h)
 * a leaf	gpu_absorb	columns, sponges -> sponges or digests
 * a row	gpu_rows	rows -> digests
 * a node	gpu_layer	a tree's layer -> the next one
 * a witness	gpu_grind	state -> the least witness (atomicMin)
 *
 * ntt.cu (poly/ntt_kernels.h)
 * 2^radix	gpu_ntt		radix <= 4 layers of codewords, from memory to memory
 * elements
 * a block	gpu_ntt_tile	all layers of blocks of 2^log <= 2^NTT_TILE, in shared
 *				memory
 *
 * gkr.cu (prover/kernels.h): y is the interaction
 * a row	gpu_fractions	columns -> a table's fractions
 * a row	gpu_gkr_add	table j -> table j - 1
 * a row	gpu_gkr_scale	numerators times lambda, in place
 * two pairs	gpu_gkr_sum	table, eq -> partial sums
 * two pairs	gpu_gkr_fold	table -> half as many pairs
 *
 * zerocheck.cu (prover/kernels.h, air/block_kernels.h); y is the point, of 0, 2, 4
 * two rows	gpu_zerocheck_kb, _ef	columns, bytecode, eq -> partial sums
 *
 * sumcheck.cu (prover/kernels.h)
 * a pair	gpu_fold_kb, gpu_fold	a variable bound, of cells, of elements
 * an element	gpu_dot_kb	column, eq -> partial sums; y is the column
 * a pair	gpu_dot_pairs	the same of even and odd elements
 * an element	gpu_scale	times a constant
 * an element	gpu_eq_double	eq's table with one more variable in front, in place
 * an element	gpu_eq_halve	the last variable summed out
 * a sum	gpu_add_up	partial sums -> sums
 *
 * jagged.cu (prover/kernels.h)
 * a cell	gpu_dot16	cells, eq -> partial sums of the sixteen residues
 * a pair	gpu_product_sum	both factors -> partial sums
 *
 * basefold.cu (prover/kernels.h)
 * a row	gpu_combine	columns, weights -> their combination
 * a pair	gpu_split	a codeword's entries -> the leaves' columns
 * a pair	gpu_fold_codeword
 * a pair	gpu_fold_coeff
 *
 * trace.cu, trace_hash.cu, trace_field.cu (rows/)
 * a row	gpu_trace_CHIP	a shard's events -> a row, column by column
 * a message	gpu_lift	Global's message -> its point
 * chunks	gpu_sum_chunks	Global's points -> their running sums
 *
 * Conventions.  n: indices.  Every grid will do, of any number of blocks of GPU_THREADS:
 * a thread takes every (threads)-th index.  Pointers are to the device's memory and
 * nothing that is written is read by another index, unless said.  Partial sums: `out`
 * receives, block by block (those of y together), what the block's threads summed;
 * gpu_add_up adds these up.  A field's sum is the same in any order.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/kernel.h"

extern "C" {
#include "poly/hash.h"
#include "poly/poseidon2_scaled.h"
#include "prover/backend.h"
#include "rows/trace.h"
}
struct zerocheck_chip;		/* prover/kernels.h */

struct global_sums;		/* rows/global.h */
struct global_scratch;

#define GPU_THREADS 256
/* Rows of up to so many cells are a thread's own, others are in scratch. */
#define GPU_OWN_ROW 256
#define NTT_TILE 12

#define GPU_KERNEL extern "C" __global__ void __launch_bounds__(GPU_THREADS)
/* With as many registers as it asks for, one block on a multiprocessor or more: else
 * the compiler spills some to have more threads. */
#define GPU_ROW_KERNEL \
	extern "C" __global__ void __launch_bounds__(GPU_THREADS, 1)
#define GPU_CONST const __grid_constant__

/* absorb_at(): entry begin + i of `width` columns into sponge in[i] (NULL:
 * fresh), i < n; out[i] is the sponge, or the digest where `last`. */
GPU_KERNEL gpu_absorb(digest *out, const digest *in, const kb *const *column,
    size_t width, size_t begin, int last,
    GPU_CONST struct poseidon2_scaled t, size_t n);
/* row_at(): out[i] is the digest of row i, `width` elements from row[i * width]
 * on. */
GPU_KERNEL gpu_rows(digest *out, const kb *row, size_t width,
    GPU_CONST struct poseidon2_scaled t, size_t n);
/* layer_at(): out[i] = compress(in[2i], in[2i + 1]); out is not in. */
GPU_KERNEL gpu_layer(digest *out, const digest *in,
    GPU_CONST struct poseidon2_scaled t, size_t n);
/* from + i, canonical, i < n; *found, at first UINT32_MAX: the least whose output has no
 * bit of mask. */
GPU_KERNEL gpu_grind(uint32_t *found, const kb *state, unsigned at,
    uint32_t from, uint32_t mask, GPU_CONST struct poseidon2_scaled t,
    size_t n);

/* ntt_blocks_at(); n is all blocks' elements >> radix. */
GPU_KERNEL gpu_ntt(kb *out, const kb *in, size_t in_step, unsigned log,
    unsigned radix, uint32_t b0, const kb *table, size_t n);
/* Blocks b0 .. b0 + n - 1, in place. */
GPU_KERNEL gpu_ntt_tile(kb *x, unsigned log, uint32_t b0, const kb *table,
    size_t n);

/* fractions_at(): rows row + i, i < n, of interaction y to out + y * step; 0/1 from n to
 * count.  f[y] and what it points to is the device's. */
GPU_KERNEL gpu_fractions(const struct gkr_fraction *f, const kb *const *col,
    size_t row, ef lambda, kb *out, size_t plane, size_t step, size_t n,
    size_t count);
/* Output row i < n of interaction y is the sum of rows 2i and 2i + 1; 0/1 from
 * n to count. */
GPU_KERNEL gpu_gkr_add(kb *out, size_t oplane, size_t ostep, const kb *in,
    size_t plane, size_t step, size_t n, size_t count);
/* t[i] times lambda, n elements in planes: numerators alone. */
GPU_KERNEL gpu_gkr_scale(kb *t, size_t plane, ef lambda, size_t n);
/* Two sums, times eq_slot[y]. */
GPU_KERNEL gpu_gkr_sum(ef *out, const kb *in, size_t plane, size_t step,
    const kb *eq, size_t eplane, const ef *eq_slot, size_t n);
/* 0/1 in output rows 2 n to count. */
GPU_KERNEL gpu_gkr_fold(kb *out, size_t oplane, size_t ostep, const kb *in,
    size_t plane, size_t step, ef r, size_t n, size_t count);

/* One sum at each point y: of pair i's constraints times eq[i].  first: the point that
 * y = 0 is.  slot: nslots words for each thread of the grid's x; those of a y follow
 * those of the one before. */
GPU_KERNEL gpu_zerocheck_kb(ef *out, GPU_CONST struct zerocheck_chip z,
    int first, kb *slot, size_t n);
/* The same after the first round; slot: 4 nslots words. */
GPU_KERNEL gpu_zerocheck_ef(ef *out, GPU_CONST struct zerocheck_chip z,
    int first, kb *slot, size_t n);

/* out[i] = in[2i] + r (in[2i + 1] - in[2i]), of field elements; out in
 * planes. */
GPU_KERNEL gpu_fold_kb(kb *out, size_t oplane, const kb *in, ef r, size_t n);
/* The same of elements in planes. */
GPU_KERNEL gpu_fold(kb *out, size_t oplane, const kb *in, size_t plane, ef r,
    size_t n);
/* One sum of eq[i] v[y][i]. */
GPU_KERNEL gpu_dot_kb(ef *out, const kb *const *v, const kb *eq, size_t eplane,
    size_t n);
/* Two sums: of eq[i] v[2i], and of eq[i] v[2i + 1]. */
GPU_KERNEL gpu_dot_pairs(ef *out, const kb *v, size_t plane, const kb *eq,
    size_t eplane, size_t n);
/* out[i] = c in[i], in planes; out may be in. */
GPU_KERNEL gpu_scale(kb *out, size_t oplane, const kb *in, size_t plane, ef c,
    size_t n);
/* t[n + i] = z t[i], t[i] -= that. */
GPU_KERNEL gpu_eq_double(kb *t, size_t plane, ef z, size_t n);
/* out[i] = in[2i] + in[2i + 1]; out is not in. */
GPU_KERNEL gpu_eq_halve(kb *out, size_t oplane, const kb *in, size_t plane,
    size_t n);
/* out[y * nsums + i] = the sum over blocks b < n of in[(y * n + b) * nsums + i]; one
 * block a sum: blockIdx.x is i. */
GPU_KERNEL gpu_add_up(ef *out, const ef *in, size_t nsums, size_t n);

/* Sixteen sums: of eq[i / 16] v[i], by i mod 16; n is a multiple of 16. */
GPU_KERNEL gpu_dot16(ef *out, const kb *v, const kb *eq, size_t eplane,
    size_t n);
/* Two sums: of a[2i] b[2i], and of the products of differences. */
GPU_KERNEL gpu_product_sum(ef *out, const kb *a, const kb *b, size_t plane,
    size_t n);

/* out[i] = the sum of w[j] col[j][i], j < ncols. */
GPU_KERNEL gpu_combine(kb *out, size_t oplane, const kb *const *col,
    const ef *w, size_t ncols, size_t n);
/* even[i] = in[2i], odd[i] = in[2i + 1]. */
GPU_KERNEL gpu_split(kb *even, kb *odd, const kb *in, size_t n);
/* out[i] = (e + o) / 2 + beta (e - o) half_inv[i], e = even[i], o = odd[i], all
 * in planes but half_inv. */
GPU_KERNEL gpu_fold_codeword(kb *out, size_t oplane, const kb *even,
    const kb *odd, size_t plane, const kb *half_inv, ef beta, size_t n);
/* out[i] = in[2i] + beta in[2i + 1]. */
GPU_KERNEL gpu_fold_coeff(kb *out, size_t oplane, const kb *in, size_t plane,
    ef beta, size_t n);

/* Rows of chips, of run/chips.def's.  Row i, i < n, to out[j * rows + i], j each
 * column; padding rows, of which there are fewer than 32, stay the host's.  s, its
 * program and what they point to is the device's.  scratch: a row for each
 * thread of the grid, where rows are longer than GPU_OWN_ROW. */
#define GPU_TRACE(kind, name) \
	kind gpu_trace_##name(kb *out, size_t rows, \
	    GPU_CONST struct shard_events s, kb *scratch, size_t n);
#define GPU_TRACE_CALLS(name, ...) GPU_TRACE(GPU_ROW_KERNEL, name)
#define CHIP_INSTR(name, ...) GPU_TRACE(GPU_KERNEL, name)
#define CHIP_EVENTS(name, ...) GPU_TRACE(GPU_KERNEL, name)
#define CHIP_GLOBAL GPU_TRACE_CALLS
#define CHIP_CALLS GPU_TRACE_CALLS
#include "run/chips.def"
/* lift_at() of g[i]; *failed becomes 1 where it gives -1. */
GPU_KERNEL gpu_lift(struct global_event *g, uint32_t *failed, size_t n);
/* sum_chunks_at() of group k < n of `side` chunks; *failed as above.  scratch:
 * one for each thread. */
GPU_ROW_KERNEL gpu_sum_chunks(GPU_CONST struct global_sums w, int keep,
    struct global_scratch *scratch, uint32_t *failed, size_t n);

#endif
