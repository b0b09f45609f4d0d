/*
 * Jobs, and the workers that do them.  Over a socket of this machine:
 *
 *	GET /take?wait=S		200 a job, with its lease; 204 none came
 *	GET /job/ID/input?lease=L	its input, as it was uploaded; 410
 *					gone, 403 not for this job
 *	PUT /job/ID/beat?lease=L	progress, for who asks; keeps the lease
 *	PUT /job/ID/report?lease=L	how it ends, before the network hears it
 *	PUT /job/ID/end?lease=L		the network knows: the job is over
 *	PUT /job/ID/release?lease=L&after=S	another try, later
 *
 * 409 when the lease is not, or no longer, the caller's.  A worker that falls silent
 * loses its lease, and the job is handed out again.
 */
#include "proxy/proxy.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/args.h"
#include "base/hex.h"
#include "base/json.h"

#define WAIT_MAX 30

struct waiter {
	struct waiter *next;
	struct proxy *p;
	struct request *r;
	uint64_t timer;
};

int
job_add(struct proxy *p, const struct job *j, const void *answer, size_t n,
    struct err *e)
{
	uint64_t now = clock_unix();
	int added;

	if (store_begin(p->store, e) < 0)
		return -1;
	added = store_run(p->store, e, "INSERT OR IGNORE INTO job"
	    " (request_id, requester, vk_hash, mode, stdin_id, deadline,"
	    " cycle_limit, gas_limit, answer, created, updated)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", "bbbitiiibii",
	    j->request_id, (size_t)32, j->requester, (size_t)20, j->vk_hash,
	    (size_t)32, (uint64_t)j->mode, j->stdin_id,
	    store_clamp(j->deadline), j->cycle_limit, j->gas_limit, answer, n,
	    now, now);
	if (added < 0 || store_run(p->store, e, "UPDATE upload SET"
	    " forwarding = 0 WHERE id = ?", "t", j->stdin_id) < 0) {
		store_rollback(p->store);
		return -1;
	}
	return store_commit(p->store, e) < 0 ? -1 : added;
}

static void
broken(struct request *r, const struct err *e)
{
	complain("error %s", e->msg);
	answer(r, 500, NULL, NULL, 0);
}

static void
hex_field(struct jw *j, struct store_query *q, int column, const char *key)
{
	size_t n;
	const uint8_t *b = store_blob(q, column, &n);

	jw_hex(j, key, b, n);
}

/* The row q is at, as its worker gets it. */
static int
describe(const struct proxy *p, struct store_query *q, const char *lease, char **text,
    size_t *n)
{
	struct jw j;
	struct err e;
	FILE *f = open_memstream(text, n);
	int r;

	if (!f)
		return -1;
	jw_start(&j, f);
	jw_object(&j, NULL);
	hex_field(&j, q, 0, "request_id");
	hex_field(&j, q, 1, "requester");
	hex_field(&j, q, 2, "vk_hash");
	jw_str(&j, "mode", net_mode_name((int)store_u64(q, 3)));
	jw_str(&j, "stdin_id", store_text(q, 4));
	jw_big(&j, "deadline", store_u64(q, 5));
	jw_big(&j, "cycle_limit", store_u64(q, 6));
	jw_big(&j, "gas_limit", store_u64(q, 7));
	jw_u64(&j, "attempt", store_u64(q, 8) + 1);
	jw_u64(&j, "lease_s", p->lease_s);
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
	uint64_t now = clock_unix(), seq;
	struct store_query *q;
	size_t n = 0;
	int got;

	q = store_query(p->store, "SELECT request_id, requester, vk_hash,"
	    " mode, stdin_id, deadline, cycle_limit, gas_limit, attempts, seq"
	    " FROM job WHERE (state = 0 AND not_before <= ?1)"
	    " OR (state = 1 AND lease_until < ?1) ORDER BY seq LIMIT 1", "i",
	    now);
	got = store_next(q, e);
	if (got != 1)
		return got;
	id_token(lease);
	seq = store_u64(q, 9);
	got = describe(p, q, lease, &text, &n);
	store_done(q);
	if (got < 0) {
		free(text);
		return err_set(e, EX_OSERR, "out of memory");
	}
	if (store_run(p->store, e, "UPDATE job SET state = ?, lease = ?,"
	    " lease_until = ?, attempts = attempts + 1, updated = ?"
	    " WHERE seq = ?", "itiii", (uint64_t)JOB_LEASED, lease,
	    now + p->lease_s, now, seq) < 0) {
		free(text);
		return -1;
	}
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
	loop_cancel(w->p->loop, w->timer);
	free(w);
}

static void
nothing(void *arg)
{
	struct waiter *w = arg;
	struct request *r = w->r;

	w->timer = 0;
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
		broken(r, &e);
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
	w->timer = loop_timer(p->loop, (int64_t)wait * 1000, nothing, w);
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
			broken(r, &e);
	}
}

void
jobs_stop(struct proxy *p)
{
	while (p->waiters)
		nothing(p->waiters);
}

/*
 * The job whose lease the caller holds: its row, or 0 and r has its answer.
 *
 * owned: its owner has released the input for this job.  Anybody may send the network
 * a request that names another's input, and the network itself may make one up: such
 * a job must neither get the input nor end it.  So for an input in the clear its
 * owner must have signed, and we seen, that this program may run on it; a sealed one
 * says itself for which it is.
 */
static uint64_t
leased(struct proxy *p, struct request *r, const char **verb,
    char id[static ID_ARTIFACT], bool *owned)
{
	uint8_t request_id[32];
	char hex[65], lease[ID_TOKEN];
	struct store_query *q;
	struct err e;
	uint64_t seq = 0;
	int got;

	if (strncmp(r->path, "/job/", 5) != 0 || strlen(r->path) < 5 + 64 + 1 ||
	    r->path[69] != '/') {
		answer_text(r, 404, "no such thing\n");
		return 0;
	}
	memcpy(hex, r->path + 5, 64);
	hex[64] = 0;
	*verb = r->path + 70;
	if (hex_decode(request_id, 32, hex) < 0 ||
	    !query_value(r->path, "lease", lease, sizeof lease)) {
		answer_text(r, 404, "no such thing\n");
		return 0;
	}
	q = store_query(p->store, "SELECT seq, lease, stdin_id,"
	    " owner = requester AND (upload.state <> 1 OR signed_vk = vk_hash)"
	    " FROM job LEFT JOIN upload ON id = stdin_id"
	    " WHERE request_id = ? AND job.state = ?", "bi", request_id,
	    sizeof request_id, (uint64_t)JOB_LEASED);
	got = store_next(q, &e);
	if (got < 0) {
		broken(r, &e);
		return 0;
	}
	if (got == 1) {
		if (id_token_equal(store_text(q, 1), lease)) {
			seq = store_u64(q, 0);
			snprintf(id, ID_ARTIFACT, "%s", store_text(q, 2));
			*owned = store_u64(q, 3) == 1;	/* null: no upload */
		}
		store_done(q);
	}
	if (!seq)
		answer_text(r, 409, "the job is not this worker's\n");
	return seq;
}

static void
input(struct proxy *p, struct request *r, const char *id, bool owned)
{
	struct plain *in = owned ? upload_plain(p, id) : NULL;
	struct store_query *q;
	const uint8_t *b;
	struct err e;
	size_t n;

	if (in) {
		upload_answer(p, in, r);
		return;
	}
	if (!owned) {
		answer(r, 403, NULL, NULL, 0);
		return;
	}
	q = store_query(p->store, "SELECT sealed FROM upload WHERE id = ?"
	    " AND state = ?", "ti", id, (uint64_t)UPLOAD_SEALED);
	switch (store_next(q, &e)) {
	case 1:
		b = store_blob(q, 0, &n);
		answer(r, 200, NULL, b, n);
		store_done(q);
		break;
	case 0:
		answer(r, 410, NULL, NULL, 0);
		break;
	default:
		broken(r, &e);
	}
}

/* A report or progress: one JSON object, which clients get to see. */
static char *
object(const struct request *r)
{
	json_error_t why;
	json_t *o = json_loadb((const char *)r->body, r->body_len,
	    JSON_REJECT_DUPLICATES, &why);
	char *text = json_is_object(o) ? json_dumps(o, JSON_COMPACT) : NULL;

	json_decref(o);
	return text;
}

/* The network may have two requests of one input, when an answer was lost. */
static bool
needed(struct proxy *p, const char *id)
{
	struct store_query *q = store_query(p->store, "SELECT 1 FROM job"
	    " JOIN upload ON id = stdin_id AND owner = requester"
	    " WHERE stdin_id = ? AND job.state <> ?", "ti", id,
	    (uint64_t)JOB_ENDED);
	struct err e;
	bool found = store_next(q, &e) == 1;

	if (found)
		store_done(q);
	return found;
}

static void
put(struct proxy *p, struct request *r, uint64_t seq, const char *verb,
    const char *id, bool owned)
{
	uint64_t now = clock_unix(), after = 0;
	char number[8] = "0", *text = NULL;
	struct err e;
	int done = -1;

	if (r->body_len && !(text = object(r))) {
		answer_text(r, 400, "not a JSON object\n");
		return;
	}
	if (strncmp(verb, "beat?", 5) == 0)
		done = store_run(p->store, &e, "UPDATE job SET"
		    " lease_until = ?, progress = coalesce(?, progress)"
		    " WHERE seq = ?", "iti", now + p->lease_s, text, seq);
	else if (strncmp(verb, "report?", 7) == 0)
		done = store_run(p->store, &e, "UPDATE job SET"
		    " lease_until = ?, report = ? WHERE seq = ?", "iti",
		    now + p->lease_s, text, seq);
	else if (strncmp(verb, "end?", 4) == 0) {
		done = store_run(p->store, &e, "UPDATE job SET state = ?,"
		    " lease = NULL, updated = ?, report = coalesce(?, report)"
		    " WHERE seq = ?", "iiti", (uint64_t)JOB_ENDED, now, text,
		    seq);
		if (done > 0 && owned && !needed(p, id))
			upload_drop(p, id);
	} else if (strncmp(verb, "release?", 8) == 0 &&
	    query_value(r->path, "after", number, sizeof number) &&
	    parse_u64(number, &after) == 0) {
		done = store_run(p->store, &e, "UPDATE job SET state = ?,"
		    " lease = NULL, not_before = ?, updated = ?"
		    " WHERE seq = ?", "iiii", (uint64_t)JOB_QUEUED,
		    now + after, now, seq);
		if (done > 0)
			jobs_wake(p);
	} else {
		free(text);
		answer_text(r, 404, "no such thing\n");
		return;
	}
	free(text);
	if (done < 0)
		broken(r, &e);
	else
		answer(r, 200, NULL, NULL, 0);
}

void
jobs_head(struct proxy *p, struct request *r)
{
	if (strcmp(r->method, "PUT") == 0 && !r->grpc)
		request_memory(r, PROXY_REPORT);
}

void
jobs_call(struct proxy *p, struct request *r)
{
	char id[ID_ARTIFACT];
	const char *verb;
	uint64_t seq;
	bool get = strcmp(r->method, "GET") == 0, owned = false;

	if (r->grpc || (!get && strcmp(r->method, "PUT") != 0)) {
		answer_text(r, 405, "GET or PUT\n");
		return;
	}
	if (get && strncmp(r->path, "/take", 5) == 0) {
		take(p, r);
		return;
	}
	seq = leased(p, r, &verb, id, &owned);
	if (!seq)
		return;
	if (!get)
		put(p, r, seq, verb, id, owned);
	else if (strncmp(verb, "input?", 6) == 0)
		input(p, r, id, owned);
	else
		answer_text(r, 404, "no such thing\n");
}
