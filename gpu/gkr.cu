/* LogUp-GKR: tables of fractions, and a layer's rounds. */
#include "gpu/sums.h"

GPU_KERNEL
gpu_fractions(const struct gkr_fraction *f, const kb *const *col, size_t row,
    ef lambda, kb *out, size_t plane, size_t step, size_t n, size_t count)
{
	const vece l = ve_set(lambda);

	f += blockIdx.y;
	out += blockIdx.y * step;
	EACH(i, count)
		if (i < n)
			fractions_at(f, col, row, &l, out, plane, i, 1);
		else
			fraction_none_at(out, plane, i);
}

GPU_KERNEL
gpu_gkr_add(kb *out, size_t oplane, size_t ostep, const kb *in, size_t plane,
    size_t step, size_t n, size_t count)
{
	in += blockIdx.y * step;
	out += blockIdx.y * ostep;
	EACH(i, count)
		if (i < n)
			gkr_add_at(out, oplane, in, plane, i);
		else
			fraction_none_at(out, oplane, i);
}

GPU_KERNEL
gpu_gkr_scale(kb *t, size_t plane, ef lambda, size_t n)
{
	GPU_CONSTANT(l, l3, lambda);

	EACH(i, n)
		scale_at(t, plane, t, plane, i, &l, &l3, 1);
}

GPU_KERNEL
gpu_gkr_sum(ef *out, const kb *in, size_t plane, size_t step, const kb *eq,
    size_t eplane, const ef *eq_slot, size_t n)
{
	const vece e = ve_set(eq_slot[blockIdx.y]);
	vece s[2] = {ve_set(EF_ZERO), ve_set(EF_ZERO)};

	in += blockIdx.y * step;
	EACH(i, n)
		gkr_sum_at(s, in, plane, eq, eplane, i);
	block_sum<1>(partial(out, 2), as_ef(ve_mul(s[0], e)));
	block_sum<1>(partial(out, 2) + 1, as_ef(ve_mul(s[1], e)));
}

GPU_KERNEL
gpu_gkr_fold(kb *out, size_t oplane, size_t ostep, const kb *in, size_t plane,
    size_t step, ef r, size_t n, size_t count)
{
	GPU_CONSTANT(x, x3, r);

	in += blockIdx.y * step;
	out += blockIdx.y * ostep;
	EACH(i, n) {
		gkr_fold_at(out, oplane, in, plane, i, &x, &x3);
		gkr_fold_at(out + 4 * oplane, oplane, in + 4 * plane, plane, i,
		    &x, &x3);
	}
	for (size_t i = 2 * n + GPU_INDEX; i < count; i += GPU_COUNT)
		fraction_none_at(out, oplane, i);
}
