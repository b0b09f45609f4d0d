/*
 * What must not be told, or done, before the database's commits are on the disk: it waits for
 * that in a list, not the loop.
 */
#include "proxy/proxy.h"

#include <errno.h>
#include <stdlib.h>

#include "base/log.h"

struct after {
	struct after *next;
	uint64_t commit;	/* when this one is on the disk */
	void (*fn)(void *arg);
	void *arg;
};

struct durable {
	struct proxy *p;
	struct after *first, **last;
	struct loop_task task;
	atomic_bool posted;
	atomic_int error;
};

static void
run_due(struct durable *d)
{
	uint64_t there = store_on_disk(d->p->store);

	while (d->first && d->first->commit <= there) {
		struct after *a = d->first;

		d->first = a->next;
		if (!d->first)
			d->last = &d->first;
		a->fn(a->arg);
		free(a);
	}
}

/* In the loop's thread. */
static void
on_told(void *arg)
{
	struct durable *d = arg;

	atomic_store(&d->posted, false);
	errno = atomic_load(&d->error);
	/* What the disk has is not known any more.  Started anew, what it has counts. */
	if (errno)
		die(EX_IOERR, "cannot bring database %s to the disk:", d->p->state);
	run_due(d);
	store_tend(d->p->store);
}

/* In the store's. */
static void
on_disk(int error, void *arg)
{
	struct durable *d = arg;

	if (error)
		atomic_store(&d->error, error);
	if (!atomic_exchange(&d->posted, true))
		loop_post(d->p->loop, &d->task, on_told, d);
}

int
durable_start(struct proxy *p, struct err *e)
{
	struct durable *d = calloc(1, sizeof *d);

	if (!d)
		return err_set(e, EX_OSERR, "out of memory");
	d->p = p;
	d->last = &d->first;
	if (store_later(p->store, on_disk, d, e) < 0) {
		free(d);
		return -1;
	}
	p->durable = d;
	return 0;
}

int
durable_then(struct proxy *p, void (*fn)(void *arg), void *arg)
{
	struct durable *d = p->durable;
	uint64_t commits = store_commits(p->store);
	struct after *a;

	if (!d || commits <= store_on_disk(p->store)) {
		fn(arg);
		return 0;
	}
	a = calloc(1, sizeof *a);
	if (!a)
		return -1;
	*a = (struct after){ .commit = commits, .fn = fn, .arg = arg };
	*d->last = a;
	d->last = &a->next;
	return 0;
}

static void
release(void *arg)
{
	request_release(arg);
}

void
durable_answer(struct proxy *p, struct request *r)
{
	request_hold(r);
	/* Rather no promise than none that is kept. */
	if (durable_then(p, release, r) < 0)
		die(EX_OSERR, "out of memory");
}
