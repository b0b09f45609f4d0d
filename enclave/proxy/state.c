/* The database, and what is forgotten. */
#include "proxy/proxy.h"

#include <stdio.h>

static const char *const schema[] = {
	/* forwarding: a RequestProof for it may have reached the network, and
	 * the answer has not reached us.  signed_vk: the program that its owner's
	 * last RequestProof named, seen here with its signature. */
	"CREATE TABLE upload (id TEXT PRIMARY KEY, owner BLOB NOT NULL,"
	"	token TEXT NOT NULL, created INTEGER NOT NULL,"
	"	state INTEGER NOT NULL DEFAULT 0, size INTEGER NOT NULL DEFAULT 0,"
	"	uploaded INTEGER, forwarding INTEGER NOT NULL DEFAULT 0,"
	"	signed_vk BLOB,"
	"	sealed BLOB);"
	"CREATE TABLE job (seq INTEGER PRIMARY KEY,"
	"	request_id BLOB NOT NULL UNIQUE, requester BLOB NOT NULL,"
	"	vk_hash BLOB NOT NULL, mode INTEGER NOT NULL,"
	"	stdin_id TEXT NOT NULL, deadline INTEGER NOT NULL,"
	"	cycle_limit INTEGER NOT NULL, gas_limit INTEGER NOT NULL,"
	"	answer BLOB NOT NULL, state INTEGER NOT NULL DEFAULT 0,"
	"	lease TEXT, lease_until INTEGER NOT NULL DEFAULT 0,"
	"	not_before INTEGER NOT NULL DEFAULT 0,"
	"	attempts INTEGER NOT NULL DEFAULT 0,"
	"	progress TEXT, report TEXT,"
	"	created INTEGER NOT NULL, updated INTEGER NOT NULL);"
	"CREATE INDEX job_stdin ON job (stdin_id);"
	"CREATE INDEX job_open ON job (state, not_before);",
	NULL
};

int
proxy_open(struct proxy *p, const char *db, struct err *e)
{
	p->store = store_open(db, schema, e);
	if (!p->store)
		return -1;
	if (store_run(p->store, e, "UPDATE upload SET state = ?"
	    " WHERE state = ?", "ii", (uint64_t)UPLOAD_GONE,
	    (uint64_t)UPLOAD_PLAIN) < 0)
		return -1;
	return 0;
}

/* Inputs that nobody asked a proof for. */
static void
drop_unused(struct proxy *p)
{
	char id[ID_ARTIFACT];
	struct store_query *q;
	struct err e;

	for (;;) {
		q = store_query(p->store, "SELECT id FROM upload"
		    " WHERE state IN (1, 2) AND uploaded < ? AND NOT EXISTS"
		    " (SELECT 1 FROM job WHERE stdin_id = id"
		    " AND requester = owner) LIMIT 1", "i",
		    clock_unix() - PROXY_UNUSED_S);
		if (store_next(q, &e) != 1)
			return;
		snprintf(id, sizeof id, "%s", store_text(q, 0));
		store_done(q);
		if (request_inflight(p, id))
			return;		/* next time */
		upload_drop(p, id);
	}
}

void
proxy_sweep(void *arg)
{
	struct proxy *p = arg;
	uint64_t now = clock_unix();
	struct err e;

	drop_unused(p);
	/* An upload that was begun in time may still come to its end. */
	if (store_run(p->store, &e, "DELETE FROM upload WHERE state = 0"
	    " AND created < ?", "i", now - 2 * PROXY_TOKEN_S) < 0 ||
	    store_run(p->store, &e, "DELETE FROM job WHERE state = ?"
	    " AND updated < ?", "ii", (uint64_t)JOB_ENDED,
	    now - PROXY_KEEP_S) < 0 ||
	    store_run(p->store, &e, "DELETE FROM upload WHERE state = ?"
	    " AND created < ? AND NOT EXISTS"
	    " (SELECT 1 FROM job WHERE stdin_id = id)", "ii",
	    (uint64_t)UPLOAD_GONE, now - PROXY_KEEP_S) < 0)
		complain("error %s", e.msg);
	jobs_wake(p);		/* leases that ran out */
	loop_timer(p->loop, 5000, proxy_sweep, p);
}
