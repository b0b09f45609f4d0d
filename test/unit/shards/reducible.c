/*
 * Shards for recursion: the memory boundary leaves an execution shard that would be too large
 * for a normalize program with it, and stays where it fits; all else is the same.
 */
#include "shards/plan.h"
#include "test/lib/run.h"

/* Shards of a run, and the kind of the last. */
static size_t
shards_of(uint64_t cut, bool reducible, enum shard_kind *last)
{
	struct guest_run g;
	struct shard_events s;
	struct err e;
	size_t n = 0;
	int got;

	must(guest_run(&g, "fib", "fib-20", cut, &e) == 0);
	g.source.reducible = reducible;
	while ((got = guest_next(&g, &s, &e)) == 1) {
		*last = s.kind;
		shard_events_free(&s);
		n++;
	}
	must(got == 0);
	guest_end(&g);
	return n;
}

int
main(void)
{
	const uint64_t stock = 1 << 28 | 1 << 27;
	enum shard_kind last;
	size_t n;

	ok(plan_packs_reducible(stock, stock / 3 * 2), "two thirds: packed");
	ok(!plan_packs_reducible(stock, stock / 3 * 2 + 1), "more: not");
	is_int(shards_of(0, true, &last), 1, "a small run has one shard");
	/* So little that the tables alone are more than two thirds. */
	n = shards_of(2200000, false, &last);
	ok(last == SHARD_EXECUTION, "near the cut: packed for a core proof");
	is_int(shards_of(2200000, true, &last), n + 1, "one more for a "
	    "compressed one");
	ok(last == SHARD_MEMORY, "that of the memory");
	return done_testing();
}
