/*
 * Calls to the network.  libcurl's easy interface blocks, so threads do it: one
 * client each, whose connection stays open between calls.
 */
#include "proxy/proxy.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/rpc.h"

#define THREADS 8
#define QUEUE 1000	/* calls that wait; further ones are sent away */
#define TIMEOUT_S 45	/* less than the 60 s that a client waits for us */

struct caller {
	struct upstream *u;
	struct rpc *rpc;
	pthread_t thread;
};

struct upstream {
	struct loop *loop;
	pthread_mutex_t lock;	/* of what follows, to `stop` */
	pthread_cond_t some;
	struct up_call *head;		/* by their rounds */
	uint64_t round;			/* of the call that was taken last */
	int waiting;
	bool stop;
	struct caller caller[THREADS];
	int n;
};

static void
on_end(void *arg)
{
	struct up_call *c = arg;

	c->on_reply(c);
}

/* The call, with c's authorization if it has any. */
static int
send_call(struct rpc *rpc, const struct up_call *c, struct rpc_reply *reply,
    struct err *e)
{
	const char *headers[2] = { NULL, NULL };
	char *line = NULL;
	int r;

	if (c->authorization) {
		if (asprintf(&line, "authorization: %s", c->authorization) < 0)
			return err_set(e, EX_OSERR, "out of memory");
		headers[0] = line;
	}
	r = rpc_call_once(rpc, c->path, c->in, c->n, headers, reply, e);
	if (line)
		wipe(line, strlen(line));
	free(line);
	return r;
}

static void
make_call(struct rpc *rpc, struct up_call *c)
{
	struct rpc_reply reply = { .status = GRPC_NONE };
	struct err e = { 0 };

	if (send_call(rpc, c, &reply, &e) == 0) {
		c->out = malloc(reply.n + 1);
		if (c->out && reply.n)
			memcpy(c->out, reply.p, reply.n);
		c->out_n = c->out ? reply.n : 0;
		c->status = c->out ? GRPC_OK : GRPC_NONE;
	} else if (reply.status > 0) {
		c->status = reply.status;
		snprintf(c->text, sizeof c->text, "%s", reply.text);
	} else {
		c->status = GRPC_NONE;
		snprintf(c->text, sizeof c->text, "%s", e.msg);
	}
}

static void *
call_one_by_one(void *arg)
{
	struct caller *me = arg;
	struct upstream *u = me->u;

	pthread_mutex_lock(&u->lock);
	while (!u->stop) {
		struct up_call *c = u->head;

		if (!c) {
			pthread_cond_wait(&u->some, &u->lock);
			continue;
		}
		u->head = c->next;
		u->round = c->round;
		u->waiting--;
		pthread_mutex_unlock(&u->lock);
		make_call(me->rpc, c);
		loop_post(u->loop, &c->end, on_end, c);
		pthread_mutex_lock(&u->lock);
	}
	pthread_mutex_unlock(&u->lock);
	return NULL;
}

struct upstream *
upstream_new(struct loop *l, const char *url, const char *ca_file,
    struct err *e)
{
	struct rpc_options o = { .ca_file = ca_file, .timeout_s = TIMEOUT_S,
		.retry_s = -1 };
	struct upstream *u = calloc(1, sizeof *u);

	if (!u) {
		err_set(e, EX_OSERR, "out of memory");
		return NULL;
	}
	u->loop = l;
	pthread_mutex_init(&u->lock, NULL);
	pthread_cond_init(&u->some, NULL);
	for (; u->n < THREADS; u->n++) {
		struct caller *c = &u->caller[u->n];

		c->u = u;
		c->rpc = rpc_new(url, &o, e);
		if (!c->rpc)
			break;
		if (u->n == 0 && rpc_trust(c->rpc, e) < 0) {
			rpc_free(c->rpc);
			break;
		}
		if (pthread_create(&c->thread, NULL, call_one_by_one, c) != 0) {
			err_set(e, EX_OSERR, "cannot start a thread");
			rpc_free(c->rpc);
			break;
		}
	}
	if (u->n == THREADS)
		return u;
	upstream_free(u);
	return NULL;
}

void
upstream_free(struct upstream *u)
{
	pthread_mutex_lock(&u->lock);
	u->stop = true;
	pthread_cond_broadcast(&u->some);
	pthread_mutex_unlock(&u->lock);
	for (int i = 0; i < u->n; i++) {
		pthread_join(u->caller[i].thread, NULL);
		rpc_free(u->caller[i].rpc);
	}
	while (u->head) {
		struct up_call *next = u->head->next;

		up_call_free(u->head);
		u->head = next;
	}
	free(u);
}

struct up_call *
up_call_new(struct proxy *p, const char *path, const void *in, size_t n,
    const struct request *r, void (*on_reply)(struct up_call *c), void *arg)
{
	const char *authorization = r ? request_header(r, "authorization") :
	    NULL;
	struct up_call *c = calloc(1, sizeof *c);

	if (!c)
		return NULL;
	c->p = p;
	if (r)
		c->from = *request_address(r);
	c->path = path;
	c->on_reply = on_reply;
	c->arg = arg;
	c->n = n;
	c->in = malloc(n + 1);
	if (authorization)
		c->authorization = strdup(authorization);
	if (!c->in || (authorization && !c->authorization)) {
		up_call_free(c);
		return NULL;
	}
	if (n)
		memcpy(c->in, in, n);
	return c;
}

void
up_call_free(struct up_call *c)
{
	if (c->authorization)
		wipe(c->authorization, strlen(c->authorization));
	free(c->authorization);
	free(c->in);
	free(c->out);
	free(c);
}

/* It will not be made: its on_reply() has it in the loop's next turn. */
static void
send_away(struct upstream *u, struct up_call *c, const char *why)
{
	c->status = GRPC_NONE;
	snprintf(c->text, sizeof c->text, "%s", why);
	loop_post(u->loop, &c->end, on_end, c);
}

/* Puts c where its turn is: an address's n-th waiting call comes in the n-th round from
 * now, behind who is in that already.  (Fair queueing, all calls counting alike.) */
static void
line_up(struct upstream *u, struct up_call *c)
{
	struct up_call **at;

	c->round = u->round + 1;
	for (at = &u->head; *at; at = &(*at)->next)
		if (memcmp(&(*at)->from, &c->from, sizeof c->from) == 0)
			c->round = (*at)->round + 1;
	for (at = &u->head; *at && (*at)->round <= c->round;)
		at = &(*at)->next;
	c->next = *at;
	*at = c;
	u->waiting++;
}

/* Takes out the call whose turn is last. */
static struct up_call *
last(struct upstream *u)
{
	struct up_call **at = &u->head, *c;

	while ((*at)->next)
		at = &(*at)->next;
	c = *at;
	*at = NULL;
	u->waiting--;
	return c;
}

void
upstream_send(struct upstream *u, struct up_call *c)
{
	struct up_call *away = NULL;

	pthread_mutex_lock(&u->lock);
	line_up(u, c);
	if (u->waiting > QUEUE)
		away = last(u);
	pthread_cond_signal(&u->some);
	pthread_mutex_unlock(&u->lock);
	if (away)
		send_away(u, away, "too many calls at once");
}

int
upstream_waiting(struct upstream *u, int *most)
{
	int n;

	pthread_mutex_lock(&u->lock);
	n = u->waiting;
	pthread_mutex_unlock(&u->lock);
	*most = QUEUE;
	return n;
}

void
upstream_drop(struct upstream *u, const struct request *r)
{
	struct up_call **at, *away = NULL;

	pthread_mutex_lock(&u->lock);
	for (at = &u->head; *at;) {
		struct up_call *c = *at;

		if (c->only_for != r) {
			at = &c->next;
			continue;
		}
		*at = c->next;
		c->next = away;
		away = c;
		u->waiting--;
	}
	pthread_mutex_unlock(&u->lock);
	while (away) {
		struct up_call *next = away->next;

		send_away(u, away, "nobody waits for it");
		away = next;
	}
}

void
up_call_answer(struct up_call *c, struct request *r)
{
	char text[600];

	if (c->status >= 0) {
		answer_grpc(r, c->status, c->text, c->out, c->out_n);
		return;
	}
	/* A code that clients try again after. */
	snprintf(text, sizeof text, "the network is not reached: %s", c->text);
	answer_grpc(r, GRPC_UNAVAILABLE, text, NULL, 0);
}
