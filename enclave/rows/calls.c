#include "rows/calls.h"

#include <stdlib.h>

/* Position among a chip's events: by code where the chip has them so. */
static unsigned
pass_of(const struct exec_call *c)
{
	return c->chip == CHIP_Uint256Ops && (c->number & 1);
}

/* Deferred events leave their execution shard. */
static bool
event_in_shard(const struct shard_events *s, const struct precompile_event *p)
{
	return s->kind == SHARD_PRECOMPILE ||
	    !(p->head.flags & REC_DEFERRED);
}

int
prepare_calls(struct shard_events *s, struct err *e)
{
	struct call_lists *l;
	size_t n[CHIP_COUNT];

	l = calloc(1, sizeof *l);
	if (l)
		l->event = calloc(s->nprecompile + 1, sizeof *l->event);
	if (!l || !l->event) {
		free(l);
		return err_set(e, EX_OSERR, "no memory for a shard's calls");
	}
	s->calls = l;
	for (size_t i = 0; i < s->nprecompile; i++) {
		const struct precompile_event *p = &s->precompile[i];

		if (event_in_shard(s, p))
			l->first[precompile_of(p->head.code)->chip + 1]++;
	}
	for (unsigned c = 0; c < CHIP_COUNT; c++) {
		n[c] = l->first[c];
		l->first[c + 1] += l->first[c];
	}
	for (unsigned pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < s->nprecompile; i++) {
			const struct precompile_event *p = &s->precompile[i];
			const struct exec_call *c = precompile_of(p->head.code);

			if (event_in_shard(s, p) && pass_of(c) == pass)
				l->event[n[c->chip]++] = p;
		}
	return 0;
}
