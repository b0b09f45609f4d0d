/*
 * tee-keyd's keys, asked for again and again: one that was started anew may have others,
 * and inputs sealed to the old key could not be opened by anybody.  Its answer is waited
 * for in a thread, and taken over in the loop's.
 */
#include "proxy/proxy.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "crypto/keyd.h"
#include "crypto/sealed.h"

#define EVERY_S 2

struct change {
	struct loop_task task;
	struct proxy *p;
	struct keyd_info info;
};

struct watcher {
	struct proxy *p;
	const char *socket;
	struct keyd_info last;
};

static void
on_change(void *arg)
{
	struct change *c = arg;
	struct proxy *p = c->p;
	struct sealed_header old = { .by_statement = false };

	memcpy(old.fingerprint, p->keys.print[0], 32);
	/* Of old ones that are gone nobody needs to hear. */
	if (memcmp(p->keys.public_key, c->info.public_key, 32) != 0) {
		evidence_forget(p->evidence);
		if (keyd_has(&c->info, &old))
			log_say(LEVEL_INFO, "new_keys", "tee-keyd has new keys, and "
			    "the last ones for some time");
		else
			log_say(LEVEL_WARN, "new_keys", "tee-keyd has new keys: inputs "
			    "sealed to the old one cannot be opened any more");
		p->m.keys_changed++;
	}
	p->keys = c->info;
	memcpy(p->fulfiller, c->info.fulfiller, 20);
	free(c);
}

static void *
watch(void *arg)
{
	struct watcher *w = arg;

	for (;;) {
		struct keyd_info now;
		struct change *c;

		nanosleep(&(struct timespec){ .tv_sec = EVERY_S }, NULL);
		if (keyd_info(&now, w->socket, NULL) < 0)
			continue;
		atomic_store(&w->p->keyd_seen, clock_ms());
		if (memcmp(&now, &w->last, sizeof now) == 0)
			continue;
		c = calloc(1, sizeof *c);
		if (!c)
			continue;	/* the next time */
		c->p = w->p;
		c->info = w->last = now;
		loop_post(w->p->loop, &c->task, on_change, c);
	}
	return NULL;
}

int
keys_watch(struct proxy *p, const char *socket, const struct keyd_info *now,
    struct err *e)
{
	struct watcher *w = calloc(1, sizeof *w);
	pthread_t thread;

	if (w) {
		w->p = p;
		w->socket = socket;
		w->last = *now;
		atomic_store(&p->keyd_seen, clock_ms());
		if (pthread_create(&thread, NULL, watch, w) == 0)
			return pthread_detach(thread);
	}
	free(w);
	return err_set(e, EX_OSERR, "cannot start a thread");
}
