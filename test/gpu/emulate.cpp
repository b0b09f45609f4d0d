#include "test/gpu/emulate.h"

#include <ucontext.h>

#include <vector>

#define STACK ((size_t)1 << 17)

dim3 blockIdx, threadIdx, blockDim, gridDim;

static ucontext_t caller;
static std::vector<ucontext_t> thread;
static std::vector<bool> ended;
static std::function<void()> body;

static void
entry()
{
	body();
	ended[threadIdx.x] = true;
	swapcontext(&thread[threadIdx.x], &caller);
}

void
__syncthreads()
{
	swapcontext(&thread[threadIdx.x], &caller);
}

uint32_t
__shfl_down_sync(unsigned mask, uint32_t v, int by)
{
	static uint32_t all[1024];
	unsigned t = threadIdx.x;
	uint32_t r;

	all[t] = v;
	__syncthreads();
	r = t % 32 + (unsigned)by < 32 ? all[t + (unsigned)by] : v;
	__syncthreads();
	return r;
}

/* Every thread up to its next barrier, until all have ended. */
static void
run_block(unsigned threads)
{
	unsigned left = threads;

	for (unsigned turn = 0; left; turn++)
		for (unsigned i = 0; i < threads; i++) {
			unsigned t = turn & 1 ? threads - 1 - i : i;

			if (ended[t])
				continue;
			threadIdx = dim3(t);
			swapcontext(&caller, &thread[t]);
			left -= ended[t];
		}
}

void
emulate(dim3 grid, unsigned threads, std::function<void()> kernel)
{
	static std::vector<char> stacks;

	stacks.resize(threads * STACK);
	gridDim = grid;
	blockDim = dim3(threads);
	body = kernel;
	for (unsigned b = 0; b < grid.x * grid.y; b++) {
		blockIdx = dim3(b % grid.x, b / grid.x);
		thread.assign(threads, ucontext_t());
		ended.assign(threads, false);
		for (unsigned t = 0; t < threads; t++) {
			getcontext(&thread[t]);
			thread[t].uc_stack.ss_sp = &stacks[t * STACK];
			thread[t].uc_stack.ss_size = STACK;
			makecontext(&thread[t], entry, 0);
		}
		run_block(threads);
	}
}
