#include "shards/deferred.h"

#include <stdlib.h>
#include <string.h>

#include "shards/plan.h"
#include "shards/reader.h"

static int
list_add(struct deferred *d, const struct precompile_event *ev, struct err *e)
{
	const struct exec_call *c = precompile_of(ev->head.code);
	struct deferred_list *l = &d->list[c->chip];

	if (l->n == l->room) {
		size_t n = l->room ? 2 * l->room : 64;
		void *p = reallocarray(l->event, n, sizeof *l->event);

		if (!p)
			return err_set(e, EX_OSERR,
			    "no memory for system calls");
		l->event = p;
		l->room = n;
	}
	if (l->threshold == 0) {
		l->threshold = plan_precompile_capacity(d->element_threshold,
		    d->height_threshold, d->program->n, precompile_cost(c),
		    precompile_height(c));
		l->code = first_call_of(c->chip);
	}
	l->event[l->n++] = *ev;
	return 0;
}

int
deferred_take(struct deferred *d, struct shard_events *s, struct err *e)
{
	for (size_t i = 0; i < s->nprecompile; i++) {
		struct precompile_event *p = &s->precompile[i];

		if (!(p->head.flags & REC_DEFERRED))
			continue;
		if (list_add(d, p, e) < 0)
			return -1;
		p->access = NULL;
		p->local = NULL;
	}
	return 0;
}

bool
deferred_any(const struct deferred *d)
{
	for (unsigned c = 0; c < CHIP_COUNT; c++)
		if (d->list[c].n > 0)
			return true;
	return false;
}

size_t
deferred_shards(const struct deferred *d)
{
	size_t n = 0;

	for (unsigned c = 0; c < CHIP_COUNT; c++)
		if (d->list[c].n > 0)
			n += (d->list[c].n - 1) / d->list[c].threshold + 1;
	return n;
}

static int
local_order(const void *a, const void *b)
{
	const struct rec_local *x = a, *y = b;

	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	return x->initial_ts < y->initial_ts ? -1 :
	    x->initial_ts > y->initial_ts;
}

/* Rows of MemoryLocal: every event's own histories. */
static int
gather_locals(struct shard_events *s, struct err *e)
{
	size_t n = 0;

	for (size_t i = 0; i < s->nprecompile; i++)
		n += s->precompile[i].head.nlocal;
	s->local = reallocarray(NULL, n + 1, sizeof *s->local);
	if (!s->local)
		return err_set(e, EX_OSERR, "no memory for system calls");
	for (size_t i = 0; i < s->nprecompile; i++) {
		const struct precompile_event *p = &s->precompile[i];

		if (p->head.nlocal)
			memcpy(s->local + s->nlocal, p->local,
			    p->head.nlocal * sizeof *s->local);
		s->nlocal += p->head.nlocal;
	}
	qsort(s->local, n, sizeof *s->local, local_order);
	return 0;
}

int
deferred_next(struct deferred *d, bool all, struct shard_events *s,
    uint32_t *code, struct err *e)
{
	struct deferred_list *l = d->list;
	size_t first = 0, n;

	while (l < d->list + CHIP_COUNT &&
	    (l->n == 0 || (!all && l->n < l->threshold)))
		l++;
	if (l == d->list + CHIP_COUNT)
		return 0;
	n = all ? l->n % l->threshold : 0;
	if (n)
		first = l->n - n;
	else
		n = l->threshold;
	memset(s, 0, sizeof *s);
	s->program = d->program;
	s->kind = SHARD_PRECOMPILE;
	s->precompile = reallocarray(NULL, n, sizeof *s->precompile);
	if (!s->precompile)
		return err_set(e, EX_OSERR, "no memory for system calls");
	memcpy(s->precompile, l->event + first, n * sizeof *s->precompile);
	s->nprecompile = n;
	l->n -= n;
	memmove(l->event + first, l->event + first + n,
	    (l->n - first) * sizeof *l->event);
	*code = l->code;
	if (gather_locals(s, e) == 0)
		return 1;
	shard_events_free(s);
	return -1;
}

void
deferred_free(struct deferred *d)
{
	for (unsigned c = 0; c < CHIP_COUNT; c++) {
		struct deferred_list *l = &d->list[c];

		for (size_t i = 0; i < l->n; i++) {
			free(l->event[i].access);
			free(l->event[i].local);
		}
		free(l->event);
	}
	memset(d, 0, sizeof *d);
}

size_t
deferred_size(const struct deferred *d)
{
	size_t n = 0;

	for (unsigned c = 0; c < CHIP_COUNT; c++)
		for (size_t i = 0; i < d->list[c].n; i++)
			n += precompile_event_size(&d->list[c].event[i]);
	return n;
}
