/*
 * Inputs: their names, their bytes, and what became of the jobs made of them.
 *
 * PUT {url}/artifacts/stdin/ID?token=TOKEN.  The token is used up by a body that
 * came whole; the same body again is answered like the first, since an answer may
 * have been lost.  Nobody can fetch an input here.
 *
 * PUT {url}/artifacts/stdin/ID/cancel?token=TOKEN, without a body: the job made of it
 * is to end; 404 where there is none that has not ended.
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
	uint8_t owner[20];
	struct address from;
	struct secmem m;
	size_t charged;		/* of p->plain_bytes, or of p->sealed_bytes */
	uint64_t length;	/* as it was said; UINT64_MAX: it was not */
	/* The first bytes, until they tell whether it is sealed. */
	uint8_t head[SEALED_HEADER];
	size_t head_len;
	bool known, sealed;
};

static void
create(struct proxy *p, struct request *r, const uint8_t owner[static 20])
{
	const uint8_t *peer = request_address(r)->b;
	struct net_artifact_created m;
	char id[ID_ARTIFACT], token[ID_TOKEN], uri[PROXY_URL + 64],
	    url[PROXY_URL + 160];
	uint8_t out[2 * sizeof url];
	uint64_t begun, now = clock_unix();
	struct err e;
	size_t n;

	/* The signature is the same for all of an owner's uploads: who has seen it must
	 * not be able to use them up. */
	if (db_uploads_begun(p->store, owner, peer, now - PROXY_TOKEN_S,
	    PROXY_OPEN_UPLOADS, &begun, &e) < 0)
		goto broken;
	if (begun >= PROXY_OPEN_UPLOADS) {
		answer_grpc(r, GRPC_RESOURCE_EXHAUSTED,
		    "too many uploads begun and not made", NULL, 0);
		return;
	}
	id_artifact(id);
	id_token(token);
	if (db_upload_add(p->store, id, owner, peer, token, now, &e) < 0)
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
    bool *late, uint8_t owner[static 20])
{
	char token[ID_TOKEN];
	struct upload u;
	struct err e;
	int status = 401;

	switch (db_upload_get(p->store, id, &u, &e)) {
	case 1:
		if (query_value(path, "token", token, sizeof token) &&
		    id_token_equal(token, u.token))
			status = 200;
		*state = u.state;
		memcpy(owner, u.owner, 20);
		*late = u.created + PROXY_TOKEN_S < clock_unix();
		break;
	case -1:
		complain("error %s", e.msg);
		status = 504;
	}
	return status;
}

/* The account of its kind. */
static size_t *
charge_of(const struct coming *c)
{
	return c->sealed ? &c->p->sealed_bytes : &c->p->plain_bytes;
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
	*charge_of(c) -= c->charged;
	secmem_free(&c->m);
	free(c);
	r->user = NULL;
}

/* Bytes of inputs in the clear, here or coming in, from one address. */
static size_t
held(const struct proxy *p, const struct address *from)
{
	size_t n = 0;

	for (const struct coming *c = p->coming; c; c = c->next)
		if (!c->sealed && memcmp(&c->from, from, sizeof *from) == 0)
			n += c->charged;
	for (const struct plain *in = p->plains; in; in = in->next)
		if (memcmp(&in->from, from, sizeof *from) == 0)
			n += in->m.cap;
	return n;
}

/* Bytes of sealed inputs, kept or coming in, of one owner. */
static size_t
owned(struct proxy *p, const uint8_t owner[static 20])
{
	uint64_t n = 0;
	struct err e;

	if (db_sealed_bytes(p->store, owner, &n, &e) < 0)
		return SIZE_MAX / 2;
	for (const struct coming *c = p->coming; c; c = c->next)
		if (c->sealed && memcmp(c->owner, owner, 20) == 0)
			n += c->charged;
	return (size_t)n;
}

/* Has nobody more than his share, were it n bytes more?  One address may have half of
 * all inputs in the clear, one owner a quarter of the sealed ones (which cost the
 * machine's disk, and of which each has its owner's name in it). */
static bool
fair(struct coming *c, size_t n)
{
	struct proxy *p = c->p;
	size_t all = c->sealed ? p->max_sealed : p->max_plain,
	    share = all / (c->sealed ? 4 : 2);

	if (share < p->max_input)
		share = all;
	return (c->sealed ? owned(p, c->owner) : held(p, &c->from)) + n <= share;
}

/* Makes room for n bytes more of all, at the cost of what came, and nobody asked a proof
 * for. */
static bool
fits(struct coming *c, size_t n)
{
	struct proxy *p = c->p;
	size_t all = c->sealed ? p->max_sealed : p->max_plain;
	int state = c->sealed ? UPLOAD_SEALED : UPLOAD_PLAIN;
	char id[ID_ARTIFACT];
	struct err e;

	while (*charge_of(c) + n > all) {
		size_t before = *charge_of(c);

		if (db_upload_unused(p->store, state, clock_unix() -
		    PROXY_SPARED_S, id, &e) != 1 || request_inflight(p, id))
			return false;
		complain("info dropped id=%s for room", id);
		upload_drop(p, id);
		if (*charge_of(c) >= before)
			return false;	/* a worker still reads it */
	}
	return true;
}

/* Room for n bytes; 0, or the status to refuse with. */
static int
room(struct coming *c, size_t n)
{
	struct err e;
	size_t before = c->m.cap;

	if (n <= before)
		return 0;
	if (!fair(c, n - before) || !fits(c, n - before))
		return 504;	/* jobs end, and give room: try again */
	if (secmem_need(&c->m, n, &e) < 0) {
		complain("error %s", e.msg);
		return 504;
	}
	*charge_of(c) += c->m.cap - before;
	c->charged += c->m.cap - before;
	return 0;
}

/* A sealed input must be one, and to this enclave's key: 0, 400, 421. */
static int
check_head(const struct coming *c)
{
	struct sealed_header h;
	struct err e;

	if (c->head_len < SEALED_HEADER ||
	    sealed_parse_header(&h, c->head, &e) < 0 ||
	    (c->length != UINT64_MAX && sealed_size(h.padded - 8) != c->length))
		return 400;
	return sealed_check(&h, c->p->fingerprint, NULL, NULL, &e) < 0 ? 421 : 0;
}

static int
store_piece(struct coming *c, const void *bytes, size_t n)
{
	int status = room(c, c->m.n + n);

	if (status)
		return status;
	memcpy(c->m.p + c->m.n, bytes, n);
	c->m.n += n;
	return 0;
}

/* The first bytes are there: what is it, and has it room? */
static int
recognize(struct coming *c)
{
	int status;

	c->known = true;
	c->sealed = sealed_is(c->head, c->head_len);
	status = c->sealed ? check_head(c) : 0;
	/* All of it at once, so that it does not grow by moving. */
	if (status == 0 && c->length != UINT64_MAX)
		status = room(c, (size_t)c->length + 1);
	if (status == 0)
		status = store_piece(c, c->head, c->head_len);
	wipe(c->head, sizeof c->head);
	return status;
}

static int
on_piece(struct request *r, const void *bytes, size_t n, void *arg)
{
	struct coming *c = r->user;
	size_t k = sizeof c->head - c->head_len;
	int status;

	if (c->known)
		return store_piece(c, bytes, n);
	if (k > n)
		k = n;
	memcpy(c->head + c->head_len, bytes, k);
	c->head_len += k;
	if (c->head_len < sizeof c->head)
		return 0;
	status = recognize(c);
	return status ? status :
	    store_piece(c, (const uint8_t *)bytes + k, n - k);
}

/* The job made of an upload ends, at the word of its token's holder. */
static void
cancel(struct proxy *p, struct request *r, const char *id)
{
	struct err e;
	uint8_t owner[20];
	bool late;
	int n, state, status = authorize(p, r->path, id, &state, &late, owner);

	if (status == 200) {
		n = db_job_cancel_upload(p->store, id, &e);
		if (n < 0)
			complain("error %s", e.msg);
		status = n < 0 ? 504 : n == 0 ? 404 : 200;
	}
	if (status == 200)
		complain("info cancelled id=%s", id);
	answer(r, status, NULL, NULL, 0);
	jobs_wake(p);
}

void
upload_head(struct proxy *p, struct request *r)
{
	char id[ID_ARTIFACT];
	const char *rest = path_id(r->path, id);
	struct coming *c;
	uint8_t owner[20];
	int state, status;
	bool late;

	if (rest && strncmp(rest, "/cancel?", 8) == 0) {
		cancel(p, r, id);
		return;
	}
	if (!rest || *rest != '?') {
		answer_text(r, 404, "no such thing\n");
		return;
	}
	status = authorize(p, r->path, id, &state, &late, owner);
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
	memcpy(c->owner, owner, 20);
	c->length = r->content_length;
	c->next = p->coming;
	p->coming = c;
	r->user = c;
	request_sink(r, p->max_input, on_piece, p);
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
on_sent(void *body)
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
	answer_owned(r, 200, NULL, in->m.p, in->m.n, on_sent);
}

/* Keeps a body: plain in memory, sealed in the database; the HTTP status. */
static int
keep(struct proxy *p, struct coming *c)
{
	struct plain *in;
	struct err e;

	if (c->sealed) {
		if (db_upload_came(p->store, c->id, c->m.n, c->m.p,
		    clock_unix(), &e) != 1)
			return 504;
		p->sealed_bytes += c->m.n;
		return 200;
	}
	in = calloc(1, sizeof *in);
	if (!in || db_upload_came(p->store, c->id, c->m.n, NULL, clock_unix(),
	    &e) != 1) {
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
	struct db_found kept;
	struct plain *in;
	struct err e;
	int status = 409;

	if (state == UPLOAD_PLAIN) {
		in = upload_plain(p, c->id);
		return in && in->m.n == c->m.n &&
		    memcmp(in->m.p, c->m.p, c->m.n) == 0 ? 200 : 409;
	}
	if (db_upload_bytes(p->store, c->id, &kept, &e) != 1)
		return 504;
	if (kept.n == c->m.n && kept.n && memcmp(kept.p, c->m.p, kept.n) == 0)
		status = 200;
	db_release(&kept);
	return status;
}

void
upload_body(struct proxy *p, struct request *r)
{
	struct coming *c = r->user;
	int status = 0, state = UPLOAD_GONE;
	bool late;

	if (!c) {
		answer_text(r, 411, "an input has a body\n");
		return;
	}
	if (!c->known)	/* shorter than a sealed one's header */
		status = recognize(c);
	/* Another body for the same token may have come to its end meanwhile. */
	if (status == 0)
		status = c->m.n == 0 ? 400 : authorize(p, r->path, c->id,
		    &state, &late, c->owner);
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
	struct db_found sealed;
	struct err e;

	if (db_upload_sealed(p->store, id, &sealed, &e) == 1) {
		p->sealed_bytes -= sealed.n < p->sealed_bytes ? sealed.n :
		    p->sealed_bytes;
		db_release(&sealed);
	}
	if (db_upload_gone(p->store, id, &e) < 0)
		complain("error %s", e.msg);
	if (!in)
		return;
	in->dropped = true;
	if (in->refs == 0)
		plain_free(p, in);
}

/* {"status": name} */
static void
answer_status(struct request *r, const char *name)
{
	char text[64];
	int n = snprintf(text, sizeof text, "{\"status\":\"%s\"}\n", name);

	answer(r, 200, "application/json", text, (size_t)n);
}

void
upload_report(struct proxy *p, struct request *r)
{
	char id[ID_ARTIFACT];
	const char *rest = path_id(r->path, id);
	struct db_found told;
	struct err e;
	uint8_t owner[20];
	int state, job, status;
	bool late;

	if (!rest || strncmp(rest, "/report?", 8) != 0) {
		answer_text(r, 404, "no such thing\n");
		return;
	}
	status = authorize(p, r->path, id, &state, &late, owner);
	if (status != 200) {
		answer(r, status, NULL, NULL, 0);
		return;
	}
	switch (db_job_told(p->store, id, &job, &told, &e)) {
	case 1:
		if (told.p)	/* a JSON object, as the worker wrote it */
			answer(r, 200, "application/json", told.p, told.n);
		else
			answer_status(r, job == JOB_LEASED ? "proving" :
			    "queued");
		db_release(&told);
		break;
	case 0:
		answer_status(r, state == UPLOAD_OPEN ? "awaiting_upload" :
		    state == UPLOAD_GONE ? "gone" : "uploaded");
		break;
	default:
		answer(r, 504, NULL, NULL, 0);
	}
}
