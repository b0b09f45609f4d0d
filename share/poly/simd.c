#include "poly/simd.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "poly/poseidon2_scaled.h"
#include "poly/twiddle.h"

const struct simd_ops simd_scalar = {
	"scalar", hash_leaves_scalar, hash_rows_scalar,
	hash_layer_scalar, grind16_scalar,
	ntt_pass_scalar, ntt_block_scalar
};

static void
tables(void)
{
	poseidon2_scaled_init();
	twiddle_init();
}

const struct simd_ops *
simd_by_name(const char *name)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, tables);
	if (!strcmp(name, "scalar"))
		return &simd_scalar;
#ifdef __x86_64__
	if (!strcmp(name, "avx512") && __builtin_cpu_supports("avx512f") &&
	    __builtin_cpu_supports("avx512dq") &&
	    __builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("avx512vl"))
		return &simd_avx512;
	if (!strcmp(name, "avx2") && __builtin_cpu_supports("avx2") &&
	    __builtin_cpu_supports("bmi2"))
		return &simd_avx2;
#endif
	return NULL;
}

const struct simd_ops *
simd(void)
{
	static const struct simd_ops *chosen;
	static const char *const order[] = {"avx512", "avx2", "scalar"};
	const struct simd_ops *ops = __atomic_load_n(&chosen, __ATOMIC_ACQUIRE);
	const char *cap;
	size_t i = 0;

	if (ops)
		return ops;
	cap = secure_getenv("SP1_SIMD");
	while (cap && i < 2 && strcmp(cap, order[i]) &&
	    (!strcmp(cap, "scalar") || !strcmp(cap, "avx2")))
		i++;
	while (!(ops = simd_by_name(order[i])))
		i++;
	__atomic_store_n(&chosen, ops, __ATOMIC_RELEASE);
	return ops;
}
