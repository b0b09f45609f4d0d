/* BaseFold's combination, leaves and folds. */
#include "gpu/sums.h"

GPU_KERNEL
gpu_combine(kb *out, size_t oplane, const kb *const *col, const ef *w,
    size_t ncols, size_t n)
{
	EACH(i, n)
		combine_at(out, oplane, col, 0, w, ncols, i, 1);
}

GPU_KERNEL
gpu_split(kb *even, kb *odd, const kb *in, size_t n)
{
	EACH(i, n)
		split_at(even, odd, in, i);
}

GPU_KERNEL
gpu_fold_codeword(kb *out, size_t oplane, const kb *even, const kb *odd,
    size_t plane, const kb *half_inv, ef beta, size_t n)
{
	GPU_CONSTANT(x, x3, beta);

	EACH(i, n)
		fold_codeword_at(out, oplane, even, odd, plane, half_inv, i, &x,
		    &x3, 1);
}

GPU_KERNEL
gpu_fold_coeff(kb *out, size_t oplane, const kb *in, size_t plane, ef beta,
    size_t n)
{
	GPU_CONSTANT(x, x3, beta);

	EACH(i, n)
		fold_coeff_at(out, oplane, in, plane, i, &x, &x3);
}
