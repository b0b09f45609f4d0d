/* Keeps a job's lease while the worker is busy: says how far it is, from a thread of
 * its own, since a call to the network may take longer than a lease. */
#include "worker/worker.h"

#include <time.h>

static void *
run(void *arg)
{
	struct beats *b = arg;
	struct timespec t;
	uint64_t every = b->j->lease_s / 4 ? b->j->lease_s / 4 : 1;

	pthread_mutex_lock(&b->lock);
	while (!b->stop) {
		clock_gettime(CLOCK_REALTIME, &t);
		t.tv_sec += (time_t)every;
		pthread_cond_timedwait(&b->over, &b->lock, &t);
		if (b->stop)
			break;
		pthread_mutex_unlock(&b->lock);
		if (proxy_beat(b->w, b->j) < 0)
			b->j->lost = true;
		pthread_mutex_lock(&b->lock);
	}
	pthread_mutex_unlock(&b->lock);
	return NULL;
}

void
beats_start(struct beats *b, struct worker *w, struct job *j)
{
	b->w = w;
	b->j = j;
	b->stop = false;
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->over, NULL);
	if (pthread_create(&b->thread, NULL, run, b) != 0)
		die(EX_OSERR, "cannot start a thread");
}

void
beats_stop(struct beats *b)
{
	pthread_mutex_lock(&b->lock);
	b->stop = true;
	pthread_cond_signal(&b->over);
	pthread_mutex_unlock(&b->lock);
	pthread_join(b->thread, NULL);
	pthread_cond_destroy(&b->over);
	pthread_mutex_destroy(&b->lock);
}
