#ifndef BASE_DEBUG_H
#define BASE_DEBUG_H
/*
 * What a function relies on, where to check it costs too much in a release: ranges of
 * lanes and limbs, powers of two, alignment.  `make debug` builds with -DDEBUG and tests
 * what asserts; elsewhere nothing is left of it, but it has to compile.
 *
 *	DEBUG_ASSERT(cond)	must(cond), in C++ and CUDA assert(cond)
 *	DEBUG_FUNCTION		begins a function of a header that a cond calls
 */
#ifndef DEBUG
#define DEBUG_ASSERT(cond) ((void)sizeof(!(cond)))
#elif defined(__cplusplus)
#include <assert.h>
#define DEBUG_ASSERT(cond) assert(cond)
#else
#include "base/err.h"
#define DEBUG_ASSERT(cond) must(cond)
#endif

#ifdef __CUDACC__
#define DEBUG_FUNCTION static __host__ __device__ inline
#else				/* once a file: there are thousands of calls */
#define DEBUG_FUNCTION static __attribute__((noinline, unused))
#endif

#define is_power_of_2(n) ((n) != 0 && ((n) & ((n) - 1)) == 0)
#define is_aligned(p, n) ((uintptr_t)(p) % (n) == 0)

#endif
