/* Keeps a job's lease while the worker is busy: says how far it is, from a thread of
 * its own, since a call to the network may take longer than a lease. */
#include "worker/worker.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

/* `seconds` long, or until it stops, or, where that matters, there is news. */
static void
rest(struct beats *b, uint64_t seconds, bool news)
{
	struct timespec t;
	bool passed = false;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += (time_t)seconds;
	while (!b->stop && !(news && b->news) && !passed)
		passed = pthread_cond_timedwait(&b->wake, &b->lock, &t) ==
		    ETIMEDOUT;
}

/* Seconds to the next beat, or to the deadline, where that is first. */
static uint64_t
beat_pause(const struct job *j)
{
	uint64_t every = j->lease_s / 4 ? j->lease_s / 4 : 1, now = clock_unix();

	return j->deadline >= now && j->deadline - now < every ?
	    j->deadline - now + 1 : every;
}

/* A call to the network would hold up the job's end; but a proof that is being handed
 * in counts even past the deadline. */
static bool
is_over(const struct job *j, const struct told *t)
{
	return j->lost || (clock_unix() > j->deadline &&
	    strcmp(t->phase, "submitting") != 0);
}

static void *
run(void *arg)
{
	struct beats *b = arg;

	pthread_mutex_lock(&b->lock);
	for (;;) {
		struct told t;

		rest(b, beat_pause(b->j), true);
		if (b->stop)
			break;
		b->news = false;
		t = b->told;
		pthread_mutex_unlock(&b->lock);
		if (proxy_beat(b->w, b->j, &t) < 0)
			b->j->lost = true;
		if (is_over(b->j, &t))
			b->w->hurry = 1;
		pthread_mutex_lock(&b->lock);
		rest(b, 1, false);
	}
	pthread_mutex_unlock(&b->lock);
	return NULL;
}

int
beats_start(struct beats *b, struct worker *w, struct job *j, struct err *e)
{
	pthread_condattr_t monotonic;

	memset(b, 0, sizeof *b);
	b->w = w;
	b->j = j;
	b->told.phase = "checking";
	j->beats = b;
	w->hurry = 0;
	if (w->stop)
		w->hurry = 1;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (pthread_create(&b->thread, NULL, run, b) == 0)
		return 0;
	pthread_cond_destroy(&b->wake);
	pthread_mutex_destroy(&b->lock);
	return err_set(e, EX_OSERR, "cannot start a thread");
}

void
beats_tell(struct beats *b, const struct told *t)
{
	pthread_mutex_lock(&b->lock);
	b->told = *t;
	b->news = true;
	pthread_cond_signal(&b->wake);
	pthread_mutex_unlock(&b->lock);
}

void
beats_stop(struct beats *b)
{
	pthread_mutex_lock(&b->lock);
	b->stop = true;
	pthread_cond_signal(&b->wake);
	pthread_mutex_unlock(&b->lock);
	pthread_join(b->thread, NULL);
	pthread_cond_destroy(&b->wake);
	pthread_mutex_destroy(&b->lock);
}
