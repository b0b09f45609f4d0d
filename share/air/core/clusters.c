#include <stdlib.h>

#include "air/machine.h"
#include "run/chips.h"

/* Sets of chips, in stock order. */
#define C(name) CHIP_##name,
#define TABLES C(Byte) C(Program) C(Range)
#define CORE \
	TABLES C(Add) C(Addi) C(Addw) C(AluX0) C(Bitwise) C(Branch) C(DivRem) \
	C(Global) C(Jal) C(Jalr) C(LoadByte) C(LoadDouble) C(LoadHalf) \
	C(LoadWord) C(LoadX0) C(Lt) C(MemoryBump) C(MemoryLocal) C(Mul) \
	C(ShiftLeft) C(ShiftRight) C(StateBump) C(StoreByte) C(StoreDouble) \
	C(StoreHalf) C(StoreWord) C(Sub) C(Subw) C(SyscallCore) \
	C(SyscallInstrs) C(UType)
#define MEMORY C(MemoryGlobalFinalize) C(MemoryGlobalInit)
#define SHA \
	C(ShaCompress) C(ShaCompressControl) C(ShaExtend) C(ShaExtendControl)
#define PRECOMPILE TABLES C(Global) C(MemoryLocal) C(SyscallPrecompile)

#define SET(chips) (const uint8_t[]){chips CHIP_COUNT}
static const uint8_t *const sets[] = {
	SET(CORE),
	SET(CORE MEMORY),
	SET(CORE C(Bls12381FpOpAssign)),
	SET(CORE C(Bn254FpOpAssign)),
	SET(CORE SHA),
	SET(CORE C(Uint256Ops)),
	SET(CORE C(Poseidon2)),
	SET(CORE MEMORY SHA C(Bls12381FpOpAssign) C(Bn254FpOpAssign)
	    C(Poseidon2) C(Uint256Ops)),
	SET(CORE MEMORY SHA C(Uint256Ops)),
	SET(TABLES MEMORY C(Global)),
	SET(PRECOMPILE C(ShaExtend) C(ShaExtendControl)),
	SET(PRECOMPILE C(ShaCompress) C(ShaCompressControl)),
	SET(PRECOMPILE C(EdAddAssign)),
	SET(PRECOMPILE C(EdDecompress)),
	SET(PRECOMPILE C(Secp256k1AddAssign)),
	SET(PRECOMPILE C(Secp256k1DoubleAssign)),
	SET(PRECOMPILE C(Secp256r1AddAssign)),
	SET(PRECOMPILE C(Secp256r1DoubleAssign)),
	SET(PRECOMPILE C(KeccakPermute) C(KeccakPermuteControl)),
	SET(PRECOMPILE C(Bn254AddAssign)),
	SET(PRECOMPILE C(Bn254DoubleAssign)),
	SET(PRECOMPILE C(Bls12381AddAssign)),
	SET(PRECOMPILE C(Bls12381DoubleAssign)),
	SET(PRECOMPILE C(Uint256MulMod)),
	SET(PRECOMPILE C(Uint256Ops)),
	SET(PRECOMPILE C(Bls12381FpOpAssign)),
	SET(PRECOMPILE C(Bls12381Fp2AddSubAssign)),
	SET(PRECOMPILE C(Bls12381Fp2MulAssign)),
	SET(PRECOMPILE C(Bn254FpOpAssign)),
	SET(PRECOMPILE C(Bn254Fp2AddSubAssign)),
	SET(PRECOMPILE C(Bn254Fp2MulAssign)),
	SET(PRECOMPILE C(Poseidon2)),
};
#define NSETS (sizeof sets / sizeof *sets)

static bool
in_set(const uint8_t *set, unsigned id)
{
	while (*set != CHIP_COUNT && *set != id)
		set++;
	return *set == id;
}

void
air_machine_clusters(struct air_machine *m)
{
	struct air_cluster *out = calloc(NSETS, sizeof *out);

	must(out);
	for (unsigned i = 0; i < NSETS; i++) {
		const struct air_chip **chip = calloc(m->nchips, sizeof *chip);
		unsigned n = 0;

		must(chip);
		for (unsigned j = 0; j < m->nchips; j++)
			if (in_set(sets[i], m->chip[j].id))
				chip[n++] = &m->chip[j];
		out[i] = (struct air_cluster){n, chip};
	}
	m->nclusters = NSETS;
	m->cluster = out;
}

/* How many of the cluster's chips are in `have`, whose size is *n. */
static unsigned
common(const struct air_machine *m,
    const struct air_cluster *c, const bool *have, unsigned *n)
{
	unsigned k = 0;

	*n = 0;
	for (unsigned i = 0; i < m->nchips; i++)
		*n += have[i];
	for (unsigned i = 0; i < c->nchips; i++)
		k += have[c->chip[i]->index];
	return k;
}

static const struct air_cluster *
need_all(const struct air_cluster *c)
{
	for (unsigned i = 0; c && i < c->nchips; i++)
		air_machine_need(c->chip[i]);
	return c;
}

const struct air_cluster *
air_cluster_exact(const struct air_machine *m, const bool *have)
{
	for (unsigned i = 0; i < m->nclusters; i++) {
		const struct air_cluster *c = &m->cluster[i];
		unsigned n;

		if (common(m, c, have, &n) == c->nchips && n == c->nchips)
			return need_all(c);
	}
	return NULL;
}

const struct air_cluster *
air_cluster_smallest(const struct air_machine *m, const bool *have)
{
	const struct air_cluster *best = NULL;

	for (unsigned i = 0; i < m->nclusters; i++) {
		const struct air_cluster *c = &m->cluster[i];
		unsigned n;

		if (common(m, c, have, &n) == n &&
		    (!best || c->nchips < best->nchips))
			best = c;
	}
	return need_all(best);
}
