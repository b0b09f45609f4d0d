#ifndef PROVER_CPU_KERNELS_H
#define PROVER_CPU_KERNELS_H
/*
 * The CPU backend's inner loops, one table an instruction set (kernels.inc).
 * Extension elements lie in planes: coefficient k of element i at p[k * plane + i].
 * A table of fractions is eight planes: numerators, then denominators.  Counts are
 * multiples of CPU_BLOCK unless stated.
 */
#include "prover/backend.h"

#define CPU_BLOCK 64

struct cpu_kernels {
	const char *name;

	/* The fractions of rows [row, row + n) of one interaction, n <= count,
	 * 0/1 for the rest; numerators times lambda.  col: columns' first cells. */
	void (*fractions)(const struct gkr_fraction *f, const kb *const *col,
	    size_t row, size_t n, size_t count, ef lambda, kb *out,
	    size_t plane);
	/* count rows in, count / 2 out. */
	void (*gkr_add)(kb *out, size_t oplane, const kb *in, size_t plane,
	    size_t count);
	void (*gkr_scale)(kb *t, size_t plane, size_t count, ef lambda);
	/* Adds to sum[2]; eq: count / 4 weights. */
	void (*gkr_sum)(ef *sum, const kb *in, size_t plane, size_t count,
	    const kb *eq, size_t eplane);
	void (*gkr_fold)(kb *out, size_t oplane, const kb *in, size_t plane,
	    size_t count, ef r);

	/* sum of eq[i] v[i], any n */
	ef (*dot_kb)(const kb *v, const kb *eq, size_t eplane, size_t n);
	/* sums of eq[i] v[2i] and eq[i] v[2i + 1], i < n, n a multiple of 16 */
	void (*dot_pairs)(ef out[2], const kb *v, size_t plane, const kb *eq,
	    size_t eplane, size_t n);
	/* sum of eq[i] v[i] for n <= CPU_BLOCK elements, not in planes; v is
	 * cleared from n to CPU_BLOCK */
	ef (*dot_block)(ef *v, size_t n, const kb *eq, size_t eplane);
	/* in[2i] + t (in[2i+1] - in[2i]), t = 0, 2, 4, for CPU_BLOCK pairs */
	void (*points)(kb *o0, kb *o2, kb *o4, const kb *in);
	/* out[i] = in[2i] + r (in[2i+1] - in[2i]), i < n, n a multiple of 16;
	 * fold: in place allowed */
	void (*fold_kb)(kb *out, size_t oplane, const kb *in, size_t n, ef r);
	void (*fold)(kb *out, size_t oplane, const kb *in, size_t plane,
	    size_t n, ef r);
	/* out[i] = in[2i] + r in[2i+1] */
	void (*fold_coeff)(kb *out, size_t oplane, const kb *in, size_t plane,
	    size_t n, ef r);
	/* out[i] = sum of w[j] col[j][row + i], i < n, any n; 0 up to the next
	 * multiple of 16 */
	void (*combine)(kb *out, size_t oplane, const kb *const *col, size_t row,
	    const ef *w, size_t ncols, size_t n);
	/* out[i] = c in[i], any n */
	void (*scale)(kb *out, size_t oplane, const kb *in, size_t plane,
	    size_t n, ef c);
	/* out[k] = sum of eq[i] v[16 i + k], any n */
	void (*dot16)(ef out[16], const kb *v, const kb *eq, size_t eplane,
	    size_t n);
	/* sums of products of neighbours: a[2i] b[2i]; differences */
	void (*product_sum)(ef out[2], const kb *a, const kb *b, size_t plane,
	    size_t n);
	/* t[i + n] = z t[i], t[i] -= that: one more variable in front; t[i] = t[2i] +
	 * t[2i+1]: the last one summed out, n results.  Any n. */
	void (*eq_double)(kb *t, size_t plane, size_t n, size_t begin,
	    size_t end, ef z);
	void (*eq_halve)(kb *t, size_t plane, size_t n);
	/* even[i] = in[2i], odd[i] = in[2i + 1] */
	void (*split)(kb *even, kb *odd, const kb *in, size_t n);
	/* (e + o) / 2 + beta (e - o) half_inv[i]; e and o in planes */
	void (*fold_codeword)(kb *out, size_t oplane, const kb *even,
	    const kb *odd, size_t plane, const kb *half_inv, size_t n,
	    ef beta);
};

extern const struct cpu_kernels cpu_kernels_c, cpu_kernels_avx2,
    cpu_kernels_avx512;
/* Those of isa_best(). */
const struct cpu_kernels *cpu_kernels(void);
/* NULL: not on this processor. */
const struct cpu_kernels *cpu_kernels_by_name(const char *name);

#endif
