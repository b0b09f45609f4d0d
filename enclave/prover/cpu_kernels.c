#include "prover/cpu_kernels.h"

#include <stdlib.h>
#include <string.h>

const struct cpu_kernels *
cpu_kernels_by_name(const char *name)
{
	if (!strcmp(name, "scalar"))
		return &cpu_kernels_c;
	if (!strcmp(name, "avx2") && __builtin_cpu_supports("avx2"))
		return &cpu_kernels_avx2;
	if (!strcmp(name, "avx512") && __builtin_cpu_supports("avx512f") &&
	    __builtin_cpu_supports("avx512dq") &&
	    __builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("avx512vl"))
		return &cpu_kernels_avx512;
	return NULL;
}

const struct cpu_kernels *
cpu_kernels(void)
{
	static const char *const order[] = {"avx512", "avx2", "scalar"};
	const char *cap = secure_getenv("SP1_SIMD");
	const struct cpu_kernels *k;
	size_t i = 0;

	while (cap && i < 2 && strcmp(cap, order[i]) &&
	    (!strcmp(cap, "scalar") || !strcmp(cap, "avx2")))
		i++;
	while (!(k = cpu_kernels_by_name(order[i])))
		i++;
	return k;
}
