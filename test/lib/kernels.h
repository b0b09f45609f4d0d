#ifndef TEST_LIB_KERNELS_H
#define TEST_LIB_KERNELS_H
/*
 * For tests of kernels (base/kernel.h): seeded elements, some of them at the edges of the
 * range, and indices in no order.
 */
#include <stdlib.h>

#include "field/ef.h"
#include "test/lib/splitmix.h"

static uint64_t kernels_seed = 1;

__attribute__((unused)) static uint64_t
random_u64(void)
{
	return splitmix64(&kernels_seed);
}

__attribute__((unused)) static kb
random_kb(void)
{
	const kb edge[4] = {{0}, {1}, {KB_P - 1}, {KB_P / 2}};
	uint64_t z = random_u64();

	return z >> 59 == 0 ? edge[z & 3] : kb_from64(z);
}

__attribute__((unused)) static ef
random_ef(void)
{
	ef r;

	for (int i = 0; i < 4; i++)
		r.c[i] = random_kb();
	return r;
}

/* n random elements, which the caller frees. */
__attribute__((unused)) static kb *
random_cells(size_t n)
{
	kb *p = (kb *)malloc(n * sizeof *p);

	for (size_t i = 0; p && i < n; i++)
		p[i] = random_kb();
	return p;
}

/* All of 0 .. n - 1, shuffled; the caller frees it. */
__attribute__((unused)) static size_t *
shuffled(size_t n)
{
	size_t *p = (size_t *)malloc((n + 1) * sizeof *p);

	for (size_t i = 0; p && i < n; i++) {
		size_t j = random_u64() % (i + 1);

		p[i] = p[j];
		p[j] = i;
	}
	return p;
}

/* A loop over them; needs a block of its own. */
#define EACH_SHUFFLED(i, n) \
	size_t *order_ = shuffled(n), k_ = 0; \
	for (size_t i; k_ < (n) ? (i = order_[k_++], 1) : (free(order_), 0);)

#endif
