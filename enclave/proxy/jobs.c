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
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hex.h"
#include "base/log.h"

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
		jobs_take(p, r);
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
