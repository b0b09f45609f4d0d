#include "prover/cpu/cpu.h"

#include <string.h>

#include "base/err.h"
#include "poly/mle.h"

struct doubling {
	struct cpu_eq *e;
	const struct cpu_kernels *k;
	size_t n;
	ef z;
};

static void
double_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct doubling *d = ctx;

	d->k->eq_double(d->e->t, d->e->plane, d->n, begin, end, d->z);
}

/* eq of the coordinates above the index's, at zeros. */
static ef
above(const struct cpu_eq *e)
{
	ef r = EF_ONE;

	for (unsigned i = 0; i < e->n - e->low; i++)
		r = ef_mul(r, ef_sub(EF_ONE, e->point[i]));
	return r;
}

static void
set_first(struct cpu_eq *e, ef x)
{
	for (int i = 0; i < 4; i++)
		e->t[i * e->plane] = x.c[i];
}

static unsigned
low_bits(unsigned n, size_t need)
{
	unsigned low = log2_ceil(need);

	return low < n ? low : n;
}

static size_t
plane_of(unsigned n, size_t need)
{
	size_t all = (size_t)1 << low_bits(n, need);

	return round_up(need > all ? need : all, CPU_BLOCK);
}

size_t
cpu_eq_size(unsigned n, size_t need)
{
	return cells_size(4 * plane_of(n, need));
}

void
cpu_eq_init(struct cpu_eq *e, struct prover_session *p, const ef *point,
    unsigned n, size_t need)
{
	struct doubling d = {.e = e, .k = p->k};

	must(n <= 32);
	e->n = n;
	e->low = low_bits(n, need);
	memcpy(e->point, point, n * sizeof *point);
	e->plane = plane_of(n, need);
	e->t = cells_raw(p, 4 * e->plane);
	for (int i = 0; i < 4; i++)
		memset(e->t + i * e->plane + ((size_t)1 << e->low), 0,
		    (e->plane - ((size_t)1 << e->low)) * sizeof *e->t);
	set_first(e, above(e));
	for (unsigned i = 0; i < e->low; i++) {
		d.n = (size_t)1 << i;
		d.z = point[n - 1 - i];
		par_for(d.n, 1 << 12, double_piece, &d);
	}
}

void
cpu_eq_drop(struct cpu_eq *e, struct prover_session *p)
{
	size_t half;

	e->n--;
	if (e->low == 0) {
		set_first(e, above(e));
		return;
	}
	half = (size_t)1 << --e->low;
	p->k->eq_halve(e->t, e->plane, half);
	for (int i = 0; i < 4; i++)
		memset(e->t + i * e->plane + half, 0, half * sizeof *e->t);
}
