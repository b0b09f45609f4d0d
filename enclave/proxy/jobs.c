/*
 * Jobs, and the workers that do them.  Over a socket of this machine:
 *
 *	GET /take?wait=S		200 a job, with its lease; 204 none came
 *	GET /job/ID/input?lease=L	its input, as it was uploaded; 410
 *					gone, 403 not for this job
 *	PUT /job/ID/beat?lease=L	progress, for who asks; keeps the lease
 *	PUT /job/ID/report?lease=L	how it ends, before the network hears it
 *	PUT /job/ID/end?lease=L		the network knows: the job is over
 *	PUT /job/ID/release?lease=L&after=S&fault=0	another try, later;
 *					fault=1: it failed by our own
 *	PUT /cancel/ID			the operator's: the job is to end; 404
 *					there is no such one at work or waiting
 *
 * 409 when the lease is not, or no longer, the caller's; 410 to a beat when the job is
 * cancelled.  A job that no worker is to do any more is handed out with a cause, "end".  A
 * worker that falls silent loses its lease, and the job is handed out again.
 */
#include "proxy/proxy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/args.h"
#include "base/clock.h"
#include "base/hex.h"
#include "base/json.h"
#include "base/log.h"

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

static void
take(struct proxy *p, struct request *r)
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

/*
 * The job whose lease the caller holds; else false, and r has its answer.
 *
 * Owned: its owner has released the input for this job.  Anybody may send the network
 * a request that names another's input, and the network itself may make one up: such
 * a job must neither get the input nor end it.  So for an input in the clear its
 * owner must have signed, and we seen, that this program may run on it; a sealed one
 * says itself for which it is.
 */
static bool
leased(struct proxy *p, struct request *r, const char **verb,
    struct leased *l)
{
	uint8_t request_id[32];
	char hex[65], lease[ID_TOKEN];
	struct err e;
	int got;

	if (strncmp(r->path, "/job/", 5) != 0 || strlen(r->path) < 5 + 64 + 1 ||
	    r->path[69] != '/') {
		answer_text(r, 404, "no such thing\n");
		return false;
	}
	memcpy(hex, r->path + 5, 64);
	hex[64] = 0;
	*verb = r->path + 70;
	if (hex_decode(request_id, 32, hex) < 0 ||
	    !query_value(r->path, "lease", lease, sizeof lease)) {
		answer_text(r, 404, "no such thing\n");
		return false;
	}
	got = db_job_leased(p->store, request_id, l, &e);
	if (got < 0) {
		job_broken(r, &e);
		return false;
	}
	if (got == 0 || !id_token_equal(l->lease, lease)) {
		answer_text(r, 409, "the job is not this worker's\n");
		return false;
	}
	return true;
}

static void
handed(struct proxy *p, uint64_t n)
{
	p->m.inputs_out++;
	p->m.input_bytes_out += n;
}

static void
input(struct proxy *p, struct request *r, const struct leased *l)
{
	struct plain *in = l->owned ? upload_plain(p, l->stdin_id) : NULL;
	uint64_t n;
	struct err e;
	int fd;

	if (in) {
		handed(p, in->m.n);
		upload_answer(p, in, r);
		return;
	}
	if (!l->owned) {
		answer(r, 403, NULL, NULL, 0);
		return;
	}
	switch (db_upload_sealed(p->store, l->stdin_id, &n, &e)) {
	case 1:
		fd = files_fd(p->files, l->stdin_id, &n);
		if (fd >= 0) {
			handed(p, n);
			answer_fd(r, 200, NULL, fd, n);
		} else
			answer(r, errno == ENOENT ? 410 : 503, NULL, NULL, 0);
		break;
	case 0:
		answer(r, 410, NULL, NULL, 0);
		break;
	default:
		job_broken(r, &e);
	}
}

static void
cancel(struct proxy *p, struct request *r)
{
	uint8_t request_id[32];
	const char *hex = r->path + sizeof "/cancel/" - 1;
	struct err e;
	int n = hex_decode(request_id, 32, hex) < 0 ? 0 :
	    db_job_cancel(p->store, request_id, &e);

	if (n < 0) {
		job_broken(r, &e);
		return;
	}
	if (n > 0)
		log_event(LEVEL_INFO, "cancelled", "job=%s", hex);
	durable_answer(p, r);
	answer(r, n ? 200 : 404, NULL, NULL, 0);
	jobs_wake(p);
}

void
jobs_head(struct proxy *p, struct request *r)
{
	if (strcmp(r->method, "PUT") == 0 && !r->grpc)
		request_memory(r, PROXY_REPORT);
}

void
jobs_request(struct proxy *p, struct request *r)
{
	struct leased l;
	const char *verb;
	bool get = strcmp(r->method, "GET") == 0;

	if (strncmp(r->path, "/cancel/", 8) != 0)
		p->worker_seen = clock_ms();
	if (r->grpc || (!get && strcmp(r->method, "PUT") != 0)) {
		answer_text(r, 405, "GET or PUT\n");
		return;
	}
	if (get && strncmp(r->path, "/take", 5) == 0) {
		take(p, r);
		return;
	}
	if (!get && strncmp(r->path, "/cancel/", 8) == 0) {
		cancel(p, r);
		return;
	}
	if (!leased(p, r, &verb, &l))
		return;
	if (!get)
		job_told(p, r, &l, verb);
	else if (strncmp(verb, "input?", 6) == 0)
		input(p, r, &l);
	else
		answer_text(r, 404, "no such thing\n");
}
