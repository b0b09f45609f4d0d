/*
 * The session's large arrays, in one piece of memory.
 */
#include "prover/cpu/cpu.h"

#include <string.h>

#include "base/err.h"

#define PAGE ((size_t)2 << 20)		/* a huge page */

int
cells_open(struct prover_session *p)
{
	size_t size = round_up(p->plan.cells, PAGE);

	p->cells = cpu_map(size, true);
	p->cells_used = 0;
	return p->cells ? 0 : -1;
}

void
cells_close(struct prover_session *p)
{
	cpu_unmap(p->cells, round_up(p->plan.cells, PAGE));
	p->cells = NULL;
}

size_t
cells_size(size_t n)
{
	return round_up(n * sizeof(kb), 64);
}

/* The plan's size is what its phases ask for. */
kb *
cells_raw(struct prover_session *p, size_t n)
{
	size_t size = cells_size(n);
	char *v = p->cells + p->cells_used;

	must(size <= p->plan.cells - p->cells_used);
	p->cells_used += size;
	return (kb *)v;
}

kb *
cells_new(struct prover_session *p, size_t n)
{
	return memset(cells_raw(p, n), 0, n * sizeof(kb));
}

void
cells_release(struct prover_session *p, size_t used)
{
	must(used <= p->cells_used);
	p->cells_used = used;
}
