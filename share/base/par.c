#include "base/par.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "base/err.h"

/* A worker that finds nothing to do looks this often before it sleeps: loops
 * tend to follow each other closely. */
#define SPINS 2000

static struct {
	unsigned threads;
	pthread_mutex_t caller;	/* held for the length of a loop */
	pthread_mutex_t lock;	/* of open and active, and the two below */
	pthread_cond_t work, idle;
	int open;		/* workers may still join the loop */
	unsigned active;	/* workers that have joined and not left */
	atomic_uint loop;	/* counts loops */

	/* The loop; constant while it is open or a worker is active. */
	void (*fn)(void *ctx, size_t begin, size_t end, unsigned worker);
	void *ctx;
	size_t n, grain;
	_Alignas(64) atomic_size_t next;
} pool = {
	.threads = 1,
	.caller = PTHREAD_MUTEX_INITIALIZER,
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.work = PTHREAD_COND_INITIALIZER,
	.idle = PTHREAD_COND_INITIALIZER,
};

static __thread unsigned self;		/* 0: the caller */
static __thread int inside;

static void
pieces(void)
{
	size_t n = pool.n, grain = pool.grain, begin;

	inside = 1;
	/* next passes n by at most threads * grain: par_for keeps that far
	 * from overflow. */
	while ((begin = atomic_fetch_add(&pool.next, grain)) < n)
		pool.fn(pool.ctx, begin,
		    n - begin < grain ? n : begin + grain, self);
	inside = 0;
}

static void *
worker(void *arg)
{
	unsigned seen = 0;
	int i;

	self = (unsigned)(size_t)arg;
	for (;;) {
		for (i = 0; i < SPINS &&
		    atomic_load_explicit(&pool.loop, memory_order_relaxed) ==
		    seen; i++)
			__builtin_ia32_pause();
		pthread_mutex_lock(&pool.lock);
		while (!pool.open || pool.loop == seen)
			pthread_cond_wait(&pool.work, &pool.lock);
		seen = pool.loop;
		pool.active++;
		pthread_mutex_unlock(&pool.lock);

		pieces();

		pthread_mutex_lock(&pool.lock);
		if (--pool.active == 0)
			pthread_cond_signal(&pool.idle);
		pthread_mutex_unlock(&pool.lock);
	}
	return NULL;
}

void
par_start(unsigned n)
{
	cpu_set_t set;
	pthread_t t;

	must(pool.threads == 1);
	if (n == 0)
		n = sched_getaffinity(0, sizeof(set), &set) == 0 ?
		    (unsigned)CPU_COUNT(&set) : 1;
	if (n > PAR_MAX)
		n = PAR_MAX;
	/* With fewer threads than wished for the results are the same. */
	while (pool.threads < n && pthread_create(&t, NULL, worker,
	    (void *)(size_t)pool.threads) == 0) {
		pthread_detach(t);
		pool.threads++;
	}
}

unsigned
par_threads(void)
{
	return pool.threads;
}

void
par_for(size_t n, size_t grain,
    void (*fn)(void *ctx, size_t begin, size_t end, unsigned worker), void *ctx)
{
	size_t begin;

	if (grain == 0)
		grain = n / (4 * (size_t)pool.threads) + 1;
	if (inside || pool.threads == 1 || n <= grain ||
	    n > (size_t)-1 / 2 || grain > (size_t)-1 / 4 / PAR_MAX) {
		for (begin = 0; begin < n; begin += grain) {
			if (n - begin <= grain) {
				fn(ctx, begin, n, self);
				break;
			}
			fn(ctx, begin, begin + grain, self);
		}
		return;
	}

	pthread_mutex_lock(&pool.caller);
	pthread_mutex_lock(&pool.lock);
	pool.fn = fn;
	pool.ctx = ctx;
	pool.n = n;
	pool.grain = grain;
	pool.next = 0;
	pool.open = 1;
	pool.loop++;
	pthread_cond_broadcast(&pool.work);
	pthread_mutex_unlock(&pool.lock);

	pieces();

	/* Nothing is left to hand out: who has not joined need not. */
	pthread_mutex_lock(&pool.lock);
	pool.open = 0;
	while (pool.active > 0)
		pthread_cond_wait(&pool.idle, &pool.lock);
	pthread_mutex_unlock(&pool.lock);
	pthread_mutex_unlock(&pool.caller);
}
