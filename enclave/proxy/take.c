/* Jobs that are handed out, and workers that wait for one: GET /take (jobs.c). */
#include "proxy/proxy.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/args.h"
#include "base/clock.h"
#include "base/json.h"

#define WAIT_MAX 30

struct waiter {
	struct waiter *next;
	struct proxy *p;
	struct request *r;
	struct loop_task timer;
};

/* A job, as its worker gets it. */
static int
describe(const struct proxy *p, const struct due *d, const char *lease,
    char **text, size_t *n)
{
	const struct job *job = &d->job;
	struct jw j;
	struct err e;
	FILE *f = open_memstream(text, n);
	int r;

	if (!f)
		return -1;
	jw_start(&j, f);
	jw_object(&j, NULL);
	jw_hex(&j, "request_id", job->request_id, sizeof job->request_id);
	jw_hex(&j, "requester", job->requester, sizeof job->requester);
	jw_hex(&j, "vk_hash", job->vk_hash, sizeof job->vk_hash);
	jw_str(&j, "mode", net_mode_name(job->mode));
	jw_str(&j, "stdin_id", job->stdin_id);
	jw_big(&j, "deadline", job->deadline);
	jw_big(&j, "cycle_limit", job->cycle_limit);
	jw_big(&j, "gas_limit", job->gas_limit);
	jw_u64(&j, "attempt", d->attempts + 1);
	jw_u64(&j, "faults", d->faults);
	if (d->cancelled)
		jw_str(&j, "end", "cancelled");
	else if (d->deaths >= p->l.max_deaths)
		jw_str(&j, "end", "killed_workers");
	jw_u64(&j, "lease_s", p->l.lease_s);
	jw_str(&j, "lease", lease);
	jw_end(&j);
	r = jw_finish(&j, "job", &e);
	fclose(f);
	return r;
}

/* Hands a job to r: 1, or 0 when there is none, -1. */
static int
hand_out(struct proxy *p, struct request *r, struct err *e)
{
	char lease[ID_TOKEN], *text = NULL;
	uint64_t now = clock_unix();
	struct due d = { 0 };
	size_t n = 0;
	int got = db_job_next(p->store, now, p->started + p->l.lease_s,
	    p->l.max_running, &d, e);

	p->m.leases_lost += d.ran_out;
	if (got != 1)
		return got;
	metrics_phase(&p->m, d.seq, NULL);	/* of a worker that has died */
	id_token(lease);
	if (describe(p, &d, lease, &text, &n) < 0) {
		free(text);
		return err_set(e, EX_OSERR, "out of memory");
	}
	if (db_job_lease(p->store, d.seq, lease, now + p->l.lease_s, now, e) < 0) {
		free(text);
		return -1;
	}
	p->m.handed_out++;
	answer_owned(r, 200, "application/json", text, n, free);
	return 1;
}

static void
waiter_free(struct waiter *w)
{
	struct waiter **at = &w->p->waiters;

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	loop_cancel(w->p->loop, &w->timer);
	free(w);
}

/* No job has come. */
static void
on_wait_over(void *arg)
{
	struct waiter *w = arg;
	struct request *r = w->r;

	waiter_free(w);
	answer(r, 204, NULL, NULL, 0);
}

void
jobs_take(struct proxy *p, struct request *r)
{
	char text[8] = "0";
	uint64_t wait;
	struct waiter *w;
	struct err e;
	int got = hand_out(p, r, &e);

	if (got > 0)
		return;
	if (got < 0) {
		job_broken(r, &e);
		return;
	}
	if (!query_value(r->path, "wait", text, sizeof text) ||
	    parse_u64(text, &wait) < 0 || wait > WAIT_MAX)
		wait = 0;
	w = wait && !server_stopping(p->server) ? calloc(1, sizeof *w) : NULL;
	if (!w) {
		answer(r, 204, NULL, NULL, 0);
		return;
	}
	w->p = p;
	w->r = r;
	w->next = p->waiters;
	p->waiters = w;
	loop_timer(p->loop, &w->timer, (int64_t)wait * 1000, on_wait_over, w);
}

int
jobs_waiters(const struct proxy *p)
{
	int n = 0;

	for (const struct waiter *w = p->waiters; w; w = w->next)
		n++;
	return n;
}

void
jobs_wake(struct proxy *p)
{
	struct err e;

	while (p->waiters) {
		struct waiter *w = p->waiters;
		struct request *r = w->r;
		int got;

		if (!request_alive(r)) {
			waiter_free(w);
			answer(r, 204, NULL, NULL, 0);
			continue;
		}
		got = hand_out(p, r, &e);
		if (got == 0)
			return;
		waiter_free(w);
		if (got < 0)
			job_broken(r, &e);
	}
}

void
jobs_stop(struct proxy *p)
{
	while (p->waiters)
		on_wait_over(p->waiters);
}
