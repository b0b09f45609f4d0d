/* State, dispatch, and what all signed calls have in common. */
#include "devnet/devnet.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hex.h"
#include "crypto/eth.h"
#include "crypto/keccak.h"

/* body: of a RequestProof, as it came; what queries need is beside it. */
static const char *const schema[] = {
	"CREATE TABLE account (address BLOB PRIMARY KEY, nonce INTEGER NOT NULL);"
	"CREATE TABLE artifact (id TEXT PRIMARY KEY, type INTEGER NOT NULL,"
	"	owner BLOB NOT NULL, token TEXT, expires INTEGER NOT NULL,"
	"	data BLOB);"
	"CREATE TABLE program (vk_hash BLOB PRIMARY KEY, vk BLOB NOT NULL,"
	"	uri TEXT NOT NULL, owner BLOB NOT NULL,"
	"	created_at INTEGER NOT NULL);"
	"CREATE TABLE request (seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
	"	body BLOB NOT NULL, requester BLOB NOT NULL,"
	"	vk_hash BLOB NOT NULL REFERENCES program (vk_hash),"
	"	version TEXT NOT NULL, mode INTEGER NOT NULL,"
	"	deadline INTEGER NOT NULL, tx_hash BLOB NOT NULL,"
	"	fulfiller BLOB, fulfillment INTEGER NOT NULL,"
	"	execution INTEGER NOT NULL DEFAULT 1,"
	"	cause INTEGER NOT NULL DEFAULT 0,"
	"	error INTEGER NOT NULL DEFAULT 0,"
	"	created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,"
	"	fulfilled_at INTEGER, fulfill_tx BLOB, proof TEXT,"
	"	public_values_hash BLOB, cycles INTEGER, gas INTEGER);"
	"CREATE INDEX request_open ON request (fulfillment, deadline);",
	NULL
};

int
devnet_open(struct devnet *d, const char *db, struct err *e)
{
	memset(d, 0, sizeof *d);
	d->store = store_open(db, schema, e);
	return d->store ? 0 : -1;
}

void
devnet_close(struct devnet *d)
{
	store_close(d->store);
}

int
devnet_refuse(struct devnet_call *c, int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->text, sizeof c->text, fmt, ap);
	va_end(ap);
	c->status = status;
	return -1;
}

int
devnet_broken(struct devnet_call *c, const struct err *e)
{
	complain("%s", e->msg);
	return devnet_refuse(c, GRPC_INTERNAL, "the devnet's state: %s",
	    e->msg);
}

bool
devnet_checked(const struct devnet_call *c)
{
	return c->later && c->later->done;
}

int
devnet_check(struct devnet_call *c, void (*run)(struct devnet_check *k),
    void *what)
{
	struct devnet_check here = { .run = run, .what = what }, *k = &here;

	if (devnet_checked(c)) {
		k = c->later;
	} else if (!what) {
		return devnet_refuse(c, GRPC_RESOURCE_EXHAUSTED,
		    "out of memory");
	} else if (c->later) {
		*c->later = here;
		return devnet_refuse(c, GRPC_UNAVAILABLE, "not checked yet");
	} else {
		run(k);
	}
	return k->status == GRPC_OK ? 0 :
	    devnet_refuse(c, k->status, "%s", k->text);
}

int
devnet_decode(struct devnet_call *c, const struct pb_message *m, void *v,
    struct pb_bytes in)
{
	struct err e;

	if (pb_decode(m, v, in.p, in.n, &c->arena, NULL, &e) < 0)
		return devnet_refuse(c, e.status == EX_OSERR ?
		    GRPC_RESOURCE_EXHAUSTED : GRPC_INVALID_ARGUMENT, "%s",
		    e.msg);
	return 0;
}

int
devnet_encode(struct devnet_call *c, const struct pb_message *m, const void *v)
{
	struct err e;

	if (pb_encode(m, v, &c->arena, &c->out, &e) < 0)
		return devnet_refuse(c, GRPC_INTERNAL, "%s", e.msg);
	return 0;
}

static int
nonce_of(struct devnet_call *c, const uint8_t address[static 20],
    uint64_t *nonce)
{
	struct store_query *q = store_query(c->d->store,
	    "SELECT nonce FROM account WHERE address = ?", "b", address,
	    (size_t)20);
	struct err e;
	int r = store_next(q, &e);

	*nonce = r == 1 ? store_u64(q, 0) : 0;
	if (r == 1)
		store_done(q);
	return r < 0 ? devnet_broken(c, &e) : 0;
}

static int
take_nonce(struct devnet_call *c, const uint8_t signer[static 20],
    uint64_t nonce)
{
	char address[41];
	uint64_t want;
	struct err e;

	if (nonce_of(c, signer, &want) < 0)
		return -1;
	hex_encode(address, signer, 20);
	/* The text of the real network; a code that clients try again after
	 * (network.md 1.8). */
	if (nonce != want)
		return devnet_refuse(c, GRPC_ABORTED,
		    "failed nonce verification: invalid nonce for sender "
		    "0x%s expected %llu, got %llu", address,
		    (unsigned long long)want, (unsigned long long)nonce);
	if (store_run(c->d->store, &e,
	    "INSERT INTO account (address, nonce) VALUES (?, ?)"
	    " ON CONFLICT (address) DO UPDATE SET nonce = excluded.nonce",
	    "bi", signer, (size_t)20, nonce + 1) < 0)
		return devnet_broken(c, &e);
	return 0;
}

int
devnet_signed(struct devnet_call *c, const struct pb_message *m, void *body,
    struct pb_bytes *raw, uint8_t signer[static 20])
{
	struct net_signed s;
	struct pb_bytes again;
	uint64_t nonce;
	struct err e;

	if (devnet_decode(c, &pb_net_signed, &s, c->in) < 0)
		return -1;
	if (s.format != NET_BINARY)
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "message format %d is not BINARY", s.format);
	if (!s.has_body)
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "missing request body");
	if (devnet_decode(c, m, body, s.body) < 0)
		return -1;
	/* The network checks the signature over the body as it encodes it: a body
	 * in any other form, or with fields that it does not know, fails there. */
	if (pb_encode(m, body, &c->arena, &again, &e) < 0)
		return devnet_refuse(c, GRPC_RESOURCE_EXHAUSTED, "%s", e.msg);
	if (again.n != s.body.n || memcmp(again.p, s.body.p, again.n) != 0)
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "the body is not in its canonical form");
	if (eth_recover(signer, s.signature.p, s.signature.n, s.body.p,
	    s.body.n, &e) < 0)
		return devnet_refuse(c, GRPC_PERMISSION_DENIED, "%s", e.msg);
	*raw = s.body;
	memcpy(&nonce, body, sizeof nonce);
	return take_nonce(c, signer, nonce);
}

void
devnet_tx(uint8_t out[static 32], const char *what,
    const uint8_t signer[static 20], struct pb_bytes body)
{
	struct keccak k;

	keccak_init(&k);
	keccak_update(&k, what, strlen(what));
	keccak_update(&k, signer, 20);
	keccak_update(&k, body.p, body.n);
	keccak_final(out, &k);
}

int
devnet_done(struct devnet_call *c, const char *what,
    const uint8_t signer[static 20], struct pb_bytes body)
{
	uint8_t tx[32];
	struct net_done done = { .has_body = true };

	devnet_tx(tx, what, signer, body);
	done.tx_hash = pb_mem(tx, sizeof tx);
	return devnet_encode(c, &pb_net_done, &done);
}

int
devnet_get_nonce(struct devnet_call *c)
{
	struct net_address a;
	struct net_nonce n;

	if (devnet_decode(c, &pb_net_address, &a, c->in) < 0)
		return -1;
	if (a.address.n != 20)
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "an address has 20 bytes");
	if (nonce_of(c, a.address.p, &n.nonce) < 0)
		return -1;
	return devnet_encode(c, &pb_net_nonce, &n);
}

/* Everybody is rich here: 1,000 tokens of 18 decimals. */
int
devnet_balance(struct devnet_call *c)
{
	struct net_amount m = { .amount = pb_str("1000000000000000000000") };
	struct net_address a;

	if (devnet_decode(c, &pb_net_address, &a, c->in) < 0)
		return -1;
	return devnet_encode(c, &pb_net_amount, &m);
}

static const struct {
	const char *path;
	int (*fn)(struct devnet_call *c);
} calls[] = {
	{ NET_CREATE_ARTIFACT, devnet_create_artifact },
	{ NET_GET_PROGRAM, devnet_get_program },
	{ NET_CREATE_PROGRAM, devnet_create_program },
	{ NET_GET_NONCE, devnet_get_nonce },
	{ NET_BALANCE, devnet_balance },
	{ NET_REQUEST_PROOF, devnet_request_proof },
	{ NET_STATUS, devnet_status },
	{ NET_DETAILS, devnet_details },
	{ NET_FILTERED, devnet_filtered },
	{ NET_FULFILL, devnet_fulfill },
	{ NET_FAIL, devnet_fail },
	{ NET_EXECUTE, devnet_execute },
	{ NET_FAIL_EXECUTION, devnet_fail_execution },
};

static int
expire(struct devnet_call *c)
{
	struct err e;

	if (store_run(c->d->store, &e, "UPDATE request SET fulfillment = 6,"
	    " updated_at = ? WHERE fulfillment IN (1, 2) AND deadline < ?",
	    "ii", c->now, c->now) < 0)
		return devnet_broken(c, &e);
	return 0;
}

void
devnet_call(struct devnet *d, struct devnet_call *c, const char *path)
{
	struct err e;

	c->d = d;
	c->now = clock_unix();
	c->status = GRPC_OK;
	c->text[0] = 0;
	c->out = (struct pb_bytes){ 0 };
	/* An answer, and a body encoded again. */
	arena_init(&c->arena, 2 * c->in.n + ((size_t)16 << 20));
	for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
		if (strcmp(path, calls[i].path) != 0)
			continue;
		if (store_begin(d->store, &e) < 0) {
			(void)devnet_broken(c, &e);
			return;
		}
		if (expire(c) < 0 || calls[i].fn(c) < 0) {
			must(c->status != GRPC_OK);
			store_rollback(d->store);
		} else if (store_commit(d->store, &e) < 0)
			(void)devnet_broken(c, &e);
		return;
	}
	(void)devnet_refuse(c, GRPC_UNIMPLEMENTED, "%s is not served here",
	    path);
}

void
devnet_call_end(struct devnet_call *c)
{
	arena_free(&c->arena);
}
