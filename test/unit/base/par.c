#include <stdatomic.h>

#include "base/par.h"
#include "test/lib/tap.h"

#define N 100003

static atomic_uchar hits[N];
static atomic_int bad, busy[PAR_MAX];

static void
touch(void *ctx, size_t begin, size_t end, unsigned worker)
{
	size_t grain = *(size_t *)ctx;

	if (begin >= end || end > N || worker >= par_threads() ||
	    (grain != 0 && end - begin > grain))
		bad++;
	if (busy[worker]++ != 0)
		bad++;
	while (begin < end)
		hits[begin++]++;
	busy[worker]--;
}

struct inner {
	unsigned worker;
	size_t sum;
};

static void
inner(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct inner *in = ctx;

	if (worker != in->worker)
		bad++;
	in->sum += end - begin;
}

static void
outer(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct inner in = { worker, 0 };

	par_for(1000, 7, inner, &in);
	if (in.sum != 1000)
		bad++;
	atomic_fetch_add((atomic_size_t *)ctx, end - begin);
}

static void
cover(size_t n, size_t grain)
{
	size_t i;

	memset((void *)hits, 0, sizeof(hits));
	bad = 0;
	par_for(n, grain, touch, &grain);
	for (i = 0; i < N; i++)
		if (hits[i] != (i < n))
			bad++;
	ok(bad == 0, "%zu iterations, grain %zu, %u threads: each once", n,
	    grain, par_threads());
}

int
main(void)
{
	static const size_t grains[] = { 0, 1, 64, N - 1, N, (size_t)-1 };
	atomic_size_t total = 0;
	size_t i, one = 1;

	cover(1000, 10);
	par_start(4);
	is_int(par_threads(), 4, "four threads");
	for (i = 0; i < sizeof(grains) / sizeof(grains[0]); i++)
		cover(N, grains[i]);
	cover(0, 1);
	cover(1, 0);

	bad = 0;
	par_for(100, 1, outer, &total);
	ok(bad == 0 && total == 100, "a loop inside a loop");

	bad = 0;
	for (i = 0; i < 20000; i++)
		par_for(8, 1, touch, &one);
	ok(bad == 0, "many short loops");
	return done_testing();
}
