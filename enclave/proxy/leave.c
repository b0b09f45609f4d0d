/*
 * Inputs in the clear that go: wiped a piece a turn of the loop, since all of a large one would
 * keep others waiting.
 */
#include "proxy/proxy.h"

#include <stdlib.h>

#define PIECE ((size_t)512 << 10)

struct leaving {
	struct leaving *next;
	struct secmem m;
};

static void
on_turn(void *arg)
{
	struct proxy *p = arg;
	struct leaving *l = p->leaving;

	if (!l)
		return;
	if (secmem_give(&l->m, PIECE)) {
		p->leaving = l->next;
		free(l);
	}
	if (p->leaving)
		loop_next(p->loop, &p->leave_task, on_turn, p);
}

void
leave(struct proxy *p, struct secmem *m)
{
	struct leaving *l = m->cap > PIECE ? calloc(1, sizeof *l) : NULL;

	if (!l) {
		secmem_free(m);
		return;
	}
	l->m = *m;
	*m = (struct secmem){ 0 };
	if (!p->leaving)
		loop_next(p->loop, &p->leave_task, on_turn, p);
	l->next = p->leaving;
	p->leaving = l;
}

void
leave_now(struct proxy *p)
{
	while (p->leaving) {
		struct leaving *l = p->leaving;

		p->leaving = l->next;
		secmem_free(&l->m);
		free(l);
	}
}
