/* What rounds of all sumchecks share: folds, dot products, tables of eq. */
#include "gpu/sums.h"

GPU_KERNEL
gpu_fold_kb(kb *out, size_t oplane, const kb *in, ef r, size_t n)
{
	const vece x = ve_set(r);

	EACH(i, n)
		fold_kb_at(out, oplane, in, i, &x);
}

GPU_KERNEL
gpu_fold(kb *out, size_t oplane, const kb *in, size_t plane, ef r, size_t n)
{
	GPU_CONSTANT(x, x3, r);

	EACH(i, n)
		fold_at(out, oplane, in, plane, i, &x, &x3);
}

GPU_KERNEL
gpu_dot_kb(ef *out, const kb *const *v, const kb *eq, size_t eplane, size_t n)
{
	vacc s = vacc_zero;

	EACH(i, n)
		dot_kb_at(&s, v[blockIdx.y], eq, eplane, i, 1);
	block_sum<1>(partial(out, 1), as_ef(vacc_get(&s)));
}

GPU_KERNEL
gpu_dot_pairs(ef *out, const kb *v, size_t plane, const kb *eq, size_t eplane,
    size_t n)
{
	vece s[2] = {ve_set(EF_ZERO), ve_set(EF_ZERO)};

	EACH(i, n)
		dot_pairs_at(s, v, plane, eq, eplane, i);
	block_sum<1>(partial(out, 2), as_ef(s[0]));
	block_sum<1>(partial(out, 2) + 1, as_ef(s[1]));
}

GPU_KERNEL
gpu_scale(kb *out, size_t oplane, const kb *in, size_t plane, ef c, size_t n)
{
	GPU_CONSTANT(x, x3, c);

	EACH(i, n)
		scale_at(out, oplane, in, plane, i, &x, &x3, 1);
}

GPU_KERNEL
gpu_eq_double(kb *t, size_t plane, ef z, size_t n)
{
	GPU_CONSTANT(x, x3, z);

	EACH(i, n)
		eq_double_at(t, plane, n, i, &x, &x3, 1);
}

GPU_KERNEL
gpu_eq_halve(kb *out, size_t oplane, const kb *in, size_t plane, size_t n)
{
	EACH(i, n)
		for (int k = 0; k < 4; k++)
			eq_halve_at(out + k * oplane, in + k * plane, i);
}

GPU_KERNEL
gpu_add_up(ef *out, const ef *in, size_t nsums, size_t n)
{
	ef s = EF_ZERO;

	in += blockIdx.y * n * nsums + blockIdx.x;
	for (size_t b = threadIdx.x; b < n; b += blockDim.x)
		s = ef_add(s, in[b * nsums]);
	block_sum<1>(out + blockIdx.y * nsums + blockIdx.x, s);
}
