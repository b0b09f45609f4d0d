/*
 * RequestProof: checked, forwarded as it came, and kept as a job before its answer
 * goes back.
 *
 * The network may take a request and its answer be lost, or this process die in
 * between.  So the input is marked before the request leaves; while the mark stands,
 * whoever asks again is first looked up at the network, and reconcile() finds what
 * nobody asks for again.
 */
#include "proxy/proxy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "crypto/eth.h"

struct inflight {
	struct inflight *next;
	struct proxy *p;
	struct request *r;
	struct job job;
	uint8_t *message;	/* as it came */
	size_t n;
	bool marked;		/* an earlier try may get there yet */
	uint32_t page;		/* of the network's list, where that is looked for */
};

bool
request_inflight(const struct proxy *p, const char *id)
{
	for (struct inflight *f = p->inflight; f; f = f->next)
		if (strcmp(f->job.stdin_id, id) == 0)
			return true;
	return false;
}

static void
inflight_free(struct proxy *p, struct inflight *f)
{
	struct inflight **at = &p->inflight;

	while (*at != f)
		at = &(*at)->next;
	*at = f->next;
	free(f->message);
	free(f);
}

static void
fail(struct request *r, const struct err *e)
{
	log_say(LEVEL_ERROR, "broken", e->msg);
	answer_grpc(r, GRPC_UNAVAILABLE, "the proxy's state fails", NULL, 0);
}

static void
accept(struct proxy *p, struct inflight *f, const uint8_t *answer, size_t n)
{
	struct request *r = f->r;
	struct err e;

	if (db_job_add(p->store, &f->job, answer, n, clock_unix(), &e) < 0) {
		/* The mark stands: asked again, it is found at the network. */
		inflight_free(p, f);
		fail(r, &e);
		return;
	}
	inflight_free(p, f);
	p->m.accepted++;
	durable_answer(p, r);
	answer_grpc(r, GRPC_OK, NULL, answer, n);
	jobs_wake(p);
}

static void
on_reply(struct up_call *c)
{
	struct inflight *f = c->arg;
	struct proxy *p = c->p;
	struct net_proof_requested m;
	struct arena a;
	struct err e;
	int bad = 0;

	if (c->status == GRPC_OK) {
		arena_init(&a, 1 << 16);
		bad = pb_decode(&pb_net_proof_requested, &m, c->out, c->out_n,
		    &a, NULL, &e);
		if (bad == 0 && m.has_body && m.body.request_id.n == 32)
			memcpy(f->job.request_id, m.body.request_id.p, 32);
		else
			bad = -1;
		arena_free(&a);
		if (bad == 0)
			accept(p, f, c->out, c->out_n);
		else {
			answer_grpc(f->r, GRPC_INTERNAL, "the network's "
			    "answer has no request id of 32 bytes", NULL, 0);
			inflight_free(p, f);
		}
	} else {
		/* Else the network may have taken it, or take the earlier try.  A
		 * nonce that is used may be this request's own, which libcurl
		 * sends again where a connection ends without an answer. */
		if (!grpc_undecided(c->status) && !f->marked &&
		    c->status != GRPC_ABORTED &&
		    db_upload_not_forwarding(p->store, f->job.stdin_id,
		    &e) < 0)
			log_say(LEVEL_ERROR, "broken", e.msg);
		up_call_answer(c, f->r);
		inflight_free(p, f);
	}
	up_call_free(c);
}

static void
out_of_memory(struct inflight *f)
{
	answer_grpc(f->r, GRPC_UNAVAILABLE, "out of memory", NULL, 0);
	inflight_free(f->p, f);
}

/* Its mark is on the disk. */
static void
send_marked(void *arg)
{
	struct inflight *f = arg;
	struct proxy *p = f->p;
	struct up_call *c = up_call_new(p, NET_REQUEST_PROOF, f->message, f->n,
	    f->r, on_reply, f);

	if (c)
		upstream_send(p->up, c);
	else
		out_of_memory(f);
}

static void
send_request(struct proxy *p, struct inflight *f)
{
	struct err e;

	if (db_upload_forwarding(p->store, f->job.stdin_id, f->job.vk_hash,
	    &e) < 0) {
		fail(f->r, &e);
		inflight_free(p, f);
	} else if (durable_then(p, send_marked, f) < 0) {
		out_of_memory(f);
	}
}

static void look_up(struct inflight *f);

/* f's, among the network's; NULL: it is not. */
static const struct net_request *
find(const struct inflight *f, const struct net_filtered *m)
{
	const struct net_request *q = m->requests.items;
	char id[ID_ARTIFACT];

	for (size_t i = 0; i < m->requests.n; i++, q++)
		if (upload_id(f->p, id, q->stdin_uri) == 0 &&
		    strcmp(id, f->job.stdin_id) == 0 &&
		    q->request_id.n == 32 && q->tx_hash.n == 32 &&
		    q->vk_hash.n == 32 &&
		    memcmp(q->vk_hash.p, f->job.vk_hash, 32) == 0 &&
		    q->mode == f->job.mode)
			return q;
	return NULL;
}

/* The network has it as q: its answer was lost. */
static void
found(struct inflight *f, const struct net_request *q)
{
	const struct net_proof_requested done = {
		.has_body = true, .tx_hash = q->tx_hash,
		.body.request_id = q->request_id
	};
	uint8_t answer[128];

	must(pb_size(&pb_net_proof_requested, &done) <= sizeof answer);
	f->job.deadline = q->deadline;
	f->job.cycle_limit = q->cycle_limit;
	f->job.gas_limit = q->gas_limit;
	memcpy(f->job.request_id, q->request_id.p, 32);
	accept(f->p, f, answer, pb_write(&pb_net_proof_requested, &done,
	    answer));
}

static void
untold(struct inflight *f)
{
	answer_grpc(f->r, GRPC_UNAVAILABLE,
	    "an earlier request for this input may be under way; "
	    "the network does not say", NULL, 0);
	inflight_free(f->p, f);
}

/* Did the network take it the last time?  A page of its list. */
static void
on_list(struct up_call *c)
{
	struct inflight *f = c->arg;
	const struct net_request *q;
	struct net_filtered m;
	struct arena a;
	struct err e;

	arena_init(&a, (size_t)16 << 20);
	if (c->status != GRPC_OK || pb_decode(&pb_net_filtered, &m, c->out,
	    c->out_n, &a, NULL, &e) < 0)
		untold(f);
	else if ((q = find(f, &m)))
		found(f, q);
	else if (m.requests.n < NET_PAGE)
		send_request(f->p, f);
	else if (f->page == PROXY_PAGES)
		untold(f);
	else {
		f->page++;
		look_up(f);
	}
	arena_free(&a);
	up_call_free(c);
}

static void
look_up(struct inflight *f)
{
	struct net_filter m = {
		.requester = pb_mem(f->job.requester, 20),
		.has_requester = true,
		.vk_hash = pb_mem(f->job.vk_hash, 32), .has_vk_hash = true,
		.minimum_deadline = clock_unix(), .has_minimum_deadline = true,
		.limit = NET_PAGE, .has_limit = true,
		.page = f->page, .has_page = true,
	};
	uint8_t out[256];
	struct up_call *c;

	must(pb_size(&pb_net_filter, &m) <= sizeof out);
	c = up_call_new(f->p, NET_FILTERED, out, pb_write(&pb_net_filter, &m,
	    out), f->r, on_list, f);
	if (c)
		upstream_send(f->p->up, c);
	else
		out_of_memory(f);
}

/* What has been asked for already is answered as it was the first time: 1 when r
 * has its answer. */
static int
known(struct proxy *p, const struct job *j, struct request *r)
{
	struct db_found answer;
	uint8_t vk_hash[32];
	struct err e;
	int mode;

	switch (db_job_known(p->store, j, vk_hash, &mode, &answer, &e)) {
	case 0:
		return 0;
	case -1:
		fail(r, &e);
		return 1;
	}
	durable_answer(p, r);
	if (memcmp(vk_hash, j->vk_hash, 32) == 0 && mode == j->mode)
		answer_grpc(r, GRPC_OK, NULL, answer.p, answer.n);
	else
		answer_grpc(r, GRPC_FAILED_PRECONDITION, "this input has "
		    "been used for another proof: upload it again", NULL, 0);
	db_release(&answer);
	return 1;
}

/* The input must be the signer's, and here.  Gives the mark of an earlier try. */
static int
check_input(struct proxy *p, const struct job *j, bool *forwarding,
    struct request *r)
{
	struct upload u;
	struct err e;

	switch (db_upload_get(p->store, j->stdin_id, &u, &e)) {
	case 0:
		answer_grpc(r, GRPC_FAILED_PRECONDITION,
		    "stdin_uri names no upload", NULL, 0);
		return -1;
	case -1:
		fail(r, &e);
		return -1;
	}
	*forwarding = u.forwarding;
	if (memcmp(u.owner, j->requester, 20) != 0)
		answer_grpc(r, GRPC_PERMISSION_DENIED,
		    "the input is another address's", NULL, 0);
	else if (u.state == UPLOAD_OPEN)
		answer_grpc(r, GRPC_FAILED_PRECONDITION,
		    "the input has not been uploaded", NULL, 0);
	else if (u.state == UPLOAD_GONE && !u.forwarding)
		answer_grpc(r, GRPC_FAILED_PRECONDITION,
		    "the input is gone (the proxy has started anew): "
		    "upload it again", NULL, 0);
	else
		return 0;
	refused(p, r, memcmp(u.owner, j->requester, 20) != 0 ? REFUSED_owner :
	    REFUSED_input);
	return -1;
}

/* Who asks for what, from the message; -1: r has its answer. */
static int
read_request(struct proxy *p, struct job *j, struct request *r)
{
	struct net_signed s;
	struct net_proof_body b;
	struct arena a;
	struct err e;
	int status = GRPC_OK;

	arena_init(&a, (size_t)1 << 20);
	if (pb_decode(&pb_net_signed, &s, r->body, r->body_len, &a, NULL,
	    &e) < 0 || pb_decode(&pb_net_proof_body, &b, s.body.p, s.body.n,
	    &a, NULL, &e) < 0)
		status = GRPC_INVALID_ARGUMENT;
	else if (s.format != NET_BINARY)
		status = (err_set(&e, EX_DATAERR, "message format %d is not "
		    "BINARY", s.format), GRPC_INVALID_ARGUMENT);
	else if (eth_recover(j->requester, s.signature.p, s.signature.n,
	    s.body.p, s.body.n, &e) < 0)
		status = GRPC_PERMISSION_DENIED;
	else if (upload_id(p, j->stdin_id, b.stdin_uri) < 0)
		status = (err_set(&e, EX_DATAERR, "stdin_uri is not one of "
		    "this server"), GRPC_INVALID_ARGUMENT);
	else if (b.vk_hash.n != 32)
		status = (err_set(&e, EX_DATAERR, "vk_hash has %zu bytes",
		    b.vk_hash.n), GRPC_INVALID_ARGUMENT);
	else if (!pb_is(b.version, NET_VERSION))
		status = (err_set(&e, EX_DATAERR, "only " NET_VERSION
		    " is proved here"), GRPC_INVALID_ARGUMENT);
	else if (b.mode != NET_CORE && b.mode != NET_COMPRESSED)
		status = (err_set(&e, EX_DATAERR, "%s proofs are not made "
		    "here yet: ask for core or compressed", net_mode_name(b.mode) ?
		    net_mode_name(b.mode) : "such"), GRPC_UNIMPLEMENTED);
	if (status == GRPC_OK) {
		memcpy(j->vk_hash, b.vk_hash.p, 32);
		j->mode = b.mode;
		j->deadline = b.deadline;
		j->cycle_limit = b.cycle_limit;
		j->gas_limit = b.gas_limit;
	}
	arena_free(&a);
	if (status != GRPC_OK) {
		refused(p, r, status == GRPC_PERMISSION_DENIED ?
		    REFUSED_signature : status == GRPC_UNIMPLEMENTED ?
		    REFUSED_unserved : REFUSED_malformed);
		answer_grpc(r, status, e.msg, NULL, 0);
	}
	return status == GRPC_OK ? 0 : -1;
}

/* Has the requester all the jobs that he may have?  Then r has its answer. */
static bool
crowded(struct proxy *p, const struct job *j, struct request *r)
{
	uint64_t n;
	char text[100];
	struct err e;

	if (db_jobs_of(p->store, j->requester, p->l.max_jobs, &n, &e) < 0) {
		fail(r, &e);
		return true;
	}
	for (struct inflight *f = p->inflight; f; f = f->next)
		n += memcmp(f->job.requester, j->requester, 20) == 0;
	if (n < p->l.max_jobs)
		return false;
	snprintf(text, sizeof text, "%llu jobs of this requester wait or are at "
	    "work: no more are taken", (unsigned long long)p->l.max_jobs);
	refused(p, r, REFUSED_jobs);
	answer_grpc(r, GRPC_RESOURCE_EXHAUSTED, text, NULL, 0);
	return true;
}

void
request_proof(struct proxy *p, struct request *r)
{
	struct inflight *f;
	struct job j = { 0 };
	bool forwarding;

	if (read_request(p, &j, r) < 0 || known(p, &j, r) ||
	    check_input(p, &j, &forwarding, r) < 0)
		return;
	/* What may be at the network already is no new one. */
	if (!forwarding && crowded(p, &j, r))
		return;
	if (request_inflight(p, j.stdin_id)) {
		answer_grpc(r, GRPC_UNAVAILABLE,
		    "a request for this input is under way", NULL, 0);
		return;
	}
	f = calloc(1, sizeof *f);
	if (f)
		f->message = malloc(r->body_len + 1);
	if (!f || !f->message) {
		free(f);
		answer_grpc(r, GRPC_UNAVAILABLE, "out of memory", NULL, 0);
		return;
	}
	memcpy(f->message, r->body, r->body_len);
	f->n = r->body_len;
	f->p = p;
	f->r = r;
	f->job = j;
	f->marked = forwarding;
	f->page = 1;
	f->next = p->inflight;
	p->inflight = f;
	if (forwarding)
		look_up(f);
	else
		send_request(p, f);
}
