#ifndef BASE_KERNEL_H
#define BASE_KERNEL_H
/*
 * What lets one header serve C and CUDA.  A kernel is a function of an index and plain
 * pointers: it writes what belongs to its index and reads nothing that another index
 * writes, so that indices may run in any order, or at once.
 *
 *	KERNEL		begins a function of a header: static, inlined
 *	DEVICE		begins a function with a body of its own in a .c file, which a
 *			.cu file may include
 *	TABLE		begins constants of such a file; where they are not static,
 *			a header has them in TABLE_DECLARE()
 *
 * nvcc reads C++: a C header that it sees casts what malloc() gives, has no [static n],
 * and no name that is a keyword there.
 */
#ifdef __CUDACC__
#define KERNEL static __host__ __device__ __forceinline__
#ifndef DEVICE			/* a file that includes bodies has its own */
#define DEVICE __host__ __device__
#endif
#define TABLE static __device__ const
#define STATIC_TABLE TABLE
#define TABLE_DECLARE(...)
#else
#define KERNEL static inline
#define DEVICE
#define TABLE const
#define STATIC_TABLE static const
#define TABLE_DECLARE(...) extern const __VA_ARGS__;
#endif

/* A loop of n turns that is to be unrolled: names in registers, not an array. */
#ifdef __CUDACC__
#define UNROLL(n) _Pragma("unroll")
#else
#define KERNEL_PRAGMA(x) _Pragma(#x)
#define UNROLL(n) KERNEL_PRAGMA(GCC unroll n)
#endif

#ifdef __cplusplus
#define _Static_assert static_assert
#define _Alignas alignas
#define _Noreturn
#endif

#endif
