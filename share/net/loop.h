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

CHECKED struct loop *loop_new(struct err *e);
void loop_free(struct loop *l);

/* Runs until loop_stop(). */
CHECKED int loop_run(struct loop *l, struct err *e);
void loop_stop(struct loop *l);

/* What SIGTERM and SIGINT do; without it they stop the loop. */
void loop_on_signal(struct loop *l, void (*fn)(void *arg), void *arg);

/* Calls fn once, after ms.  The number given back names the timer until it has
 * run; never 0, which loop_cancel() takes for none. */
uint64_t loop_timer(struct loop *l, int64_t ms, void (*fn)(void *arg),
    void *arg);
void loop_cancel(struct loop *l, uint64_t timer);

/* Calls fn at the end of this turn of the loop, in the order of these calls: the
 * place to free what a callback further up may still hold. */
void loop_defer(struct loop *l, void (*fn)(void *arg), void *arg);

/* From any thread: has the loop call fn. */
void loop_post(struct loop *l, void (*fn)(void *arg), void *arg);

/* A descriptor and who cares; embedded in its owner.  events: EPOLLIN, EPOLLOUT.
 * After loop_unwatch() fn is not called any more, but the memory must live until
 * the end of the turn (loop_defer). */
struct watch {
	int fd;
	uint32_t events;
	void (*fn)(struct watch *w, uint32_t events);
};
CHECKED int loop_watch(struct loop *l, struct watch *w, struct err *e);
void loop_rewatch(struct loop *l, struct watch *w, uint32_t events);
void loop_unwatch(struct loop *l, struct watch *w);

#endif
