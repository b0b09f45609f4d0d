#ifndef GPU_SUMS_H
#define GPU_SUMS_H
/* The kernels of the prover's phases, and how threads' sums are brought together. */
#include "gpu/device.h"
#include "prover/kernels.h"

/*
 * The sums of all threads of a block whose numbers agree mod `keep` (1 or 16): to
 * out[t], t < keep.  All threads call it.
 */
template <int keep> static __device__ void
block_sum(ef *out, ef s)
{
	__shared__ ef warp[GPU_THREADS / 32][keep];
	const unsigned t = threadIdx.x, lane = t % 32;

	for (int d = 16; d >= keep; d /= 2)
		for (int k = 0; k < 4; k++)
			s.c[k] = kb_add(s.c[k], (kb){__shfl_down_sync(~0u,
			    s.c[k].v, d)});
	__syncthreads();	/* an earlier sum is read */
	if (lane < keep)
		warp[t / 32][lane] = s;
	__syncthreads();
	if (t < keep) {
		for (unsigned w = 1; w < blockDim.x / 32; w++)
			s = ef_add(s, warp[w][t]);
		out[t] = s;
	}
}

/* The place of this block's n partial sums. */
static __device__ inline ef *
partial(ef *out, size_t n)
{
	return out + (blockIdx.y * (size_t)gridDim.x + blockIdx.x) * n;
}

/* A thread's one lane as an element. */
static __device__ inline ef
as_ef(vece a)
{
	return (ef){{a.c[0], a.c[1], a.c[2], a.c[3]}};
}

/* A constant of a loop, and three times it. */
#define GPU_CONSTANT(x, x3, value) \
	const vece x = ve_set(value), x3 = ve_triple(x)

#endif
