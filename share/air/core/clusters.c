#include <stdlib.h>
#include <string.h>

#include "air/machine.h"

/* Sets of chip names, in stock order. */
#define TABLES "Byte Program Range "
#define CORE TABLES \
	"Add Addi Addw AluX0 Bitwise Branch DivRem Global Jal Jalr LoadByte " \
	"LoadDouble LoadHalf LoadWord LoadX0 Lt MemoryBump MemoryLocal Mul " \
	"ShiftLeft ShiftRight StateBump StoreByte StoreDouble StoreHalf " \
	"StoreWord Sub Subw SyscallCore SyscallInstrs UType "
#define MEMORY "MemoryGlobalFinalize MemoryGlobalInit "
#define SHA "ShaCompress ShaCompressControl ShaExtend ShaExtendControl "
#define PRECOMPILE TABLES "Global MemoryLocal SyscallPrecompile "

static const char *const sets[] = {
	CORE,
	CORE MEMORY,
	CORE "Bls12381FpOpAssign ",
	CORE "Bn254FpOpAssign ",
	CORE SHA,
	CORE "Uint256Ops ",
	CORE "Poseidon2 ",
	CORE MEMORY SHA "Bls12381FpOpAssign Bn254FpOpAssign Poseidon2 Uint256Ops ",
	CORE MEMORY SHA "Uint256Ops ",
	TABLES MEMORY "Global ",
	PRECOMPILE "ShaExtend ShaExtendControl ",
	PRECOMPILE "ShaCompress ShaCompressControl ",
	PRECOMPILE "EdAddAssign ",
	PRECOMPILE "EdDecompress ",
	PRECOMPILE "Secp256k1AddAssign ",
	PRECOMPILE "Secp256k1DoubleAssign ",
	PRECOMPILE "Secp256r1AddAssign ",
	PRECOMPILE "Secp256r1DoubleAssign ",
	PRECOMPILE "KeccakPermute KeccakPermuteControl ",
	PRECOMPILE "Bn254AddAssign ",
	PRECOMPILE "Bn254DoubleAssign ",
	PRECOMPILE "Bls12381AddAssign ",
	PRECOMPILE "Bls12381DoubleAssign ",
	PRECOMPILE "Uint256MulMod ",
	PRECOMPILE "Uint256Ops ",
	PRECOMPILE "Bls12381FpOpAssign ",
	PRECOMPILE "Bls12381Fp2AddSubAssign ",
	PRECOMPILE "Bls12381Fp2MulAssign ",
	PRECOMPILE "Bn254FpOpAssign ",
	PRECOMPILE "Bn254Fp2AddSubAssign ",
	PRECOMPILE "Bn254Fp2MulAssign ",
	PRECOMPILE "Poseidon2 ",
};
#define NSETS (sizeof sets / sizeof *sets)

/* Marks the set's chips; -1: one is not there. */
static int
mark(const struct air_machine *m, const char *set, bool *have)
{
	memset(have, 0, m->nchips * sizeof *have);
	for (const char *end; *set; set = end + 1) {
		const struct air_chip *c;

		end = strchr(set, ' ');
		c = air_machine_find(m, set, (size_t)(end - set));
		if (!c)
			return -1;
		have[c->index] = true;
	}
	return 0;
}

void
air_machine_clusters(struct air_machine *m)
{
	struct air_cluster *out = calloc(NSETS, sizeof *out);
	bool *have = calloc(m->nchips, sizeof *have);

	must(out && have);
	m->cluster = out;
	for (unsigned i = 0; i < NSETS; i++) {
		const struct air_chip **chip;
		unsigned n = 0;

		if (mark(m, sets[i], have) < 0)
			continue;
		chip = calloc(m->nchips, sizeof *chip);
		must(chip);
		for (unsigned j = 0; j < m->nchips; j++)
			if (have[j])
				chip[n++] = &m->chip[j];
		out[m->nclusters++] = (struct air_cluster){n, chip};
	}
	free(have);
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
