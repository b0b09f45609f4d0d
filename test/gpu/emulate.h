#ifndef TEST_GPU_EMULATE_H
#define TEST_GPU_EMULATE_H
/*
 * As much of CUDA as gpu/ needs, on this processor: for `make gpu-check` where there is
 * no device.  A block's threads are coroutines that change at __syncthreads(), in
 * turn from the first and from the last.  Included before all else.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <functional>

#define __CUDACC__
#define __global__
#define __host__
#define __device__
#define __forceinline__ inline
#define __noinline__
#define __launch_bounds__(...)
#define __grid_constant__
#define __shared__ static

struct dim3 {
	unsigned x, y, z;
	dim3(unsigned a = 1, unsigned b = 1, unsigned c = 1) : x(a), y(b), z(c)
	{
	}
};
extern dim3 blockIdx, threadIdx, blockDim, gridDim;

void __syncthreads();
uint32_t __shfl_down_sync(unsigned mask, uint32_t v, int by);

static inline void
atomicMin(uint32_t *p, uint32_t v)
{
	if (v < *p)
		*p = v;
}

void emulate(dim3 grid, unsigned threads, std::function<void()> kernel);
#define LAUNCH_GRID(kernel, grid) [&](auto... a) { \
	emulate(grid, GPU_THREADS, [=] { kernel(a...); }); }
#define LAUNCH(kernel, y) LAUNCH_GRID(kernel, dim3(BLOCKS, y))

enum cudaError_t { cudaSuccess, cudaErrorMemoryAllocation };
enum { cudaMemcpyHostToDevice, cudaMemcpyDeviceToHost };
struct cudaDeviceProp { const char *name; int major, minor; };

#define cudaGetErrorString(e) ((e) ? "out of memory" : "no error")
#define cudaGetLastError() cudaSuccess
#define cudaGetDeviceCount(n) (*(n) = 1, cudaSuccess)
#define cudaGetDeviceProperties(p, i) \
	((p)->name = "emulated", (p)->major = (p)->minor = 0, cudaSuccess)
#define cudaFree(p) (free((void *)(p)), cudaSuccess)
#define cudaMemset(p, v, n) (memset((void *)(p), v, n), cudaSuccess)
#define cudaMemcpy(to, from, n, way) \
	(memcpy((void *)(to), (const void *)(from), n), cudaSuccess)
#define cudaMalloc(p, n) ((*(p) = (decltype(+*(p)))malloc(n)) ? \
	cudaSuccess : cudaErrorMemoryAllocation)

#endif
