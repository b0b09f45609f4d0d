#include "net/loop.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct loop {
	int epoll;
	struct watch wake, signals;	/* eventfd, signalfd */
	struct loop_task *timers;		/* by due */
	struct loop_task *deferred, **deferred_end;
	struct loop_task *coming, **coming_end;	/* of the next turn */
	pthread_mutex_t lock;		/* of what follows */
	struct loop_task *posted, **posted_end;
	void (*on_signal)(void *arg);
	void *signal_arg;
	void (*on_hangup)(void *arg);
	void *hangup_arg;
	bool stopped;
	uint64_t turn;
};

#define OWNER(w, member) \
	((struct loop *)((char *)(w) - offsetof(struct loop, member)))

/* At the end of a list. */
static void
append(struct loop_task **end, struct loop_task *t, void (*fn)(void *arg),
    void *arg)
{
	*t = (struct loop_task){ .fn = fn, .arg = arg };
	*end = t;
}

static void
run_tasks(struct loop_task *t)
{
	while (t) {
		struct loop_task *next = t->next;	/* fn may free t */

		t->fn(t->arg);
		t = next;
	}
}

static void
on_wake(struct watch *w, uint32_t events)
{
	struct loop *l = OWNER(w, wake);
	struct loop_task *t;
	uint64_t n;

	(void)!read(w->fd, &n, sizeof n);
	pthread_mutex_lock(&l->lock);
	t = l->posted;
	l->posted = NULL;
	l->posted_end = &l->posted;
	pthread_mutex_unlock(&l->lock);
	run_tasks(t);
}

static void
on_signals(struct watch *w, uint32_t events)
{
	struct loop *l = OWNER(w, signals);
	struct signalfd_siginfo info;

	if (read(w->fd, &info, sizeof info) != sizeof info)
		return;
	if (info.ssi_signo == SIGHUP)
		l->on_hangup(l->hangup_arg);
	else if (l->on_signal)
		l->on_signal(l->signal_arg);
	else
		l->stopped = true;
}

struct loop *
loop_new(struct err *e)
{
	struct loop *l = calloc(1, sizeof *l);
	sigset_t set;

	if (!l) {
		err_set(e, EX_OSERR, "out of memory");
		return NULL;
	}
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	pthread_mutex_init(&l->lock, NULL);
	l->posted_end = &l->posted;
	l->deferred_end = &l->deferred;
	l->coming_end = &l->coming;
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	l->wake = (struct watch){ eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
		EPOLLIN, on_wake };
	l->signals = (struct watch){ signalfd(-1, &set, SFD_CLOEXEC |
		SFD_NONBLOCK), EPOLLIN, on_signals };
	if (l->epoll < 0 || l->wake.fd < 0 || l->signals.fd < 0) {
		err_set(e, EX_OSERR, "cannot make an event loop:");
		loop_free(l);
		return NULL;
	}
	if (loop_watch(l, &l->wake, e) < 0 || loop_watch(l, &l->signals, e) < 0) {
		loop_free(l);
		return NULL;
	}
	return l;
}

/* In the order in which they came, and those that they add. */
static void
run_deferred(struct loop *l)
{
	while (l->deferred) {
		struct loop_task *t = l->deferred;

		l->deferred = NULL;
		l->deferred_end = &l->deferred;
		run_tasks(t);
	}
}

/* Those of this turn, not those that they add. */
static void
run_coming(struct loop *l)
{
	struct loop_task *t = l->coming;

	l->coming = NULL;
	l->coming_end = &l->coming;
	run_tasks(t);
}

void
loop_free(struct loop *l)
{
	if (!l)
		return;
	while (l->coming || l->deferred) {
		run_coming(l);
		run_deferred(l);
	}
	if (l->wake.fd >= 0)
		close(l->wake.fd);
	if (l->signals.fd >= 0)
		close(l->signals.fd);
	if (l->epoll >= 0)
		close(l->epoll);
	pthread_mutex_destroy(&l->lock);
	free(l);
}

void
loop_on_signal(struct loop *l, void (*fn)(void *arg), void *arg)
{
	l->on_signal = fn;
	l->signal_arg = arg;
}

void
loop_on_hangup(struct loop *l, void (*fn)(void *arg), void *arg)
{
	sigset_t set;

	l->on_hangup = fn;
	l->hangup_arg = arg;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	must(signalfd(l->signals.fd, &set, 0) >= 0);
}

void
loop_stop(struct loop *l)
{
	l->stopped = true;
}

uint64_t
loop_turn(const struct loop *l)
{
	return l->turn;
}

void
loop_timer(struct loop *l, struct loop_task *t, int64_t ms, void (*fn)(void *arg),
    void *arg)
{
	struct loop_task **at = &l->timers;

	t->fn = fn;
	t->arg = arg;
	t->due = clock_ms() + ms;
	while (*at && (*at)->due <= t->due)
		at = &(*at)->next;
	t->next = *at;
	*at = t;
}

void
loop_cancel(struct loop *l, struct loop_task *t)
{
	for (struct loop_task **at = &l->timers; *at; at = &(*at)->next)
		if (*at == t) {
			*at = t->next;
			return;
		}
}

void
loop_defer(struct loop *l, struct loop_task *t, void (*fn)(void *arg), void *arg)
{
	append(l->deferred_end, t, fn, arg);
	l->deferred_end = &t->next;
}

void
loop_next(struct loop *l, struct loop_task *t, void (*fn)(void *arg), void *arg)
{
	append(l->coming_end, t, fn, arg);
	l->coming_end = &t->next;
}

void
loop_post(struct loop *l, struct loop_task *t, void (*fn)(void *arg), void *arg)
{
	uint64_t one = 1;

	pthread_mutex_lock(&l->lock);
	append(l->posted_end, t, fn, arg);
	l->posted_end = &t->next;
	pthread_mutex_unlock(&l->lock);
	(void)!write(l->wake.fd, &one, sizeof one);
}

int
loop_watch(struct loop *l, struct watch *w, struct err *e)
{
	struct epoll_event ev = { .events = w->events, .data.ptr = w };

	if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, w->fd, &ev) < 0)
		return err_set(e, EX_OSERR, "cannot watch a descriptor:");
	return 0;
}

void
loop_rewatch(struct loop *l, struct watch *w, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.ptr = w };

	if (w->events == events)
		return;
	w->events = events;
	must(epoll_ctl(l->epoll, EPOLL_CTL_MOD, w->fd, &ev) == 0);
}

void
loop_unwatch(struct loop *l, struct watch *w)
{
	epoll_ctl(l->epoll, EPOLL_CTL_DEL, w->fd, NULL);
	w->fn = NULL;	/* this turn's list of events may still name it */
}

static void
run_due(struct loop *l)
{
	int64_t now = clock_ms();

	/* A timer that fires may add others; those are not due yet, or will
	 * be seen in the next turn. */
	while (l->timers && l->timers->due <= now) {
		struct loop_task *t = l->timers;

		l->timers = t->next;
		t->fn(t->arg);
	}
}

int
loop_run(struct loop *l, struct err *e)
{
	struct epoll_event ev[64];

	l->stopped = false;
	while (!l->stopped) {
		int64_t wait = -1;
		int n;

		if (l->timers) {
			wait = l->timers->due - clock_ms();
			if (wait < 0)
				wait = 0;
			if (wait > 60000)
				wait = 60000;
		}
		if (l->coming)
			wait = 0;
		n = epoll_wait(l->epoll, ev, 64, (int)wait);
		l->turn++;
		if (n < 0 && errno != EINTR)
			return err_set(e, EX_OSERR, "cannot wait for events:");
		run_coming(l);
		for (int i = 0; i < n; i++) {
			struct watch *w = ev[i].data.ptr;

			if (w->fn)
				w->fn(w, ev[i].events);
		}
		run_due(l);
		run_deferred(l);
	}
	return 0;
}
