/*
 * Inputs: their names, those that are here, and what became of the jobs made of them.
 *
 * PUT {url}/artifacts/stdin/ID/cancel?token=TOKEN, without a body: the job made of it
 * is to end; 404 where there is none that has not ended.
 */
#include "proxy/proxy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "crypto/eth.h"

static const char prefix[] = "/artifacts/stdin/";

/* Where clients put their inputs: here, by the name that they have for it.  Who comes
 * through a tunnel of his own machine (sp1-attest(1)) is to use that for the input too. */
static void
place(char out[static PROXY_URL], const struct proxy *p, const struct request *r)
{
	if (!request_tunnelled(r) || !r->host || !server_loopback(r->host) ||
	    snprintf(out, PROXY_URL, "http://%s", r->host) >= PROXY_URL)
		memcpy(out, p->url, PROXY_URL);
}

static void
create(struct proxy *p, struct request *r, const uint8_t owner[static 20])
{
	const uint8_t *peer = request_address(r)->b;
	struct net_artifact_created m;
	char id[ID_ARTIFACT], token[ID_TOKEN], uri[PROXY_URL + 64],
	    url[PROXY_URL + 160], at[PROXY_URL];
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
		refused(p, r, REFUSED_uploads);
		answer_grpc(r, GRPC_RESOURCE_EXHAUSTED,
		    "too many uploads begun and not made", NULL, 0);
		return;
	}
	id_artifact(id);
	id_token(token);
	if (db_upload_add(p->store, id, owner, peer, token, now, &e) < 0)
		goto broken;
	durable_answer(p, r);
	snprintf(uri, sizeof uri, "%s%s%s", p->url, prefix, id);
	place(at, p, r);
	snprintf(url, sizeof url, "%s%s%s?token=%s", at, prefix, id, token);
	m.uri = pb_str(uri);
	m.presigned_url = pb_str(url);
	must(pb_size(&pb_net_artifact_created, &m) <= sizeof out);
	n = pb_write(&pb_net_artifact_created, &m, out);
	answer_grpc(r, GRPC_OK, NULL, out, n);
	return;
broken:
	log_say(LEVEL_ERROR, "broken", e.msg);
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
		refused(p, r, REFUSED_malformed);
		answer_grpc(r, GRPC_INVALID_ARGUMENT, e.msg, NULL, 0);
		return;
	}
	if (m.type != NET_ARTIFACT_STDIN &&
	    m.type != NET_ARTIFACT_PRIVATE_STDIN) {
		forward(p, r, NET_CREATE_ARTIFACT);
		return;
	}
	if (eth_recover_artifact(owner, m.signature.p, m.signature.n, &e) < 0) {
		refused(p, r, REFUSED_signature);
		answer_grpc(r, GRPC_PERMISSION_DENIED, e.msg, NULL, 0);
	} else {
		create(p, r, owner);
	}
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

const char *
upload_path(const char *path, char id[static ID_ARTIFACT])
{
	size_t k = sizeof prefix - 1;

	if (strncmp(path, prefix, k) != 0 ||
	    strlen(path + k) < ID_ARTIFACT - 1)
		return NULL;
	memcpy(id, path + k, ID_ARTIFACT - 1);
	id[ID_ARTIFACT - 1] = 0;
	return id_is_artifact(id) ? path + k + ID_ARTIFACT - 1 : NULL;
}

int
upload_authorize(struct proxy *p, const char *path, const char *id, int *state,
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
		log_say(LEVEL_ERROR, "broken", e.msg);
		status = 504;
	}
	return status;
}

void
upload_cancel(struct proxy *p, struct request *r, const char *id)
{
	struct err e;
	uint8_t owner[20];
	bool late;
	int n, state, status = upload_authorize(p, r->path, id, &state, &late, owner);

	if (status == 200) {
		n = db_job_cancel_upload(p->store, id, &e);
		if (n < 0)
			log_say(LEVEL_ERROR, "broken", e.msg);
		status = n < 0 ? 504 : n == 0 ? 404 : 200;
	}
	if (status == 200) {
		log_event(LEVEL_INFO, "cancelled", "id=%s", id);
		durable_answer(p, r);
	} else if (status == 401)
		refused(p, r, REFUSED_token);
	answer(r, status, NULL, NULL, 0);
	jobs_wake(p);
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
	leave(p, &in->m);
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

void
upload_drop(struct proxy *p, const char *id)
{
	struct plain *in = upload_plain(p, id);
	uint64_t n;
	struct err e;

	if (db_upload_sealed(p->store, id, &n, &e) == 1) {
		p->sealed_bytes -= n < p->sealed_bytes ? n : p->sealed_bytes;
		files_remove(p->files, id);
	}
	if (db_upload_gone(p->store, id, &e) < 0)
		log_say(LEVEL_ERROR, "broken", e.msg);
	if (!in)
		return;
	in->dropped = true;
	if (in->refs == 0)
		plain_free(p, in);
}

static int
is_wanted(const char *name, void *arg)
{
	struct proxy *p = arg;
	uint64_t n;

	/* What the database does not say is kept. */
	return id_is_artifact(name) &&
	    db_upload_sealed(p->store, name, &n, NULL) != 0;
}

/* Of an earlier version, which had them in the database. */
static int
move_out(struct proxy *p, struct err *e)
{
	char id[ID_ARTIFACT];
	struct db_found bytes;
	int r;

	while ((r = db_upload_inside(p->store, id, &bytes, e)) == 1) {
		r = files_put(p->files, id, bytes.p, bytes.n, e);
		db_release(&bytes);
		if (r < 0 || db_upload_outside(p->store, id, e) < 0)
			return -1;
	}
	return r;
}

int
upload_start(struct proxy *p, const char *folder, struct err *e)
{
	uint64_t kept;

	p->files = files_open(p->loop, folder, e);
	if (!p->files || files_tidy(p->files, is_wanted, p, e) < 0 ||
	    move_out(p, e) < 0 ||
	    db_sealed_bytes(p->store, NULL, &kept, e) < 0)
		return -1;
	p->sealed_bytes = (size_t)kept;
	return 0;
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
	const char *rest = upload_path(r->path, id);
	struct db_found told;
	struct err e;
	uint8_t owner[20];
	int state, job, status;
	bool late;

	if (!rest || strncmp(rest, "/report?", 8) != 0) {
		answer_text(r, 404, "no such thing\n");
		return;
	}
	status = upload_authorize(p, r->path, id, &state, &late, owner);
	if (status != 200) {
		refused(p, r, REFUSED_token);
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
