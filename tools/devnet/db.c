/* All SQL of the devnet.  Numbers of statuses stand in it too: those of wire/network.h. */
#include "devnet/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	"ALTER TABLE request ADD COLUMN error_trace BLOB;",
	NULL
};

struct store *
db_open(const char *path, struct err *e)
{
	return store_open(path, schema, e);
}

/* Of a statement that changes rows: did it run? */
static int
ran(int rows)
{
	return rows < 0 ? -1 : 0;
}

int
db_nonce(struct store *s, const uint8_t address[static 20], uint64_t *nonce,
    struct err *e)
{
	struct store_query *q = store_query(s,
	    "SELECT nonce FROM account WHERE address = ?", "b", address,
	    (size_t)20);
	int r = store_next(q, e);

	*nonce = r == 1 ? store_u64(q, 0) : 0;
	if (r == 1)
		store_done(q);
	return r < 0 ? -1 : 0;
}

int
db_set_nonce(struct store *s, const uint8_t address[static 20],
    uint64_t nonce, struct err *e)
{
	return ran(store_run(s, e,
	    "INSERT INTO account (address, nonce) VALUES (?, ?)"
	    " ON CONFLICT (address) DO UPDATE SET nonce = excluded.nonce",
	    "bi", address, (size_t)20, nonce));
}

int
db_artifact_add(struct store *s, const char *id, int type,
    const uint8_t owner[static 20], const char *token, uint64_t expires,
    struct err *e)
{
	return ran(store_run(s, e, "INSERT INTO artifact"
	    " (id, type, owner, token, expires) VALUES (?, ?, ?, ?, ?)",
	    "tibti", id, (uint64_t)type, owner, (size_t)20, token, expires));
}

int
db_artifact_keep(struct store *s, const char *id, int type,
    const uint8_t owner[static 20], const void *p, size_t n, struct err *e)
{
	return ran(store_run(s, e, "INSERT INTO artifact"
	    " (id, type, owner, expires, data) VALUES (?, ?, ?, 0, ?)",
	    "tibb", id, (uint64_t)type, owner, (size_t)20, p, n));
}

int
db_artifact_token(struct store *s, const char *id, int type,
    char token[static ID_TOKEN], uint64_t *expires, struct err *e)
{
	struct store_query *q = store_query(s, "SELECT token, expires"
	    " FROM artifact WHERE id = ? AND type = ?", "ti", id,
	    (uint64_t)type);
	int r = store_next(q, e);

	if (r != 1)
		return r;
	snprintf(token, ID_TOKEN, "%s", store_text(q, 0));
	*expires = store_u64(q, 1);
	store_done(q);
	return 1;
}

int
db_artifact_put(struct store *s, const char *id, const void *p, size_t n,
    struct err *e)
{
	return ran(store_run(s, e, "UPDATE artifact SET data = ?"
	    " WHERE id = ?", "bt", p, n, id));
}

int
db_artifact_get(struct store *s, const char *id, int type, uint8_t **out,
    size_t *n, struct err *e)
{
	struct store_query *q = store_query(s, "SELECT data FROM artifact"
	    " WHERE id = ? AND type = ? AND data IS NOT NULL", "ti", id,
	    (uint64_t)type);
	const uint8_t *p;
	int r = store_next(q, e);

	if (r != 1)
		return r;
	p = store_blob(q, 0, n);
	*out = malloc(*n + 1);
	if (*out && *n)
		memcpy(*out, p, *n);
	store_done(q);
	return *out ? 1 : err_set(e, EX_OSERR, "out of memory");
}

int
db_program_add(struct store *s, const uint8_t vk_hash[static 32],
    struct pb_bytes vk, const char *uri, const uint8_t owner[static 20],
    uint64_t now, struct err *e)
{
	return ran(store_run(s, e, "INSERT OR IGNORE INTO program"
	    " (vk_hash, vk, uri, owner, created_at) VALUES (?, ?, ?, ?, ?)",
	    "bbtbi", vk_hash, (size_t)32, vk.p, vk.n, uri, owner, (size_t)20,
	    now));
}

int
db_program_known(struct store *s, struct pb_bytes vk_hash, struct err *e)
{
	struct store_query *q = store_query(s, "SELECT 1 FROM program"
	    " WHERE vk_hash = ?", "b", vk_hash.p, vk_hash.n);
	int r = store_next(q, e);

	if (r == 1)
		store_done(q);
	return r;
}

int
db_program_get(struct store *s, struct pb_bytes vk_hash,
    struct db_program *out, struct store_query **q, struct err *e)
{
	int r;

	*q = store_query(s, "SELECT vk, uri, owner, created_at"
	    " FROM program WHERE vk_hash = ?", "b", vk_hash.p, vk_hash.n);
	r = store_next(*q, e);
	if (r != 1)
		return r;
	out->vk.p = store_blob(*q, 0, &out->vk.n);
	out->uri = pb_str(store_text(*q, 1));
	out->owner.p = store_blob(*q, 2, &out->owner.n);
	out->created_at = store_u64(*q, 3);
	return 1;
}

int
db_request_add(struct store *s, const struct db_new_request *r,
    const struct net_proof_body *b, uint64_t now, struct err *e)
{
	return ran(store_run(s, e, "INSERT INTO request (id, body,"
	    " requester, vk_hash, version, mode, deadline, tx_hash, fulfiller,"
	    " fulfillment, created_at, updated_at)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", "bbbbtiibbiii",
	    r->id, (size_t)32, r->body.p, r->body.n, r->requester, (size_t)20,
	    b->vk_hash.p, b->vk_hash.n, NET_VERSION, (uint64_t)b->mode,
	    store_clamp(b->deadline), r->tx, (size_t)32, r->fulfiller,
	    (size_t)20, (uint64_t)r->fulfillment, now, now));
}

int
db_assigned(struct store *s, struct pb_bytes id, struct db_assigned *a,
    struct err *e)
{
	struct store_query *q = store_query(s, "SELECT fulfiller,"
	    " fulfillment, mode, execution, vk, vk_hash FROM request"
	    " JOIN program USING (vk_hash) WHERE id = ?", "b", id.p, id.n);
	int r = store_next(q, e);

	if (r != 1)
		return r;
	a->has_fulfiller = !store_null(q, 0);
	store_bytes(q, 0, a->fulfiller, sizeof a->fulfiller);
	a->fulfillment = (int)store_u64(q, 1);
	a->mode = (int)store_u64(q, 2);
	a->execution = (int)store_u64(q, 3);
	store_bytes(q, 4, a->vk, sizeof a->vk);
	store_bytes(q, 5, a->vk_hash, sizeof a->vk_hash);
	store_done(q);
	return 1;
}

#define COLUMNS "id, body, requester, tx_hash, fulfiller, fulfillment," \
	" execution, cause, error, r.created_at, updated_at, fulfilled_at," \
	" fulfill_tx, proof, public_values_hash, cycles, gas, uri, error_trace"
#define FROM " FROM request r JOIN program USING (vk_hash) "

struct store_query *
db_request(struct store *s, struct pb_bytes id)
{
	return store_query(s, "SELECT " COLUMNS FROM "WHERE id = ?", "b",
	    id.p, id.n);
}

#define ANY UINT64_MAX	/* -1 in SQL */
#define OPT(name) (m->has_##name ? (uint64_t)m->name : ANY)
#define OPT_TIME(name, none) (m->has_##name ? store_clamp(m->name) : (none))
#define OPT_BYTES(name) \
	(m->has_##name ? (m->name.n ? (const void *)m->name.p : "") : NULL), \
	m->name.n

struct store_query *
db_requests(struct store *s, const struct net_filter *m, uint64_t limit,
    uint64_t skip)
{
	return store_query(s, "SELECT " COLUMNS FROM "WHERE"
	    " (?1 IS NULL OR version = CAST(?1 AS TEXT))"
	    " AND (?2 = -1 OR fulfillment = ?2) AND (?3 = -1 OR execution = ?3)"
	    " AND deadline > ?4 AND (?5 IS NULL OR vk_hash = ?5)"
	    " AND (?6 IS NULL OR requester = ?6)"
	    " AND (?7 IS NULL OR fulfiller = ?7)"
	    " AND r.created_at >= ?8 AND r.created_at <= ?9"
	    " AND (?10 = -1 OR mode = ?10) AND (?11 = -1 OR cause = ?11)"
	    " AND (?12 = -1 OR error = ?12)"
	    " AND (?13 = -1 OR (fulfillment = 6) = ?13)"
	    " AND (?14 = -1 OR ?14 = 1)"	/* nothing is settled here */
	    " ORDER BY seq LIMIT ?15 OFFSET ?16", "biiibbbiiiiiiiii",
	    OPT_BYTES(version), OPT(fulfillment_status),
	    OPT(execution_status), OPT_TIME(minimum_deadline, 0),
	    OPT_BYTES(vk_hash), OPT_BYTES(requester), OPT_BYTES(fulfiller),
	    OPT_TIME(from, 0), OPT_TIME(to, INT64_MAX), OPT(mode),
	    OPT(execute_fail_cause), OPT(error), OPT(is_timed_out),
	    OPT(settlement_status), limit, skip);
}

int
db_expire(struct store *s, uint64_t now, struct err *e)
{
	return ran(store_run(s, e, "UPDATE request SET fulfillment = 6,"
	    " updated_at = ? WHERE fulfillment IN (1, 2) AND deadline < ?",
	    "ii", now, now));
}

int
db_fulfilled(struct store *s, struct pb_bytes id, const char *proof,
    const uint8_t tx[static 32], uint64_t now, struct err *e)
{
	return ran(store_run(s, e, "UPDATE request SET fulfillment = 3,"
	    " execution = 2, proof = ?, fulfill_tx = ?, fulfilled_at = ?,"
	    " updated_at = ? WHERE id = ?", "tbiib", proof, tx, (size_t)32,
	    now, now, id.p, id.n));
}

int
db_failed(struct store *s, const struct net_fail_body *b, uint64_t now,
    struct err *e)
{
	return ran(store_run(s, e, "UPDATE request SET fulfillment = 4,"
	    " error = ?, error_trace = ?, updated_at = ? WHERE id = ?", "ibib",
	    (uint64_t)b->error, b->has_error_trace ? b->error_trace.p : NULL,
	    b->error_trace.n, now, b->request_id.p, b->request_id.n));
}

int
db_executed(struct store *s, const struct net_execute_body *b, uint64_t now,
    struct err *e)
{
	return ran(store_run(s, e, "UPDATE request SET execution = ?1,"
	    " public_values_hash = ?2, cycles = iif(?3, ?4, NULL),"
	    " gas = iif(?5, ?6, NULL), updated_at = ?7 WHERE id = ?8",
	    "ibiiiiib", (uint64_t)b->execution_status,
	    b->has_public_values_hash ? b->public_values_hash.p : NULL,
	    b->public_values_hash.n, (uint64_t)b->has_cycles, b->cycles,
	    (uint64_t)b->has_gas_used, b->gas_used, now, b->request_id.p,
	    b->request_id.n));
}

int
db_unexecutable(struct store *s, struct pb_bytes id, int cause, uint64_t now,
    struct err *e)
{
	return ran(store_run(s, e, "UPDATE request SET execution = 3,"
	    " cause = ?, updated_at = ? WHERE id = ?", "iib",
	    (uint64_t)cause, now, id.p, id.n));
}
