#include "poly/simd.h"

#include <pthread.h>

#include "field/isa.h"
#include "poly/poseidon2_scaled.h"
#include "poly/twiddle.h"

const struct simd_ops simd_scalar = {
	"scalar", hash_leaves_scalar, absorb_scalar, hash_rows_scalar,
	hash_layer_scalar, grind16_scalar,
	ntt_pass_scalar, ntt_block_scalar
};

static void
tables(void)
{
	poseidon2_scaled_init();
	twiddle_init();
}

static const struct simd_ops *const of_isa[ISA_COUNT] = {
	&simd_scalar, &simd_avx2, &simd_avx512
};

static const struct simd_ops *
of(enum isa i)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, tables);
	return of_isa[i];
}

const struct simd_ops *
simd_by_name(const char *name)
{
	int i = isa_by_name(name);

	return i < 0 ? NULL : of((enum isa)i);
}

const struct simd_ops *
simd(void)
{
	return of(isa_best());
}
