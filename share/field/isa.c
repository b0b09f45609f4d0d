#include "field/isa.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[ISA_COUNT] = {"scalar", "avx2", "avx512"};

bool
isa_here(enum isa i)
{
#ifdef __x86_64__
	if (i == ISA_AVX512)
		return isa_here(ISA_AVX2) &&
		    __builtin_cpu_supports("avx512f") &&
		    __builtin_cpu_supports("avx512dq") &&
		    __builtin_cpu_supports("avx512bw") &&
		    __builtin_cpu_supports("avx512vl");
	if (i == ISA_AVX2)
		return __builtin_cpu_supports("avx2") &&
		    __builtin_cpu_supports("bmi2");
#endif
	return i == ISA_SCALAR;
}

static int
find(const char *name)
{
	int i = ISA_COUNT - 1;

	while (i >= 0 && strcmp(name, names[i]))
		i--;
	return i;
}

int
isa_by_name(const char *name)
{
	int i = find(name);

	return i >= 0 && isa_here((enum isa)i) ? i : -1;
}

enum isa
isa_best(void)
{
	static int chosen = -1;
	int i = __atomic_load_n(&chosen, __ATOMIC_RELAXED);
	const char *cap;

	if (i >= 0)
		return (enum isa)i;
	cap = secure_getenv("SP1_SIMD");
	i = cap ? find(cap) : -1;
	if (i < 0)
		i = ISA_COUNT - 1;
	while (!isa_here((enum isa)i))
		i--;
	__atomic_store_n(&chosen, i, __ATOMIC_RELAXED);
	return (enum isa)i;
}
