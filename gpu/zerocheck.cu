/* A round of zerocheck: a thread runs the chip's bytecode on two rows. */
#include "gpu/sums.h"

GPU_KERNEL
gpu_zerocheck_kb(ef *out, GPU_CONST struct zerocheck_chip z, int first,
    kb *slot, size_t n)
{
	const int x = first + (int)blockIdx.y;
	vece s = ve_set(EF_ZERO);

	slot += blockIdx.y * z.nslots * GPU_COUNT + GPU_INDEX;
	EACH(i, n)
		s = ve_add(s, zerocheck_kb_at(&z, x, i, slot, GPU_COUNT));
	block_sum<1>(partial(out, 1), as_ef(s));
}

GPU_KERNEL
gpu_zerocheck_ef(ef *out, GPU_CONST struct zerocheck_chip z, int first,
    kb *slot, size_t n)
{
	const int x = first + (int)blockIdx.y;
	vece s = ve_set(EF_ZERO);

	slot += blockIdx.y * 4 * z.nslots * GPU_COUNT + GPU_INDEX;
	EACH(i, n)
		s = ve_add(s, zerocheck_ef_at(&z, x, i, slot, GPU_COUNT));
	block_sum<1>(partial(out, 1), as_ef(s));
}
