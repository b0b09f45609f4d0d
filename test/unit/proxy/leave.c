/* A large input that goes is wiped a piece a turn of the loop. */
#include "proxy/proxy.h"

#include <string.h>

#include "test/lib/tap.h"

#define LARGE ((size_t)8 << 20)

static struct proxy p;
static struct err e;
static struct loop_task next;
static int turns;

static void
on_turn(void *arg)
{
	turns++;
	if (p.leaving)
		loop_next(p.loop, &next, on_turn, NULL);
	else
		loop_stop(p.loop);
}

static struct secmem
input(size_t n)
{
	struct secmem m = { 0 };

	if (secmem_need(&m, n, &e) < 0)
		die_err(&e);
	memset(m.p, 1, n);
	m.n = n;
	return m;
}

int
main(void)
{
	struct secmem small = input(4096), a = input(LARGE), b = input(LARGE);

	p.loop = loop_new(&e);
	must(p.loop);
	leave(&p, &small);
	ok(!small.p && !p.leaving, "a small one goes at once");
	leave(&p, &a);
	leave(&p, &b);
	ok(!a.p && !b.p && p.leaving, "large ones do not");
	loop_next(p.loop, &next, on_turn, NULL);
	if (loop_run(p.loop, &e) < 0)
		die_err(&e);
	ok(turns >= 16, "%d turns for two of 8 MiB", turns);
	a = input(LARGE);
	leave(&p, &a);
	leave_now(&p);
	ok(!p.leaving, "at the end what is left goes at once");
	loop_free(p.loop);
	return done_testing();
}
