#include "rows/calls.h"
#include "rows/rows.h"

int
shard_prepare(struct shard_events *s, struct err *e)
{
	s->ndeferred = 0;
	for (size_t i = 0; i < s->nprecompile; i++)
		if (s->precompile[i].head.flags & REC_DEFERRED)
			s->precompile[s->ndeferred++].deferred = i;
	if (prepare_calls(s, e) < 0)
		return -1;
	if (s->kind == SHARD_EXECUTION && prepare_bumps(s, e) < 0)
		return -1;
	return prepare_global(s, e);
}
