/* Who is asked what: the public listener, and the workers'. */
#include "proxy/proxy.h"

#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "base/log.h"

/* The network's calls, which pass through. */
static const char *const passed[] = {
	NET_GET_PROGRAM, NET_CREATE_PROGRAM, NET_GET_NONCE, NET_STATUS,
	NET_DETAILS, NET_FILTERED, NET_BALANCE, NET_OWNER,
};

static void
on_head(struct request *r, void *arg)
{
	struct proxy *p = arg;

	if (r->tag == PROXY_WORKERS)
		jobs_head(p, r);
	else if (r->tag == PROXY_PUBLIC && !r->grpc && strcmp(r->method, "PUT") == 0)
		upload_head(p, r);
}

static void
grpc(struct proxy *p, struct request *r)
{
	char text[128];

	if (strcmp(r->path, NET_REQUEST_PROOF) == 0) {
		request_proof(p, r);
		return;
	}
	if (strcmp(r->path, NET_CREATE_ARTIFACT) == 0) {
		upload_create(p, r);
		return;
	}
	for (size_t i = 0; i < sizeof passed / sizeof passed[0]; i++)
		if (strcmp(r->path, passed[i]) == 0) {
			forward(p, r, passed[i]);
			return;
		}
	refused(p, r, REFUSED_unserved);
	snprintf(text, sizeof text, "%.100s is not served here", r->path);
	answer_grpc(r, GRPC_UNIMPLEMENTED, text, NULL, 0);
}

static void
json(struct request *r, const char *text)
{
	answer(r, 200, "application/json", text, strlen(text));
}

/* As further members. */
static void
xwing_key(char *out, size_t size, const struct keyd_info *k)
{
	char key[2 * XWING_PUBLIC + 1], fingerprint[65];

	hex_encode(key, k->xwing, XWING_PUBLIC);
	hex_encode(fingerprint, k->print[1], 32);
	snprintf(out, size, ",\"xwing_public_key\":\"0x%s\","
	    "\"xwing_fingerprint\":\"0x%s\"", key, fingerprint);
}

static void
enclave_key(struct proxy *p, struct request *r)
{
	char key[65], fingerprint[65], fulfiller[41], xwing[3000] = "", text[3400];
	const struct keyd_info *k = &p->keys;

	hex_encode(key, k->public_key, 32);
	hex_encode(fingerprint, k->print[0], 32);
	hex_encode(fulfiller, p->fulfiller, 20);
	if (k->has_xwing)
		xwing_key(xwing, sizeof xwing, k);
	snprintf(text, sizeof text, "{\"public_key\":\"0x%s\","
	    "\"fingerprint\":\"0x%s\",\"fulfiller\":\"0x%s\"%s}\n", key,
	    fingerprint, fulfiller, xwing);
	json(r, text);
}

static void
health(struct proxy *p, struct request *r)
{
	char text[128];
	uint64_t n = 0;
	struct err e;
	bool ok = db_jobs_open(p->store, &n, &e) == 0;

	snprintf(text, sizeof text, "{\"healthy\":%s,\"network\":%s,"
	    "\"jobs\":%d}\n", ok ? "true" : "false",
	    p->reconciled ? "true" : "false", (int)n);
	if (ok)
		json(r, text);
	else
		answer(r, 503, "application/json", text, strlen(text));
}

/* Is the path this one, with a query or without? */
static bool
at(const struct request *r, const char *path)
{
	size_t n = strlen(path);

	return strncmp(r->path, path, n) == 0 &&
	    (r->path[n] == '\0' || r->path[n] == '?');
}

static void
on_request(struct request *r, void *arg)
{
	struct proxy *p = arg;

	if (r->tag == PROXY_WORKERS)
		jobs_request(p, r);
	else if (r->tag == PROXY_OPS)
		ops_request(p, r);
	else if (r->grpc)
		grpc(p, r);
	else if (strcmp(r->method, "PUT") == 0)
		upload_body(p, r);
	else if (strcmp(r->method, "GET") != 0)
		answer_text(r, 405, "GET or PUT\n");
	else if (strcmp(r->path, "/health") == 0)
		health(p, r);
	else if (strcmp(r->path, "/v1/enclave-key") == 0)
		enclave_key(p, r);
	else if (at(r, EVIDENCE_PATH))
		evidence_answer(p->evidence, r);
	else
		upload_report(p, r);
}

static void
on_abort(struct request *r, void *arg)
{
	struct proxy *p = arg;

	if (r->tag == PROXY_PUBLIC)
		upload_aborted(p, r);
}

static void
on_greedy(const char *peer, const char *what, void *arg)
{
	char text[100];

	snprintf(text, sizeof text, "wants more %s than one address may have",
	    what);
	log_text(LEVEL_WARN, "greedy", text, "peer=%s", peer);
}

static void
on_full(const char *peer, const char *what, void *arg)
{
	char text[100];

	snprintf(text, sizeof text, "all %s are in use; the longest idle "
	    "connection makes room", what);
	log_text(LEVEL_WARN, "full", text, "peer=%s", peer);
}

static void
on_gone(struct request *r, void *arg)
{
	struct proxy *p = arg;

	upstream_drop(p->up, r);
}

const struct server_ops proxy_ops = {
	on_head, on_request, on_abort, on_greedy, on_full, on_gone
};
