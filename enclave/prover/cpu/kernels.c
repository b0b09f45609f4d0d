#include "prover/cpu/kernels.h"

#include "field/isa.h"

static const struct cpu_kernels *const of_isa[ISA_COUNT] = {
	&cpu_kernels_c, &cpu_kernels_avx2, &cpu_kernels_avx512
};

const struct cpu_kernels *
cpu_kernels_by_name(const char *name)
{
	int i = isa_by_name(name);

	return i < 0 ? NULL : of_isa[i];
}

const struct cpu_kernels *
cpu_kernels(void)
{
	return of_isa[isa_best()];
}
