#include "client/status.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/progress.h"
#include "client/words.h"
#include "rpc/cli.h"
#include "wire/network.h"

static void
set_text(struct record *rec, const char *key, bool has, struct pb_bytes b)
{
	char *s = has ? strndup((const char *)b.p, b.n) : NULL;

	if (s)
		record_set_str(rec, key, s);
	free(s);
}

static void
note(struct record *rec, const struct net_status *s)
{
	words_set(rec, "fulfillment_status",
	    net_fulfillment_name(s->fulfillment_status), s->fulfillment_status);
	words_set(rec, "execution_status",
	    net_execution_name(s->execution_status), s->execution_status);
	record_set_u64(rec, "deadline", s->deadline);
	set_text(rec, "proof_uri", s->has_proof_uri, s->proof_uri);
	if (s->has_fulfill_tx_hash)
		record_set_hex(rec, "fulfill_tx_hash", s->fulfill_tx_hash.p,
		    s->fulfill_tx_hash.n);
	if (s->has_public_values_hash)
		record_set_hex(rec, "public_values_hash",
		    s->public_values_hash.p, s->public_values_hash.n);
}

/* In the SDK's order: a proof counts even past the deadline. */
static enum status_state
judge(const struct net_status *s)
{
	if (s->fulfillment_status == NET_FULFILLED)
		return STATUS_FULFILLED;
	if (!net_fulfillment_name(s->fulfillment_status))
		return STATUS_UNKNOWN;
	if (s->execution_status == NET_UNEXECUTABLE)
		return STATUS_FAILED;
	if (s->fulfillment_status >= NET_UNFULFILLABLE)
		return STATUS_FAILED;
	if (!net_execution_name(s->execution_status))
		return STATUS_UNKNOWN;
	if (clock_unix() > s->deadline)
		return STATUS_LATE;
	return STATUS_OPEN;
}

/* *s points into the answer, which the next call replaces, and the arena. */
static int
ask(struct rpc *r, const uint8_t id[static 32], struct net_status *s,
    struct arena *a, struct err *e)
{
	struct net_request_id q = { { id, 32 } };
	struct rpc_reply reply;

	arena_init(a, 1 << 20);
	return rpc_pb(r, NET_STATUS, &pb_net_request_id, &q, &pb_net_status, s,
	    a, &reply, e);
}

int
status_ask(struct rpc *r, struct record *rec, const uint8_t id[static 32],
    enum status_state *state, struct err *e)
{
	struct net_status s;
	struct arena a;
	int k = ask(r, id, &s, &a, e);

	if (k == 0) {
		note(rec, &s);
		*state = judge(&s);
		if (*state == STATUS_FULFILLED &&
		    (!s.has_proof_uri || !s.proof_uri.n))
			k = err_set(e, EX_PROTOCOL, "%s tells no place of the "
			    "proof", rpc_url(r));
	}
	arena_free(&a);
	return k;
}

int
status_proof_uri(struct rpc *r, const uint8_t id[static 32], char **uri,
    struct err *e)
{
	struct net_status s;
	struct arena a;
	int k = ask(r, id, &s, &a, e);

	*uri = k == 0 && s.has_proof_uri && s.proof_uri.n ?
	    strndup((const char *)s.proof_uri.p, s.proof_uri.n) : NULL;
	arena_free(&a);
	return k;
}

static void
limit(struct rpc *r, const struct status_wait *w, bool first)
{
	int64_t soon = clock_ms() + 1000;

	if (w->until)
		rpc_until(r, first && !w->away && soon > w->until ? soon :
		    w->until);
}

int
status_wait(struct rpc *r, struct record *rec, const uint8_t id[static 32],
    struct status_wait *w, enum status_state *state, struct err *e)
{
	struct timespec t = { w->interval / 1000, w->interval % 1000 * 1000000 };
	char a[WORDS_NUMBER], b[WORDS_NUMBER];
	int64_t began = clock_ms();

	for (bool first = true;; first = false) {
		limit(r, w, first);
		if (status_ask(r, rec, id, state, e) < 0)
			break;
		progress("%s, %s, %llds",
		    words_of(rec, "fulfillment_status", a),
		    words_of(rec, "execution_status", b),
		    (long long)(clock_ms() - began) / 1000);
		if (*state != STATUS_OPEN ||
		    (w->until && clock_ms() + w->interval > w->until))
			return 0;
		nanosleep(&t, NULL);
		if (w->until && clock_ms() >= w->until)
			return 0;	/* a busy machine sleeps longer */
	}
	w->away |= e->status == EX_TEMPFAIL;
	return -1;
}
