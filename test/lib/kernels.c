#include "test/lib/kernels.h"

static uint64_t kernels_seed = 1;

uint64_t
random_u64(void)
{
	return splitmix64(&kernels_seed);
}

kb
random_kb(void)
{
	const kb edge[4] = {{0}, {1}, {KB_P - 1}, {KB_P / 2}};
	uint64_t z = random_u64();

	return z >> 59 == 0 ? edge[z & 3] : kb_from64(z);
}

ef
random_ef(void)
{
	ef r;

	for (int i = 0; i < 4; i++)
		r.c[i] = random_kb();
	return r;
}

kb *
random_cells(size_t n)
{
	kb *p = (kb *)malloc(n * sizeof *p);

	for (size_t i = 0; p && i < n; i++)
		p[i] = random_kb();
	return p;
}

size_t *
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
