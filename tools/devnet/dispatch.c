/* Each call of the network, as one transaction. */
#include "devnet/devnet.h"

#include <string.h>

#include "base/clock.h"

int
devnet_open(struct devnet *d, const char *db, struct err *e)
{
	memset(d, 0, sizeof *d);
	d->store = db_open(db, e);
	return d->store ? 0 : -1;
}

void
devnet_close(struct devnet *d)
{
	store_close(d->store);
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

	if (db_expire(c->d->store, c->now, &e) < 0)
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
