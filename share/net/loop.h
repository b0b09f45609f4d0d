#ifndef NET_LOOP_H
#define NET_LOOP_H
/*
 * One thread's event loop: descriptors, timers, work handed over by other
 * threads, and SIGTERM/SIGINT.
 *
 * Everything here but loop_post() is for the thread that runs the loop.  Make the
 * loop before any other thread, so that they inherit the blocked signals.
 */
#include <stdint.h>
#include <sys/epoll.h>

#include "base/clock.h"
#include "base/err.h"

struct loop;

/* Blocks SIGTERM and SIGINT, which are the loop's from now on; ignores SIGPIPE, and
 * SIGXFSZ: a write that is too long fails, as on a full disk.  NULL: EX_OSERR. */
CHECKED struct loop *loop_new(struct err *e);
/* Runs what was deferred, and what was for the next turn; timers and what was posted are
 * forgotten.  NULL is allowed. */
void loop_free(struct loop *l);

/* Runs until loop_stop().  -1: EX_OSERR. */
CHECKED int loop_run(struct loop *l, struct err *e);
/* Has loop_run() return after this turn. */
void loop_stop(struct loop *l);

/* Counts its turns: what came is seen once in each, all of it. */
uint64_t loop_turn(const struct loop *l);

/* What SIGTERM and SIGINT do; without it they stop the loop. */
void loop_on_signal(struct loop *l, void (*fn)(void *arg), void *arg);
/* What SIGHUP does, which is the loop's from now on: before any other thread is made. */
void loop_on_hangup(struct loop *l, void (*fn)(void *arg), void *arg);

/*
 * A call to be made once; embedded in what it is about, so that none fails for want of
 * memory.  It waits for one thing at a time, and its memory lives until fn is called,
 * which may free it, or use it again.
 */
struct loop_task {
	struct loop_task *next;
	void (*fn)(void *arg);
	void *arg;
	int64_t due;		/* of a timer: clock_ms() */
};

/* Calls fn after ms. */
void loop_timer(struct loop *l, struct loop_task *t, int64_t ms,
    void (*fn)(void *arg), void *arg);
/* Takes a timer back, if it has not run. */
void loop_cancel(struct loop *l, struct loop_task *t);

/* Calls fn at the end of this turn of the loop, in the order of these calls: the
 * place to free what a callback further up may still hold. */
void loop_defer(struct loop *l, struct loop_task *t, void (*fn)(void *arg),
    void *arg);

/* Calls fn in the next turn, which waits for nothing, before what comes then: the place to
 * go on with what would take too much of this one. */
void loop_next(struct loop *l, struct loop_task *t, void (*fn)(void *arg),
    void *arg);

/* From any thread: has the loop call fn. */
void loop_post(struct loop *l, struct loop_task *t, void (*fn)(void *arg),
    void *arg);

/* A descriptor and who cares; embedded in its owner.  events: EPOLLIN, EPOLLOUT.
 * After loop_unwatch() fn is not called any more, but the memory must live until
 * the end of the turn (loop_defer). */
struct watch {
	int fd;
	uint32_t events;
	void (*fn)(struct watch *w, uint32_t events);
};
/* Begins with w->events.  -1: EX_OSERR. */
CHECKED int loop_watch(struct loop *l, struct watch *w, struct err *e);
/* Goes on with these events. */
void loop_rewatch(struct loop *l, struct watch *w, uint32_t events);
/* Ends it, before the descriptor is closed. */
void loop_unwatch(struct loop *l, struct watch *w);

#endif
