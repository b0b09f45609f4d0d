/* Proof requests: made, assigned, looked up. */
#include "devnet/devnet.h"

#include <stdio.h>
#include <string.h>

#include "store/id.h"

static int
check_request(struct devnet_call *c, const struct net_proof_body *b)
{
	struct err e;
	int r;

	if (!pb_is(b->version, NET_VERSION))
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "version %.*s is not " NET_VERSION,
		    (int)(b->version.n < 40 ? b->version.n : 40),
		    (const char *)b->version.p);
	if (!net_mode_name(b->mode))
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "no proof has mode %d", b->mode);
	if (b->strategy != NET_HOSTED && b->strategy != NET_RESERVED)
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "strategy %d is not served here", b->strategy);
	if (b->stdin_uri.n == 0)
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "missing stdin_uri");
	if (b->deadline <= c->now)
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "the deadline has passed");
	r = db_program_known(c->d->store, b->vk_hash, &e);
	if (r < 0)
		return devnet_broken(c, &e);
	if (r == 0)
		return devnet_refuse(c, GRPC_FAILED_PRECONDITION,
		    "the program is not registered");
	return 0;
}

/* May the fulfiller serve it? */
static bool
allowed(const struct devnet *d, const struct net_proof_body *b)
{
	const struct pb_bytes *w = b->whitelist.items;

	if (!d->has_fulfiller)
		return false;
	for (size_t i = 0; i < b->whitelist.n; i++)
		if (w[i].n == 20 && memcmp(w[i].p, d->fulfiller, 20) == 0)
			return true;
	return b->whitelist.n == 0;
}

int
devnet_request_proof(struct devnet_call *c)
{
	struct net_proof_body b;
	struct net_proof_requested done = { .has_body = true };
	struct pb_bytes raw;
	uint8_t signer[20], id[32], tx[32];
	struct err e;
	bool assigned;

	if (devnet_signed(c, &pb_net_proof_body, &b, &raw, signer) < 0 ||
	    check_request(c, &b) < 0)
		return -1;
	assigned = allowed(c->d, &b);
	/* As the network's contract derives it: keccak256(signer || body). */
	devnet_tx(id, "", signer, raw);
	devnet_tx(tx, "request proof", signer, raw);
	if (db_request_add(c->d->store, &(struct db_new_request){
	    .id = id, .tx = tx, .requester = signer, .body = raw,
	    .fulfiller = assigned ? c->d->fulfiller : NULL,
	    .fulfillment = assigned ? NET_ASSIGNED : NET_REQUESTED },
	    &b, c->now, &e) < 0)
		return devnet_broken(c, &e);
	done.tx_hash = pb_mem(tx, sizeof tx);
	done.body.request_id = pb_mem(id, sizeof id);
	return devnet_encode(c, &pb_net_proof_requested, &done);
}

/* A column that may be null, in the arena. */
static bool
blob(struct devnet_call *c, struct store_query *q, int column, struct pb_bytes *out)
{
	const uint8_t *p = store_blob(q, column, &out->n);
	uint8_t *copy = arena_alloc(&c->arena, out->n + 1, 1);

	out->p = copy;
	if (!copy)
		out->n = 0;
	if (out->n)
		memcpy(copy, p, out->n);
	return copy && !store_null(q, column);
}

static struct pb_bytes
url(struct devnet_call *c, const char *type, const char *id)
{
	size_t n = strlen(c->d->url) + strlen(type) + strlen(id) + 16;
	char *s = arena_alloc(&c->arena, n, 1);

	if (s)
		snprintf(s, n, "%s/artifacts/%s/%s", c->d->url, type, id);
	return pb_str(s);
}

/* The row of the request that the call names; NULL: it is refused. */
static struct store_query *
find(struct devnet_call *c)
{
	struct net_request_id m;
	struct store_query *q;
	struct err e;
	int r;

	if (devnet_decode(c, &pb_net_request_id, &m, c->in) < 0)
		return NULL;
	q = db_request(c->d->store, m.request_id);
	r = store_next(q, &e);
	if (r == 1)
		return q;
	ignore(r < 0 ? devnet_broken(c, &e) : devnet_refuse(c, GRPC_NOT_FOUND,
	    "proof request not found"));
	return NULL;
}

int
devnet_status(struct devnet_call *c)
{
	struct net_proof_body b;
	struct net_status s = { 0 };
	struct pb_bytes body;
	struct store_query *q = find(c);

	if (!q)
		return -1;
	s.fulfillment_status = (int32_t)store_u64(q, C_FULFILLMENT);
	s.execution_status = (int32_t)store_u64(q, C_EXECUTION);
	(void)blob(c, q, C_TX, &s.request_tx_hash);
	s.has_fulfill_tx_hash = blob(c, q, C_FULFILL_TX, &s.fulfill_tx_hash);
	s.has_public_values_hash = blob(c, q, C_PUBLIC_VALUES,
	    &s.public_values_hash);
	s.has_proof_uri = !store_null(q, C_PROOF);
	if (s.has_proof_uri)
		s.proof_uri = url(c, "proof", store_text(q, C_PROOF));
	s.has_proof_public_uri = s.has_proof_uri;
	s.proof_public_uri = s.proof_uri;
	(void)blob(c, q, C_BODY, &body);
	store_done(q);
	if (devnet_decode(c, &pb_net_proof_body, &b, body) < 0)
		return -1;
	s.deadline = b.deadline;
	return devnet_encode(c, &pb_net_status, &s);
}

/* The row that q is at. */
static int
details(struct devnet_call *c, struct store_query *q, struct net_request *m)
{
	struct net_proof_body b;
	struct pb_bytes body, uri;
	char *text;

	memset(m, 0, sizeof *m);
	(void)blob(c, q, C_BODY, &body);
	if (devnet_decode(c, &pb_net_proof_body, &b, body) < 0)
		return -1;
	m->vk_hash = b.vk_hash;
	m->version = b.version;
	m->mode = b.mode;
	m->strategy = b.strategy;
	m->stdin_uri = b.stdin_uri;
	m->deadline = b.deadline;
	m->cycle_limit = b.cycle_limit;
	m->gas_limit = b.gas_limit;
	m->min_auction_period = b.min_auction_period;
	m->whitelist = b.whitelist;
	m->stdin_private = b.stdin_private;
	(void)blob(c, q, C_ID, &m->request_id);
	(void)blob(c, q, C_REQUESTER, &m->requester);
	(void)blob(c, q, C_TX, &m->tx_hash);
	m->has_fulfiller = blob(c, q, C_FULFILLER, &m->fulfiller);
	m->fulfillment_status = (int32_t)store_u64(q, C_FULFILLMENT);
	m->execution_status = (int32_t)store_u64(q, C_EXECUTION);
	m->execute_fail_cause = (int32_t)store_u64(q, C_CAUSE);
	m->error = (int32_t)store_u64(q, C_ERROR);
	m->settlement_status = 1;
	m->created_at = store_u64(q, C_CREATED);
	m->updated_at = store_u64(q, C_UPDATED);
	m->has_fulfilled_at = !store_null(q, C_FULFILLED);
	m->fulfilled_at = store_u64(q, C_FULFILLED);
	m->has_cycles = !store_null(q, C_CYCLES);
	m->cycles = store_u64(q, C_CYCLES);
	m->has_gas_used = !store_null(q, C_GAS);
	m->gas_used = store_u64(q, C_GAS);
	m->has_public_values_hash = blob(c, q, C_PUBLIC_VALUES,
	    &m->public_values_hash);
	m->has_error_trace = blob(c, q, C_TRACE, &m->error_trace);
	(void)blob(c, q, C_URI, &uri);
	m->program_uri = uri;
	/* The uri names a stored program: check_elf() has seen to it.  Where it
	 * can be fetched from depends on where this listens now. */
	text = pb_cstr(&c->arena, uri);
	if (text)
		m->program_public_uri = url(c, "program",
		    text + uri.n - (ID_ARTIFACT - 1));
	return 0;
}

int
devnet_details(struct devnet_call *c)
{
	struct net_details d = { .has_request = true };
	struct store_query *q = find(c);
	int r;

	if (!q)
		return -1;
	r = details(c, q, &d.request);
	store_done(q);
	return r < 0 ? -1 : devnet_encode(c, &pb_net_details, &d);
}

#define LIMIT 10
int
devnet_filtered(struct devnet_call *c)
{
	struct net_filter m;
	struct net_filtered f = { 0 };
	struct net_request *list;
	uint64_t limit, page;
	struct store_query *q;
	struct err e;
	int r;

	if (devnet_decode(c, &pb_net_filter, &m, c->in) < 0)
		return -1;
	limit = m.has_limit ? m.limit : LIMIT;
	page = m.has_page ? m.page : 1;
	if (limit < 1 || limit > NET_PAGE || page < 1)
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "limit is 1 to %d, page at least 1", NET_PAGE);
	list = arena_alloc(&c->arena, NET_PAGE, sizeof *list);
	if (!list)
		return devnet_refuse(c, GRPC_INTERNAL, "out of memory");
	q = db_requests(c->d->store, &m, limit, (page - 1) * limit);
	f.requests.items = list;
	while ((r = store_next(q, &e)) == 1)
		if (details(c, q, &list[f.requests.n++]) < 0) {
			store_done(q);
			return -1;
		}
	if (r < 0)
		return devnet_broken(c, &e);
	return devnet_encode(c, &pb_net_filtered, &f);
}
