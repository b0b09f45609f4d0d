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

static size_t
most_of(const struct budget *b)
{
	return b->most ? b->most : memory_available() / 8 * 7;
}

/* What is taken whatever is proved. */
static size_t
taken(const struct budget *b)
{
	return BASE + key_size(b->key) + b->held + b->proofs;
}

/* The plan: p->memory.  *all: bytes so far, and then with the proof's, which begins when
 * `other` are gone. */
static int
choose(struct prover *p, const struct proving_key *key,
    const struct trace_shape *shape, size_t most, size_t other, size_t *all,
    struct err *e)
{
	size_t need;

	p->memory = most > *all ? most - *all : 1;
	if (prove_shard_need(&need, p, key, shape, e))
		return -1;
	p->memory = need;
	*all += need > other ? need : other;
	return 0;
}

static int
check(const struct budget *b, size_t most, size_t all, struct err *e)
{
	if (all <= most || !b->most)
		return 0;
	return err_set(e, EX_OSERR, "cannot be proved in less than "
	    "%zuM of memory, and may take %zuM", all / MIB + 1, most / MIB);
}

/* *all: with it. */
static int
choose_then(const struct budget *b, size_t most, size_t *all, struct err *e)
{
	const struct budget_then *t = b->then;
	const struct trace_source none = {0};

	*all = taken(b) + t->own + key_size(t->key) +
	    trace_size(t->prover, t->shape, &none);
	if (choose(t->prover, t->key, t->shape, most, 0, all, e))
		return -1;
	return check(b, most, *all, e);
}

int
budget_node(const struct budget *b, struct err *e)
{
	size_t most = most_of(b), all;

	b->then->prover->memory = 0;
	return most ? choose_then(b, most, &all, e) : 0;
}

static size_t
less(size_t a, size_t b)
{
	return a > b ? a - b : 0;
}

int
budget_share(const struct budget *b, const struct shard_events *s,
    struct prover *p, size_t *records, struct err *e)
{
	struct trace_source from = traces_source(s);
	size_t most = most_of(b), all, later = 0;
	struct trace_shape shape;
	int bad;

	*records = SIZE_MAX;
	p->memory = 0;
	if (b->then)
		b->then->prover->memory = 0;
	if (!most)
		return 0;
	if (traces_shape(&shape, p->machine, b->key, s, e) < 0)
		return -1;
	all = taken(b) + trace_size(p, &shape, &from);
	bad = choose(p, b->key, &shape, most, shard_events_size(s), &all, e);
	free(shape.rows);
	if (bad || check(b, most, all, e) ||
	    (b->then && choose_then(b, most, &later, e)))
		return -1;
	*records = less(most, all > later ? all : later);
	return 0;
}
