/*
 * Evidence of the enclave, for whoever asks (sp1-evidence(5)): over the connection that it
 * is asked on, with the caller's nonce; or without one, which is kept for some minutes.
 * tee-keyd has it made, which takes time: a thread waits for that, one quote at a time.
 */
#include "proxy/proxy.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/channel.h"
#include "base/clock.h"
#include "base/hex.h"
#include "crypto/keyd.h"

#define WAITING 64		/* who may wait, */
#define WAITING_FROM 4		/* of one address */
#define KEPT_MS 600000		/* evidence without a nonce, of a life of an hour */

/* Who waits, the first first; the first one's is being made. */
struct asking {
	struct asking *next;
	struct request *r;
	struct keyd_ask ask;
};

struct evidence {
	struct loop *loop;
	const char *socket;
	struct asking *first;
	int waiting;
	/* Without a nonce, of the TLS key that it names. */
	uint8_t *kept;
	size_t kept_n;
	struct statement_hash kept_spki;
	int64_t kept_until;
	/* The thread's: what it makes, and what came of it.  busy: it has them. */
	pthread_mutex_t lock;
	pthread_cond_t some;
	bool busy, stale;
	struct keyd_ask ask;
	uint8_t *out;
	size_t n;
	struct err why;
	struct loop_task done;
};

static void on_done(void *arg);

static void *
make(void *arg)
{
	struct evidence *ev = arg;

	pthread_mutex_lock(&ev->lock);
	for (;;) {
		while (!ev->busy)
			pthread_cond_wait(&ev->some, &ev->lock);
		pthread_mutex_unlock(&ev->lock);
		if (keyd_evidence(&ev->out, &ev->n, ev->socket, &ev->ask,
		    &ev->why) < 0)
			ev->out = NULL;
		pthread_mutex_lock(&ev->lock);
		ev->busy = false;
		loop_post(ev->loop, &ev->done, on_done, ev);
	}
	return NULL;
}

struct evidence *
evidence_new(struct loop *l, const char *socket, struct err *e)
{
	struct evidence *ev = calloc(1, sizeof *ev);
	pthread_t thread;

	if (ev) {
		ev->loop = l;
		ev->socket = socket;
		pthread_mutex_init(&ev->lock, NULL);
		pthread_cond_init(&ev->some, NULL);
		if (pthread_create(&thread, NULL, make, ev) == 0 &&
		    pthread_detach(thread) == 0)
			return ev;
	}
	free(ev);
	err_set(e, EX_OSERR, "cannot start a thread");
	return NULL;
}

static void
say(struct request *r, int status, const char *why)
{
	char text[400];

	/* The reason is tee-keyd's, whose words need no escape. */
	snprintf(text, sizeof text, "{\"error\":\"%.300s\"}\n", why);
	for (char *p = text + 10; p < text + strlen(text) - 3; p++)
		if (*p == '"' || *p == '\\' || (unsigned char)*p < ' ')
			*p = '?';
	answer(r, status, "application/json", text, strlen(text));
}

static void
give(struct request *r, const uint8_t *p, size_t n)
{
	answer(r, 200, "application/json", p, n);
}

static bool
same(const struct statement_hash *a, const struct statement_hash *b)
{
	return a->there == b->there && (!a->there ||
	    memcmp(a->v, b->v, sizeof a->v) == 0);
}

static bool
is_kept(const struct evidence *ev, const struct keyd_ask *ask)
{
	return ev->kept && !ask->nonce.there && clock_ms() < ev->kept_until &&
	    same(&ask->spki, &ev->kept_spki);
}

static void
drop_first(struct evidence *ev)
{
	struct asking *a = ev->first;

	ev->first = a->next;
	ev->waiting--;
	free(a);
}

/* Begins with the first one whom nothing that is kept serves. */
static void
begin(struct evidence *ev)
{
	while (ev->first) {
		struct asking *a = ev->first;

		if (is_kept(ev, &a->ask)) {
			give(a->r, ev->kept, ev->kept_n);
		} else if (!request_alive(a->r)) {
			say(a->r, 503, "nobody waits");
		} else {
			pthread_mutex_lock(&ev->lock);
			ev->ask = a->ask;
			ev->busy = true;
			ev->stale = false;
			pthread_cond_signal(&ev->some);
			pthread_mutex_unlock(&ev->lock);
			return;
		}
		drop_first(ev);
	}
}

static void
keep(struct evidence *ev)
{
	if (ev->ask.nonce.there || ev->stale)
		return;
	free(ev->kept);
	ev->kept = malloc(ev->n);
	if (!ev->kept)
		return;
	memcpy(ev->kept, ev->out, ev->n);
	ev->kept_n = ev->n;
	ev->kept_spki = ev->ask.spki;
	ev->kept_until = clock_ms() + KEPT_MS;
}

static void
on_done(void *arg)
{
	struct evidence *ev = arg;
	struct request *r = ev->first->r;

	if (ev->out) {
		keep(ev);
		answer_owned(r, 200, "application/json", ev->out, ev->n, free);
	} else {
		say(r, ev->why.status == EX_UNAVAILABLE ? 404 : 503, ev->why.msg);
	}
	drop_first(ev);
	begin(ev);
}

/* How many of those who wait come from there. */
static int
from(const struct evidence *ev, const struct request *r)
{
	int n = 0;

	for (const struct asking *a = ev->first; a; a = a->next)
		n += memcmp(request_address(a->r), request_address(r),
		    sizeof(struct address)) == 0;
	return n;
}

/* The nonce in the query, if there is one: 0; -1: it is none. */
static int
take_nonce(struct statement_hash *nonce, const struct request *r)
{
	char hex[65];

	*nonce = (struct statement_hash){ .there = strchr(r->path, '?') != NULL };
	return !nonce->there || (query_value(r->path, "nonce", hex, sizeof hex) &&
	    hex_length(hex) == 32 && hex_decode(nonce->v, 32, hex) == 0) ? 0 : -1;
}

void
evidence_answer(struct evidence *ev, struct request *r)
{
	struct asking *a, **end = &ev->first;
	struct keyd_ask ask = { 0 };
	struct channel c;

	if (take_nonce(&ask.nonce, r) < 0) {
		say(r, 400, "the query is not nonce= and 64 hexadecimal digits");
		return;
	}
	request_channel(r, &c);
	ask.spki.there = c.tls;
	memcpy(ask.spki.v, c.spki, 32);
	/* What is kept for all is of no one connection. */
	ask.exporter.there = c.has_exporter && ask.nonce.there;
	memcpy(ask.exporter.v, c.exporter, 32);
	if (is_kept(ev, &ask)) {
		give(r, ev->kept, ev->kept_n);
		return;
	}
	a = ev->waiting < WAITING && from(ev, r) < WAITING_FROM ?
	    calloc(1, sizeof *a) : NULL;
	if (!a) {
		say(r, 503, "too many ask for evidence: try again");
		return;
	}
	a->r = r;
	a->ask = ask;
	while (*end)
		end = &(*end)->next;
	*end = a;
	if (ev->waiting++ == 0)
		begin(ev);
}

void
evidence_forget(struct evidence *ev)
{
	free(ev->kept);
	ev->kept = NULL;
	ev->stale = true;
}
