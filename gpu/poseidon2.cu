/* Trees, and grinding. */
#include "gpu/device.h"
#include "poly/hash_kernels.h"

GPU_KERNEL
gpu_absorb(digest *out, const digest *in, const kb *const *column, size_t width,
    size_t begin, int last, GPU_CONST struct poseidon2_scaled t, size_t n)
{
	EACH(i, n)
		absorb_at(out + i, in ? in + i : NULL, column, width, begin + i,
		    last, &t);
}

GPU_KERNEL
gpu_rows(digest *out, const kb *row, size_t width,
    GPU_CONST struct poseidon2_scaled t, size_t n)
{
	EACH(i, n)
		row_at(out, row, width, i, &t);
}

GPU_KERNEL
gpu_layer(digest *out, const digest *in, GPU_CONST struct poseidon2_scaled t,
    size_t n)
{
	EACH(i, n)
		layer_at(out, in, i, &t);
}

GPU_KERNEL
gpu_grind(uint32_t *found, const kb *state, unsigned at, uint32_t from,
    uint32_t mask, GPU_CONST struct poseidon2_scaled t, size_t n)
{
	EACH(i, n) {
		kb w = kb_from(from + (uint32_t)i);

		grind_at(&w, state, at, &w, &t);
		if (!(kb_to(w) & mask))
			atomicMin(found, from + (uint32_t)i);
	}
}
