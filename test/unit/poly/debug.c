/* What the loops of each instruction set rely on is asserted in a debug build. */
#include "poly/ntt.h"
#include "poly/simd.h"
#include "poly/twiddle.h"
#include "test/lib/aborts.h"

#define N 32

static const struct simd_ops *ops;
static kb cells[16 * N];
static digest nodes[2 * N];

static void
element(void)
{
	memset(nodes, 0, sizeof nodes);
	nodes[5].c[3].v = KB_P;
	ops->hash_layer(nodes, nodes, 0, N);
}

static void
sponge(void)
{
	const kb *column[16];

	for (int i = 0; i < 16; i++)
		column[i] = cells + i * N;
	ops->absorb(nodes, NULL, column, 9, 0, N, 0);
}

static void
entries(void)
{
	ops->ntt_pass(cells, cells, 8, 4, 0, 0, 32);
}

static void
codeword(void)
{
	memset(cells, 0, sizeof cells);
	cells[77].v = KB_P;
	ops->ntt_block(cells, 8, 0);
}

static void
factor(void)
{
	cells[0] = twiddle(1u << 23);
}

int
main(void)
{
	static const char *const names[] = {"scalar", "avx2", "avx512"};
	char what[80];

	ops = simd();
	asserted(factor, "there are 2^23 factors");
	for (size_t i = 0; i < 3; i++) {
		ops = simd_by_name(names[i]);
		if (!ops) {
			ok(1, "%s # SKIP not on this processor", names[i]);
			continue;
		}
#define CASE(f, text) \
		snprintf(what, sizeof what, "%s: %s", names[i], text); \
		asserted(f, what);
		CASE(element, "a digest's elements are below p")
		CASE(entries, "a pass ends with its parts")
		CASE(codeword, "a codeword's elements are below p")
		if (i > 0) {
			CASE(sponge, "a sponge pauses after eight columns")
		}
	}
	return done_testing();
}
