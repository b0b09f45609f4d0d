/*
 * The session's large arrays.  A phase takes what it needs from a few large blocks and
 * gives back all at once; the next one writes over the same pages: fresh pages cost
 * as much as a sumcheck's work on them.
 */
#include "prover/cpu.h"

#include <string.h>
#include <sys/mman.h>

#define PAGE ((size_t)2 << 20)		/* a huge page */
#define LEAST (32 * PAGE)		/* of a block */

struct cells_block {
	struct cells_block *next;
	char *base;
	size_t size, used;
};

kb *
cells_raw(struct prover_session *p, size_t n)
{
	struct cells_block *b;
	size_t size = round_up(n * sizeof(kb), 64);
	char *v;

	if (n > (size_t)1 << 40)
		return NULL;
	for (b = p->cells; b && b->size - b->used < size; b = b->next)
		;
	if (!b) {
		if (!(b = malloc(sizeof *b)))
			return NULL;
		b->size = round_up(size < LEAST ? LEAST : size, PAGE);
		b->used = 0;
		b->base = mmap(NULL, b->size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (b->base == MAP_FAILED) {
			free(b);
			return NULL;
		}
		madvise(b->base, b->size, MADV_HUGEPAGE);
		b->next = p->cells;
		p->cells = b;
	}
	v = b->base + b->used;
	b->used += size;
	return (kb *)v;
}

kb *
cells_new(struct prover_session *p, size_t n)
{
	kb *v = cells_raw(p, n);

	if (v)
		memset(v, 0, n * sizeof *v);
	return v;
}

void
cells_reset(struct prover_session *p)
{
	for (struct cells_block *b = p->cells; b; b = b->next)
		b->used = 0;
}

void
cells_free(struct prover_session *p)
{
	struct cells_block *b;

	while ((b = p->cells)) {
		p->cells = b->next;
		munmap(b->base, b->size);
		free(b);
	}
}
