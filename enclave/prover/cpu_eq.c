#include "prover/cpu.h"

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

int
cpu_eq_init(struct cpu_eq *e, struct prover_session *p, const ef *point,
    unsigned n, size_t need)
{
	struct doubling d = {.e = e, .k = p->k};

	must(n <= 32);
	e->n = n;
	e->low = log2_ceil(need);
	if (e->low > n)
		e->low = n;
	memcpy(e->point, point, n * sizeof *point);
	e->plane = round_up(need > (size_t)1 << e->low ? need :
	    (size_t)1 << e->low, CPU_BLOCK);
	if (!(e->t = cells_raw(p, 4 * e->plane)))
		return -1;
	for (int i = 0; i < 4; i++)
		memset(e->t + i * e->plane + ((size_t)1 << e->low), 0,
		    (e->plane - ((size_t)1 << e->low)) * sizeof *e->t);
	set_first(e, above(e));
	for (unsigned i = 0; i < e->low; i++) {
		d.n = (size_t)1 << i;
		d.z = point[n - 1 - i];
		par_for(d.n, 1 << 12, double_piece, &d);
	}
	return 0;
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
