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
 *
 * nvcc reads C++: a C header that it sees casts what malloc() gives, has no [static n],
 * and no name that is a keyword there.
 */
#ifdef __CUDACC__
#define KERNEL static __host__ __device__ __forceinline__
#define DEVICE __host__ __device__
#else
#define KERNEL static inline
#define DEVICE
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
