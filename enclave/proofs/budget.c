#include "proofs/budget.h"

#include <stdlib.h>

#include "base/avail.h"
#include "shards/reader.h"
#include "shards/traces.h"

#define MIB ((size_t)1 << 20)
/* The program, its tables and threads, and the proof's small arrays. */
#define BASE (80 * MIB)

static size_t
key_size(const struct proving_key *k)
{
	const struct stacked_commitment *s = &k->commitment;

	return (s->ncols << s->log_stack) * sizeof *k->prep +
	    stacked_kept(s->log_stack, s->log_blowup);
}

int
budget_share(const struct budget *b, const struct shard_events *s,
    struct prover *p, size_t *records, struct err *e)
{
	size_t most = b->most ? b->most : memory_available() / 8 * 7, all, need;
	struct trace_source from = traces_source(s);
	struct trace_shape shape;
	int bad;

	if (!most) {
		*records = SIZE_MAX;
		p->memory = 0;
		return 0;
	}
	if (traces_shape(&shape, p->machine, b->key, s, e) < 0)
		return -1;
	all = BASE + key_size(b->key) + b->held + b->proofs +
	    trace_size(p, &shape, &from);
	p->memory = most > all ? most - all : 1;
	bad = prove_shard_need(&need, p, b->key, &shape, e);
	free(shape.rows);
	if (bad)
		return -1;
	p->memory = need;
	all += need > shard_events_size(s) ? need : shard_events_size(s);
	if (all > most && b->most)
		return err_set(e, EX_OSERR, "cannot be proved in less than "
		    "%zuM of memory, and may take %zuM", all / MIB + 1,
		    most / MIB);
	*records = most > all ? most - all : 0;
	return 0;
}
