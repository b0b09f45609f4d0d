/*
 * Inputs: their names, their bytes, and what became of the jobs made of them.
 *
 * PUT {url}/artifacts/stdin/ID?token=TOKEN.  The token is used up by a body that
 * came whole; the same body again is answered like the first, since an answer may
 * have been lost.  Nobody can fetch an input here.
 */
#include "proxy/proxy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "crypto/eth.h"
#include "crypto/sealed.h"

static const char prefix[] = "/artifacts/stdin/";

/* A body that is coming in. */
struct coming {
	struct coming *next;
	struct proxy *p;
	char id[ID_ARTIFACT];
	struct address from;
	struct secmem m;
	size_t charged;		/* of p->plain_bytes */
};

static void
create(struct proxy *p, struct request *r, const uint8_t owner[static 20])
{
	struct net_artifact_created m;
	char id[ID_ARTIFACT], token[ID_TOKEN], uri[PROXY_URL + 64],
	    url[PROXY_URL + 160];
	uint8_t out[2 * sizeof url];
	struct store_query *q;
	struct err e;
	size_t n;

	q = store_query(p->store, "SELECT count(*) FROM upload"
	    " WHERE owner = ? AND state = 0 AND created > ?", "bi", owner,
	    (size_t)20, clock_unix() - PROXY_TOKEN_S);
	if (store_next(q, &e) != 1)
		goto broken;
	n = store_u64(q, 0);
	store_done(q);
	if (n >= PROXY_OPEN_UPLOADS) {
		answer_grpc(r, GRPC_RESOURCE_EXHAUSTED,
		    "too many uploads begun and not made", NULL, 0);
		return;
	}
	id_artifact(id);
	id_token(token);
	if (store_run(p->store, &e, "INSERT INTO upload"
	    " (id, owner, token, created) VALUES (?, ?, ?, ?)", "tbti", id,
	    owner, (size_t)20, token, clock_unix()) < 0)
		goto broken;
	snprintf(uri, sizeof uri, "%s%s%s", p->url, prefix, id);
	snprintf(url, sizeof url, "%s?token=%s", uri, token);
	m.uri = pb_str(uri);
	m.presigned_url = pb_str(url);
	must(pb_size(&pb_net_artifact_created, &m) <= sizeof out);
	n = pb_write(&pb_net_artifact_created, &m, out);
	answer_grpc(r, GRPC_OK, NULL, out, n);
	return;
broken:
	complain("error %s", e.msg);
	answer_grpc(r, GRPC_UNAVAILABLE, "the proxy's state fails", NULL, 0);
}

void
upload_create(struct proxy *p, struct request *r)
{
	struct net_create_artifact m;
	struct arena a;
	uint8_t owner[20];
	struct err e;
	int bad;

	arena_init(&a, 1 << 16);
	bad = pb_decode(&pb_net_create_artifact, &m, r->body, r->body_len, &a,
	    NULL, &e);
	arena_free(&a);
	if (bad < 0) {
		answer_grpc(r, GRPC_INVALID_ARGUMENT, e.msg, NULL, 0);
		return;
	}
	if (m.type != NET_ARTIFACT_STDIN &&
	    m.type != NET_ARTIFACT_PRIVATE_STDIN) {
		forward(p, r, NET_CREATE_ARTIFACT);
		return;
	}
	if (eth_recover_artifact(owner, m.signature.p, m.signature.n, &e) < 0)
		answer_grpc(r, GRPC_PERMISSION_DENIED, e.msg, NULL, 0);
	else
		create(p, r, owner);
}

int
upload_id(const struct proxy *p, char id[static ID_ARTIFACT],
    struct pb_bytes uri)
{
	size_t n = strlen(p->url), k = sizeof prefix - 1;

	if (uri.n != n + k + ID_ARTIFACT - 1 ||
	    memcmp(uri.p, p->url, n) != 0 ||
	    memcmp(uri.p + n, prefix, k) != 0)
		return -1;
	memcpy(id, uri.p + n + k, ID_ARTIFACT - 1);
	id[ID_ARTIFACT - 1] = 0;
	return id_is_artifact(id) ? 0 : -1;
}

/* The id in a request's path, and what follows it; NULL: it has none. */
static const char *
path_id(const char *path, char id[static ID_ARTIFACT])
{
	size_t k = sizeof prefix - 1;

	if (strncmp(path, prefix, k) != 0 ||
	    strlen(path + k) < ID_ARTIFACT - 1)
		return NULL;
	memcpy(id, path + k, ID_ARTIFACT - 1);
	id[ID_ARTIFACT - 1] = 0;
	return id_is_artifact(id) ? path + k + ID_ARTIFACT - 1 : NULL;
}

/* The upload whose token the path gives; 200, or the status to refuse with. */
static int
authorize(struct proxy *p, const char *path, const char *id, int *state,
    bool *late)
{
	char token[ID_TOKEN];
	struct store_query *q;
	struct err e;
	int status = 401;

	q = store_query(p->store, "SELECT token, state, created FROM upload"
	    " WHERE id = ?", "t", id);
	switch (store_next(q, &e)) {
	case 1:
		if (query_value(path, "token", token, sizeof token) &&
		    id_token_equal(token, store_text(q, 0)))
			status = 200;
		*state = (int)store_u64(q, 1);
		*late = store_u64(q, 2) + PROXY_TOKEN_S < clock_unix();
		store_done(q);
		break;
	case -1:
		complain("error %s", e.msg);
		status = 504;
	}
	return status;
}

static void
coming_free(struct request *r)
{
	struct coming *c = r->user, **at;

	if (!c)
		return;
	for (at = &c->p->coming; *at != c;)
		at = &(*at)->next;
	*at = c->next;
	c->p->plain_bytes -= c->charged;
	secmem_free(&c->m);
	free(c);
	r->user = NULL;
}

/* Bytes of inputs, here or coming in, from one address. */
static size_t
held(const struct proxy *p, const struct address *from)
{
	size_t n = 0;

	for (const struct coming *c = p->coming; c; c = c->next)
		if (memcmp(&c->from, from, sizeof *from) == 0)
			n += c->charged;
	for (const struct plain *in = p->plains; in; in = in->next)
		if (memcmp(&in->from, from, sizeof *from) == 0)
			n += in->m.cap;
	return n;
}

/* Room for n bytes, against the limit on all inputs together.  One address may have
 * half of it, so that nobody takes that of all others. */
static int
room(struct coming *c, size_t n)
{
	struct proxy *p = c->p;
	struct err e;
	size_t before = c->m.cap, share = p->max_plain / 2;

	if (n <= before)
		return 0;
	if (share < p->max_input)
		share = p->max_plain;
	if (p->plain_bytes + (n - before) > p->max_plain ||
	    held(p, &c->from) + (n - before) > share)
		return 504;	/* jobs end, and give room: try again */
	if (secmem_need(&c->m, n, &e) < 0) {
		complain("error %s", e.msg);
		return 504;
	}
	p->plain_bytes += c->m.cap - before;
	c->charged += c->m.cap - before;
	return 0;
}

static int
sink(struct request *r, const void *bytes, size_t n, void *arg)
{
	struct coming *c = r->user;
	int status = room(c, c->m.n + n);

	if (status)
		return status;
	memcpy(c->m.p + c->m.n, bytes, n);
	c->m.n += n;
	return 0;
}

void
upload_head(struct proxy *p, struct request *r)
{
	char id[ID_ARTIFACT];
	const char *rest = path_id(r->path, id);
	struct coming *c;
	int state, status;
	bool late;

	if (!rest || *rest != '?') {
		answer_text(r, 404, "no such thing\n");
		return;
	}
	status = authorize(p, r->path, id, &state, &late);
	if (status == 200 && state == UPLOAD_OPEN && late)
		status = 403;
	if (status == 200 && state == UPLOAD_GONE)
		status = 409;
	if (status == 200 && r->content_length != UINT64_MAX &&
	    r->content_length > p->max_input)
		status = 413;
	if (status != 200) {
		answer(r, status, NULL, NULL, 0);
		return;
	}
	c = calloc(1, sizeof *c);
	if (!c) {
		answer(r, 504, NULL, NULL, 0);
		return;
	}
	c->p = p;
	memcpy(c->id, id, sizeof id);
	c->from = *request_address(r);
	c->next = p->coming;
	p->coming = c;
	r->user = c;
	if (r->content_length != UINT64_MAX) {
		/* At once, so that it does not grow by moving. */
		status = room(c, (size_t)r->content_length + 1);
		if (status) {
			coming_free(r);
			answer(r, status, NULL, NULL, 0);
			return;
		}
	}
	request_sink(r, p->max_input, sink, p);
}

void
upload_aborted(struct proxy *p, struct request *r)
{
	coming_free(r);
}

struct plain *
upload_plain(struct proxy *p, const char *id)
{
	for (struct plain *in = p->plains; in; in = in->next)
		if (!in->dropped && strcmp(in->id, id) == 0)
			return in;
	return NULL;
}

static void
plain_free(struct proxy *p, struct plain *in)
{
	struct plain **at = &p->plains;

	while (*at != in)
		at = &(*at)->next;
	*at = in->next;
	p->plain_bytes -= in->m.cap;
	secmem_free(&in->m);
	free(in);
}

/* An answer made of an input has been sent. */
static struct proxy *the_proxy;

static void
released(void *body)
{
	struct proxy *p = the_proxy;

	for (struct plain *in = p->plains; in; in = in->next)
		if (in->m.p == body) {
			if (--in->refs == 0 && in->dropped)
				plain_free(p, in);
			return;
		}
}

void
upload_answer(struct proxy *p, struct plain *in, struct request *r)
{
	the_proxy = p;		/* there is one a process */
	in->refs++;
	answer_owned(r, 200, NULL, in->m.p, in->m.n, released);
}

/* Keeps a body: plain in memory, sealed in the database; the HTTP status. */
static int
keep(struct proxy *p, struct coming *c)
{
	bool sealed = sealed_is(c->m.p, c->m.n);
	struct plain *in;
	struct err e;

	if (sealed) {
		if (store_run(p->store, &e, "UPDATE upload SET state = ?,"
		    " size = ?, uploaded = ?, sealed = ? WHERE id = ?"
		    " AND state = 0", "iiibt", (uint64_t)UPLOAD_SEALED,
		    (uint64_t)c->m.n, clock_unix(), c->m.p, c->m.n, c->id) != 1)
			return 504;
		return 200;
	}
	in = calloc(1, sizeof *in);
	if (!in || store_run(p->store, &e, "UPDATE upload SET state = ?,"
	    " size = ?, uploaded = ? WHERE id = ? AND state = 0", "iiit",
	    (uint64_t)UPLOAD_PLAIN, (uint64_t)c->m.n, clock_unix(),
	    c->id) != 1) {
		free(in);
		return 504;
	}
	memcpy(in->id, c->id, sizeof in->id);
	in->from = c->from;
	in->m = c->m;
	in->next = p->plains;
	p->plains = in;
	memset(&c->m, 0, sizeof c->m);
	c->charged = 0;		/* it is the input's now */
	return 200;
}

/* The same bytes as the first time? */
static int
again(struct proxy *p, const struct coming *c, int state)
{
	struct plain *in;
	struct store_query *q;
	const uint8_t *b;
	struct err e;
	int status = 409;
	size_t n;

	if (state == UPLOAD_PLAIN) {
		in = upload_plain(p, c->id);
		return in && in->m.n == c->m.n &&
		    memcmp(in->m.p, c->m.p, c->m.n) == 0 ? 200 : 409;
	}
	q = store_query(p->store, "SELECT sealed FROM upload WHERE id = ?",
	    "t", c->id);
	if (store_next(q, &e) != 1)
		return 504;
	b = store_blob(q, 0, &n);
	if (n == c->m.n && n && memcmp(b, c->m.p, n) == 0)
		status = 200;
	store_done(q);
	return status;
}

void
upload_call(struct proxy *p, struct request *r)
{
	struct coming *c = r->user;
	int status, state = UPLOAD_GONE;
	bool late;

	if (!c) {
		answer_text(r, 411, "an input has a body\n");
		return;
	}
	/* Another body for the same token may have come to its end meanwhile. */
	status = c->m.n == 0 ? 400 : authorize(p, r->path, c->id, &state,
	    &late);
	if (status == 200)
		status = state == UPLOAD_OPEN ? keep(p, c) :
		    state == UPLOAD_GONE ? 409 : again(p, c, state);
	if (status == 200)
		complain("info uploaded id=%s", c->id);
	coming_free(r);
	answer(r, status, NULL, NULL, 0);
}

void
upload_drop(struct proxy *p, const char *id)
{
	struct plain *in = upload_plain(p, id);
	struct err e;

	if (store_run(p->store, &e, "UPDATE upload SET state = ?,"
	    " sealed = NULL WHERE id = ?", "it", (uint64_t)UPLOAD_GONE,
	    id) < 0)
		complain("error %s", e.msg);
	if (!in)
		return;
	in->dropped = true;
	if (in->refs == 0)
		plain_free(p, in);
}

static const char *
state_name(int upload, bool job, int state)
{
	if (job)
		return state == JOB_LEASED ? "proving" : "queued";
	return upload == UPLOAD_OPEN ? "awaiting_upload" :
	    upload == UPLOAD_GONE ? "gone" : "uploaded";
}

void
upload_report(struct proxy *p, struct request *r)
{
	char id[ID_ARTIFACT];
	const char *rest = path_id(r->path, id), *name;
	char *text = NULL;
	size_t n = 0;
	struct jw j;
	struct store_query *q;
	struct err e;
	FILE *f;
	int state, status;
	bool late;

	if (!rest || strncmp(rest, "/report?", 8) != 0) {
		answer_text(r, 404, "no such thing\n");
		return;
	}
	status = authorize(p, r->path, id, &state, &late);
	if (status != 200) {
		answer(r, status, NULL, NULL, 0);
		return;
	}
	q = store_query(p->store, "SELECT job.state,"
	    " coalesce(report, progress) FROM job"
	    " JOIN upload ON id = stdin_id AND owner = requester"
	    " WHERE id = ? ORDER BY seq LIMIT 1", "t", id);
	status = store_next(q, &e);
	if (status == 1 && !store_null(q, 1)) {
		/* A JSON object, as the worker wrote it. */
		answer(r, 200, "application/json", store_text(q, 1),
		    strlen(store_text(q, 1)));
		store_done(q);
		return;
	}
	name = state_name(state, status == 1, status == 1 ?
	    (int)store_u64(q, 0) : 0);
	if (status == 1)
		store_done(q);
	f = open_memstream(&text, &n);
	if (status < 0 || !f) {
		answer(r, 504, NULL, NULL, 0);
		return;
	}
	jw_start(&j, f);
	jw_object(&j, NULL);
	jw_str(&j, "status", name);
	jw_end(&j);
	status = jw_finish(&j, "report", &e);
	fclose(f);
	if (status < 0)
		answer(r, 504, NULL, NULL, 0);
	else
		answer(r, 200, "application/json", text, n);
	free(text);
}
