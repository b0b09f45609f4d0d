/* Codewords. */
#include "gpu/device.h"
#include "poly/ntt_kernels.h"

GPU_KERNEL
gpu_ntt(kb *out, const kb *in, size_t in_step, unsigned log, unsigned radix,
    uint32_t b0, const kb *table, size_t n)
{
	EACH(i, n)
		ntt_blocks_at(out, in, in_step, log, radix, b0, i, table);
}

GPU_KERNEL
gpu_ntt_tile(kb *x, unsigned log, uint32_t b0, const kb *table, size_t n)
{
	__shared__ kb tile[1 << NTT_TILE];
	const unsigned size = 1u << log;

	for (size_t b = blockIdx.x; b < n; b += gridDim.x) {
		kb *block = x + (b << log);
		uint32_t first = b0 + (uint32_t)b;

		for (unsigned i = threadIdx.x; i < size; i += blockDim.x)
			tile[i] = block[i];
		for (unsigned left = log, radix; left; left -= radix) {
			radix = left < NTT_MAX_RADIX ? left : NTT_MAX_RADIX;
			__syncthreads();
			for (unsigned i = threadIdx.x; i < size >> radix;
			    i += blockDim.x)
				ntt_blocks_at(tile, tile, (size_t)1 << left,
				    left, radix, first, i, table);
			first <<= radix;
		}
		__syncthreads();
		for (unsigned i = threadIdx.x; i < size; i += blockDim.x)
			block[i] = tile[i];
		__syncthreads();
	}
}
