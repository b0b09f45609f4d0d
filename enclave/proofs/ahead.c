#include "proofs/ahead.h"

#include <string.h>

/* The reader's: called in its thread. */
static void
on_frame(void *ctx, size_t bytes)
{
	struct ahead *a = ctx;

	pthread_mutex_lock(&a->lock);
	while (bytes > a->allowed)
		pthread_cond_wait(&a->more, &a->lock);
	pthread_mutex_unlock(&a->lock);
}

void
ahead_init(struct ahead *a, struct shard_source *source)
{
	memset(a, 0, sizeof *a);
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->more, NULL);
	a->source = source;
	source->reader.on_frame = on_frame;
	source->reader.ctx = a;
}

void
ahead_allow(struct ahead *a, size_t bytes)
{
	pthread_mutex_lock(&a->lock);
	a->allowed = bytes;
	pthread_cond_signal(&a->more);
	pthread_mutex_unlock(&a->lock);
}

static void *
read_shard(void *arg)
{
	struct ahead *a = arg;

	a->got = shards_next(a->source, &a->events, &a->code, &a->e);
	a->left = shards_left(a->source);
	return NULL;
}

void
ahead_start(struct ahead *a)
{
	a->allowed = 0;
	a->running = pthread_create(&a->thread, NULL, read_shard, a) == 0;
	if (!a->running)	/* then not ahead */
		a->got = 2;
}

int
ahead_take(struct ahead *a, struct shard_events *s, uint32_t *code,
    size_t *left, struct err *e)
{
	ahead_allow(a, SIZE_MAX);
	if (a->running)
		pthread_join(a->thread, NULL);
	else if (a->got == 2)
		read_shard(a);
	a->running = false;
	if (a->got < 0)
		*e = a->e;
	if (a->got == 1) {
		*s = a->events;
		*code = a->code;
		*left = a->left;
	}
	return a->got;
}

void
ahead_drop(struct ahead *a)
{
	if (!a->running)
		return;
	ahead_allow(a, SIZE_MAX);
	pthread_join(a->thread, NULL);
	a->running = false;
	if (a->got == 1)
		shard_events_free(&a->events);
}
