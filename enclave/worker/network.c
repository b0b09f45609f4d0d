/* What the worker says to the network: signed by tee-keyd, each time with the nonce
 * that is next. */
#include "worker/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "wire/grpc.h"
#include "wire/network.h"

#define PAUSE_S 2	/* between tries; the nonce may be another worker's too */
#define DOUBTS 10	/* answers that do not tell what became of a call */

/* One answer, in the arena's terms; 0, or -1 with the gRPC status in *status. */
static int
ask(struct worker *w, struct arena *a, const char *path,
    const struct pb_message *in, const void *v, const struct pb_message *out,
    void *answer, int *status, struct err *e)
{
	struct rpc_reply reply = { .status = GRPC_NONE };
	struct pb_bytes m;
	uint8_t *copy;

	*status = GRPC_NONE;
	if (pb_encode(in, v, a, &m, e) < 0)
		return -1;
	if (rpc_call_once(w->network, path, m.p, m.n, NULL, &reply, e) < 0) {
		*status = reply.status;
		return -1;
	}
	copy = arena_alloc(a, reply.n + 1, 1);
	if (!copy)
		return err_set(e, EX_OSERR, "out of memory");
	if (reply.n)
		memcpy(copy, reply.p, reply.n);
	*status = GRPC_OK;
	return pb_decode(out, answer, copy, reply.n, a, NULL, e);
}

/* As the network tells the request; in the arena. */
static int
details(struct worker *w, struct job *j, struct arena *a,
    struct net_request *out, int *status, struct err *e)
{
	struct net_request_id id = { pb_mem(j->request_id, 32) };
	struct net_details d;

	if (ask(w, a, NET_DETAILS, &pb_net_request_id, &id, &pb_net_details,
	    &d, status, e) < 0)
		return -1;
	if (!d.has_request) {
		*status = GRPC_NOT_FOUND;
		return err_set(e, EX_NOINPUT, "the network has no such request");
	}
	*out = d.request;
	return 0;
}

static int
over(struct outcome *o, const char *cause, const char *detail)
{
	o->end = END_OVER;
	snprintf(o->cause, sizeof o->cause, "%s", cause);
	snprintf(o->detail, sizeof o->detail, "%s", detail);
	return -1;
}

static int
judge(struct worker *w, struct job *j, const struct net_request *q,
    struct outcome *o)
{
	struct pb_bytes uri = q->program_public_uri.n ?
	    q->program_public_uri : q->program_uri;

	if (q->fulfillment_status == NET_FULFILLED) {
		/* By an earlier try, whose answer was lost. */
		o->end = END_FULFILLED;
		snprintf(o->cause, sizeof o->cause, "halted");
		return -1;
	}
	if (q->fulfillment_status == NET_EXPIRED || j->deadline < clock_unix())
		return over(o, "deadline_passed", "");
	if (q->has_fulfiller && (q->fulfiller.n != 20 ||
	    memcmp(q->fulfiller.p, w->keys.fulfiller, 20) != 0))
		return over(o, "assigned_to_another",
		    "the network gave the request to another prover");
	if (q->fulfillment_status == NET_REQUESTED) {
		o->patient = true;
		return outcome_later(o, "not assigned yet");
	}
	if (!net_fulfillment_name(q->fulfillment_status)) {
		/* Of a network of tomorrow: it may mean anything. */
		o->patient = true;
		return outcome_later(o, "the network tells the status %d, which "
		    "is not known here", q->fulfillment_status);
	}
	if (q->fulfillment_status != NET_ASSIGNED)
		return over(o, net_fulfillment_name(q->fulfillment_status),
		    "the network says so");
	if (uri.n >= sizeof j->program_uri || memchr(uri.p, 0, uri.n) ||
	    uri.n < 8 || memcmp(uri.p, "http", 4) != 0)
		return outcome_fail(o, NET_ERR_UNKNOWN, "program_missing",
		    "the network gives no http address of the program");
	memcpy(j->program_uri, uri.p, uri.n);
	j->program_uri[uri.n] = 0;
	return 0;
}

int
network_check(struct worker *w, struct job *j, struct outcome *o)
{
	struct net_request q = { 0 };
	struct arena a;
	struct err e;
	int r, status;

	arena_init(&a, (size_t)16 << 20);
	r = details(w, j, &a, &q, &status, &e);
	if (r == 0)
		r = judge(w, j, &q, o);
	else if (status == GRPC_NOT_FOUND)
		r = over(o, "unknown_request", e.msg);
	else {
		o->patient = true;
		r = outcome_later(o, "the network: %s", e.msg);
	}
	arena_free(&a);
	return r;
}

static int
nonce(struct worker *w, uint64_t *out, struct err *e)
{
	struct net_address in = { pb_mem(w->keys.fulfiller, 20) };
	struct net_nonce n;
	struct arena a;
	int r, status;

	arena_init(&a, 1 << 16);
	r = ask(w, &a, NET_GET_NONCE, &pb_net_address, &in, &pb_net_nonce, &n,
	    &status, e);
	arena_free(&a);
	if (r == 0)
		*out = n.nonce;
	return r;
}

/* One try: body (whose first member is the nonce) with a fresh nonce, signed, sent. */
static int
submit(struct worker *w, const char *path, const struct pb_message *m,
    void *body, int *status, struct err *e)
{
	struct net_signed s = { .format = NET_BINARY, .has_body = true };
	struct rpc_reply reply = { .status = GRPC_NONE };
	struct pb_bytes message;
	struct arena a;
	uint8_t sig[65];
	uint64_t n = 0;
	int r;

	*status = GRPC_NONE;
	if (nonce(w, &n, e) < 0)
		return -1;
	memcpy(body, &n, sizeof n);
	arena_init(&a, 0);
	r = pb_encode(m, body, &a, &s.body, e);
	if (r == 0) {
		r = keyd_sign(sig, w->keyd, s.body.p, s.body.n, e);
		if (r < 0 && (e->status == EX_NOPERM || e->status == EX_DATAERR))
			*status = GRPC_PERMISSION_DENIED;
	}
	if (r == 0) {
		s.signature = pb_mem(sig, sizeof sig);
		r = pb_encode(&pb_net_signed, &s, &a, &message, e);
	}
	if (r == 0) {
		r = rpc_call_once(w->network, path, message.p, message.n, NULL,
		    &reply, e);
		*status = r == 0 ? GRPC_OK : reply.status;
	}
	arena_free(&a);
	return r;
}

/* Tries until it is taken: 0; 1 refused for good (e says why); -1 with *o. */
static int
insist(struct worker *w, struct job *j, const char *path,
    const struct pb_message *m, void *body, struct err *e, struct outcome *o)
{
	int status, doubts = 0;

	for (;;) {
		if (submit(w, path, m, body, &status, e) == 0)
			return 0;
		if (!grpc_passes(status) &&
		    (!grpc_undecided(status) || ++doubts > DOUBTS))
			return 1;
		log_text(LEVEL_WARN, "not_taken", e->msg, "job=%s path=%s", j->id,
		    path);
		if (w->stop) {
			o->patient = true;
			return outcome_later(o, "the worker stops");
		}
		if (clock_unix() > j->deadline)
			return over(o, "deadline_passed", e->msg);
		if (j->lost) {
			o->end = END_LOST;
			return -1;
		}
		nanosleep(&(struct timespec){ .tv_sec = PAUSE_S }, NULL);
	}
}

int
network_fulfill(struct worker *w, struct job *j, const uint8_t *proof,
    size_t n, struct outcome *o)
{
	struct net_fulfill_body b = {
		.request_id = pb_mem(j->request_id, 32),
		.proof = pb_mem(proof, n),
	};
	struct outcome now = { 0 };
	struct err e;
	int r = insist(w, j, NET_FULFILL, &pb_net_fulfill_body, &b, &e, o);

	if (r <= 0)
		return r;
	/* Refused: perhaps because an earlier try was taken after all. */
	if (network_check(w, j, &now) < 0 && now.end != END_LATER &&
	    now.end != END_FAILED) {
		if (now.end == END_FULFILLED)
			return 0;
		o->end = now.end;
		memcpy(o->cause, now.cause, sizeof o->cause);
		memcpy(o->detail, now.detail, sizeof o->detail);
		return -1;
	}
	log_text(LEVEL_WARN, "refused", e.msg, "job=%s call=FulfillProof", j->id);
	return outcome_fail(o, NET_ERR_VERIFICATION, "proof_refused",
	    "the network refuses the proof");
}

/* Whether it is known as unexecutable: by a try whose answer was lost, or by a worker
 * that ended before it said the rest. */
static bool
unexecutable(struct worker *w, struct job *j)
{
	struct net_request q = { 0 };
	struct arena a;
	struct err e;
	int status;
	bool is;

	arena_init(&a, (size_t)16 << 20);
	is = details(w, j, &a, &q, &status, &e) == 0 &&
	    q.execution_status == NET_UNEXECUTABLE;
	arena_free(&a);
	return is;
}

/* 0, also where the network refuses it; -1 with *o. */
static int
fail_execution(struct worker *w, struct job *j, int32_t cause,
    struct outcome *o)
{
	struct net_fail_execution_body b = {
		.request_id = pb_mem(j->request_id, 32),
		.execute_fail_cause = cause,
	};
	struct err e;
	int r = insist(w, j, NET_FAIL_EXECUTION, &pb_net_fail_execution_body,
	    &b, &e, o);

	if (r > 0 && !unexecutable(w, j))
		log_text(LEVEL_WARN, "refused", e.msg, "job=%s call=FailExecution",
		    j->id);
	return r < 0 ? -1 : 0;
}

/* The same for the request's end. */
static int
fail_fulfillment(struct worker *w, struct job *j, const struct net_fail_body *b,
    struct outcome *o)
{
	struct net_fail_body body = *b;
	struct err e;
	int r = insist(w, j, NET_FAIL, &pb_net_fail_body, &body, &e, o);

	if (r <= 0)
		return r;
	/* It knows only where it says that the request has ended. */
	if (network_check(w, j, o) < 0 && o->end != END_LATER &&
	    o->end != END_FAILED)
		return o->end == END_OVER ? 0 : -1;
	log_text(LEVEL_WARN, "refused", e.msg, "job=%s call=FailFulfillment",
	    j->id);
	o->patient = true;
	return outcome_later(o, "the network does not take the failure");
}

int
network_fail(struct worker *w, struct job *j, struct outcome *o)
{
	struct net_fail_body b = {
		.request_id = pb_mem(j->request_id, 32),
		.error = o->error, .has_error = true,
	};
	struct outcome trouble = { 0 };
	char *trace = o->execution ? trace_write(j, o) : NULL;
	int r = 0;

	if (trace) {
		b.error_trace = pb_str(trace);
		b.has_error_trace = true;
	}
	/* First, so that no client sees the failure without its reason. */
	if (o->execution)
		r = fail_execution(w, j, o->execution, &trouble);
	if (r == 0)
		r = fail_fulfillment(w, j, &b, &trouble);
	free(trace);
	if (r == 0 || trouble.end == END_OVER)
		return 0;
	*o = trouble;
	return -1;
}
