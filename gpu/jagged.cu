/* Rounds of the jagged sumcheck; the rest of it is sumcheck.cu's. */
#include "gpu/sums.h"

/* A thread's residue stays: GPU_COUNT is a multiple of 16. */
GPU_KERNEL
gpu_dot16(ef *out, const kb *v, const kb *eq, size_t eplane, size_t n)
{
	vacc s = vacc_zero;

	EACH(i, n)
		dot16_at(&s, v, eq, eplane, i / 16, (int)(i % 16));
	block_sum<16>(partial(out, 16), as_ef(vacc_get(&s)));
}

GPU_KERNEL
gpu_product_sum(ef *out, const kb *a, const kb *b, size_t plane, size_t n)
{
	vece s[2] = {ve_set(EF_ZERO), ve_set(EF_ZERO)};

	EACH(i, n)
		product_sum_at(s, a, b, plane, i);
	block_sum<1>(partial(out, 2), as_ef(s[0]));
	block_sum<1>(partial(out, 2) + 1, as_ef(s[1]));
}
