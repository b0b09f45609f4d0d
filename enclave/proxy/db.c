/* All SQL of the proxy.  Numbers of states stand in it too: those of db.h's enums. */
#include "proxy/db.h"

#include <stdio.h>
#include <string.h>

static const char *const schema[] = {
	/* forwarding: a RequestProof for it may have reached the network, and
	 * the answer has not reached us.  signed_vk: the program that its owner's
	 * last RequestProof named, seen here with its signature.  sealed: bytes that
	 * are in files now (db_upload_inside()). */
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
	/* What a run tells of its input was kept here once. */
	"UPDATE job SET progress = NULL;"
	"UPDATE job SET report = json_object("
	"	'status', json_extract(report, '$.status'),"
	"	'cause', json_extract(report, '$.cause'),"
	"	'request_id', json_extract(report, '$.request_id'),"
	"	'seconds', json_extract(report, '$.seconds'))"
	"	WHERE json_valid(report)"
	"	AND json_extract(report, '$.status') <> 'fulfilled';",
	/* deaths: leases that ran out on their workers.  faults: tries that failed
	 * by our own fault.  turn: who was served when, of those with open jobs.
	 * open: how many jobs have not ended, so that nobody need count. */
	"ALTER TABLE job ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE job ADD COLUMN faults INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE job ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0;"
	"CREATE TABLE turn (requester BLOB PRIMARY KEY,"
	"	served INTEGER NOT NULL);"
	"INSERT INTO turn SELECT DISTINCT requester, 0 FROM job"
	"	WHERE state <> 2;"
	"CREATE INDEX turn_served ON turn (served);"
	"DROP INDEX job_open;"
	"CREATE INDEX job_turn ON job (requester, state, deaths, seq);"
	"CREATE INDEX job_lease ON job (state, lease_until);"
	"CREATE INDEX job_ended ON job (state, updated);"
	"CREATE INDEX upload_begun ON upload (owner, state, created);"
	"CREATE INDEX upload_state ON upload (state, created);"
	"CREATE INDEX upload_came ON upload (state, uploaded);"
	"CREATE TABLE open (n INTEGER NOT NULL);"
	"INSERT INTO open SELECT count(*) FROM job WHERE state <> 2;"
	"CREATE TRIGGER job_added AFTER INSERT ON job WHEN new.state <> 2"
	"	BEGIN UPDATE open SET n = n + 1; END;"
	"CREATE TRIGGER job_ends AFTER UPDATE OF state ON job"
	"	WHEN (new.state = 2) <> (old.state = 2)"
	"	BEGIN UPDATE open SET n = n + (new.state <> 2)"
	"	- (old.state <> 2); END;"
	"CREATE TRIGGER job_gone AFTER DELETE ON job WHEN old.state <> 2"
	"	BEGIN UPDATE open SET n = n - 1; END;",
	/* peer: the address that began it. */
	"ALTER TABLE upload ADD COLUMN peer BLOB NOT NULL DEFAULT x'';"
	"DROP INDEX upload_begun;"
	"CREATE INDEX upload_begun ON upload (owner, peer, state, created);"
	"CREATE INDEX upload_size ON upload (owner, state, size);",
	"CREATE INDEX job_age ON job (state, created);",
	NULL
};

#define TOLD_MAX 65536	/* jobs of which memory keeps what their workers told */

struct store *
db_open(const char *path, struct err *e)
{
	struct store *s = store_open(path, schema, e);

	if (s && (store_run(s, e, "UPDATE upload SET state = ?"
	    " WHERE state = ?", "ii", (uint64_t)UPLOAD_GONE,
	    (uint64_t)UPLOAD_PLAIN) < 0 ||
	    /* In memory: store.h. */
	    store_run(s, e, "CREATE TEMP TABLE told (seq INTEGER PRIMARY KEY,"
	    " text TEXT NOT NULL)", "") < 0)) {
		store_close(s);
		return NULL;
	}
	return s;
}

void
db_release(struct db_found *f)
{
	store_done(f->q);
}

/* Of a statement that changes rows: did it run? */
static int
ran(int rows)
{
	return rows < 0 ? -1 : 0;
}

/* The one number that a query gives. */
static int
number(struct store_query *q, uint64_t *n, struct err *e)
{
	if (store_next(q, e) != 1)
		return -1;
	*n = store_u64(q, 0);
	store_done(q);
	return 0;
}

/* A row with bytes in a column. */
static int
found(struct store_query *q, int column, struct db_found *out, struct err *e)
{
	int r = store_next(q, e);

	out->q = q;
	out->p = r == 1 ? store_blob(q, column, &out->n) : NULL;
	return r;
}

int
db_uploads_begun(struct store *s, const uint8_t owner[static 20],
    const uint8_t peer[static 16], uint64_t since, uint64_t max, uint64_t *n,
    struct err *e)
{
	return number(store_query(s, "SELECT count(*) FROM (SELECT 1 FROM upload"
	    " WHERE owner = ? AND peer = ? AND state = 0 AND created > ?"
	    " LIMIT ?)", "bbii", owner, (size_t)20, peer, (size_t)16, since,
	    max), n, e);
}

int
db_upload_add(struct store *s, const char *id, const uint8_t owner[static 20],
    const uint8_t peer[static 16], const char *token, uint64_t now,
    struct err *e)
{
	return ran(store_run(s, e, "INSERT INTO upload"
	    " (id, owner, peer, token, created) VALUES (?, ?, ?, ?, ?)",
	    "tbbti", id, owner, (size_t)20, peer, (size_t)16, token, now));
}

int
db_sealed_bytes(struct store *s, const uint8_t *owner, uint64_t *n,
    struct err *e)
{
	if (owner)
		return number(store_query(s, "SELECT coalesce(sum(size), 0)"
		    " FROM upload WHERE owner = ? AND state = 2", "b", owner,
		    (size_t)20), n, e);
	return number(store_query(s, "SELECT coalesce(sum(size), 0)"
	    " FROM upload WHERE state = 2", ""), n, e);
}

int
db_upload_get(struct store *s, const char *id, struct upload *u,
    struct err *e)
{
	struct store_query *q = store_query(s, "SELECT owner, token, state,"
	    " created, forwarding FROM upload WHERE id = ?", "t", id);
	int r = store_next(q, e);

	if (r != 1)
		return r;
	store_bytes(q, 0, u->owner, sizeof u->owner);
	snprintf(u->token, sizeof u->token, "%s", store_text(q, 1));
	u->state = (int)store_u64(q, 2);
	u->created = store_u64(q, 3);
	u->forwarding = store_u64(q, 4) != 0;
	store_done(q);
	return 1;
}

int
db_upload_came(struct store *s, const char *id, uint64_t size, int state,
    uint64_t now, struct err *e)
{
	return store_run(s, e, "UPDATE upload SET state = ?, size = ?,"
	    " uploaded = ? WHERE id = ? AND state = 0", "iiit",
	    (uint64_t)state, size, now, id);
}

int
db_upload_sealed(struct store *s, const char *id, uint64_t *size,
    struct err *e)
{
	struct store_query *q = store_query(s, "SELECT size FROM upload"
	    " WHERE id = ? AND state = ?", "ti", id, (uint64_t)UPLOAD_SEALED);
	int r = store_next(q, e);

	if (r != 1)
		return r;
	*size = store_u64(q, 0);
	store_done(q);
	return 1;
}

int
db_upload_inside(struct store *s, char id[static ID_ARTIFACT],
    struct db_found *out, struct err *e)
{
	int r = found(store_query(s, "SELECT id, sealed FROM upload"
	    " WHERE state = ? AND sealed IS NOT NULL LIMIT 1", "i",
	    (uint64_t)UPLOAD_SEALED), 1, out, e);

	if (r == 1)
		snprintf(id, ID_ARTIFACT, "%s", store_text(out->q, 0));
	return r;
}

int
db_upload_outside(struct store *s, const char *id, struct err *e)
{
	return ran(store_run(s, e, "UPDATE upload SET sealed = NULL"
	    " WHERE id = ?", "t", id));
}

int
db_upload_gone(struct store *s, const char *id, struct err *e)
{
	return ran(store_run(s, e, "UPDATE upload SET state = ?,"
	    " sealed = NULL WHERE id = ?", "it", (uint64_t)UPLOAD_GONE, id));
}

int
db_upload_forwarding(struct store *s, const char *id,
    const uint8_t vk_hash[static 32], struct err *e)
{
	return ran(store_run(s, e, "UPDATE upload SET forwarding = 1,"
	    " signed_vk = ? WHERE id = ?", "bt", vk_hash, (size_t)32, id));
}

int
db_upload_not_forwarding(struct store *s, const char *id, struct err *e)
{
	return ran(store_run(s, e, "UPDATE upload SET forwarding = 0"
	    " WHERE id = ?", "t", id));
}

int
db_upload_unused(struct store *s, int state, uint64_t before,
    char id[static ID_ARTIFACT], struct err *e)
{
	struct store_query *q = store_query(s, "SELECT id FROM upload"
	    " WHERE state = ?1 AND uploaded < ?2"
	    " AND (forwarding = 0 OR uploaded + 3600 < ?2)"
	    " AND NOT EXISTS (SELECT 1 FROM job WHERE stdin_id = id"
	    " AND requester = owner) ORDER BY uploaded LIMIT 1", "ii",
	    (uint64_t)state, before);
	int r = store_next(q, e);

	if (r != 1)
		return r;
	snprintf(id, ID_ARTIFACT, "%s", store_text(q, 0));
	store_done(q);
	return 1;
}

int
db_job_add(struct store *s, const struct job *j, const void *answer, size_t n,
    uint64_t now, struct err *e)
{
	int added;

	if (store_begin(s, e) < 0)
		return -1;
	added = store_run(s, e, "INSERT OR IGNORE INTO job"
	    " (request_id, requester, vk_hash, mode, stdin_id, deadline,"
	    " cycle_limit, gas_limit, answer, created, updated)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", "bbbitiiibii",
	    j->request_id, (size_t)32, j->requester, (size_t)20, j->vk_hash,
	    (size_t)32, (uint64_t)j->mode, j->stdin_id,
	    store_clamp(j->deadline), j->cycle_limit, j->gas_limit, answer, n,
	    now, now);
	/* Who is new comes in with those who have waited longest. */
	if (added < 0 || db_upload_not_forwarding(s, j->stdin_id, e) < 0 ||
	    store_run(s, e, "INSERT OR IGNORE INTO turn (requester, served)"
	    " VALUES (?, (SELECT coalesce(min(served), 0) FROM turn))", "b",
	    j->requester, (size_t)20) < 0) {
		store_rollback(s);
		return -1;
	}
	return store_commit(s, e) < 0 ? -1 : added;
}

int
db_job_known(struct store *s, const struct job *j,
    uint8_t vk_hash[static 32], int *mode, struct db_found *answer,
    struct err *e)
{
	struct store_query *q = store_query(s, "SELECT vk_hash, mode, answer"
	    " FROM job WHERE requester = ? AND stdin_id = ?"
	    " ORDER BY seq LIMIT 1", "bt", j->requester, (size_t)20,
	    j->stdin_id);
	int r = found(q, 2, answer, e);

	if (r != 1)
		return r;
	store_bytes(q, 0, vk_hash, 32);
	*mode = (int)store_u64(q, 1);
	return 1;
}

int
db_job_next(struct store *s, uint64_t now, uint64_t since, uint64_t most,
    struct due *d, struct err *e)
{
	struct job *j = &d->job;
	struct store_query *q;
	int r;

	r = store_run(s, e, "UPDATE job SET state = 0, lease = NULL,"
	    " deaths = deaths + (lease_until >= ?)"
	    " WHERE state = 1 AND lease_until < ?", "ii", since, now);
	if (r < 0)
		return -1;
	d->ran_out = (unsigned)r;
	q = store_query(s, "SELECT request_id, requester,"
	    " vk_hash, mode, stdin_id, deadline, cycle_limit, gas_limit,"
	    " attempts, seq, deaths, faults, cancelled FROM job"
	    " WHERE requester = (SELECT requester FROM turn WHERE EXISTS"
	    " (SELECT 1 FROM job WHERE job.requester = turn.requester"
	    " AND state = 0 AND not_before <= ?1) AND (?2 = 0 OR ?2 >"
	    " (SELECT count(*) FROM job WHERE job.requester = turn.requester"
	    " AND state = 1)) ORDER BY served, rowid LIMIT 1)"
	    " AND state = 0 AND not_before <= ?1"
	    " ORDER BY deaths, seq LIMIT 1", "ii", now, most);
	r = store_next(q, e);
	if (r != 1)
		return r;
	store_bytes(q, 0, j->request_id, sizeof j->request_id);
	store_bytes(q, 1, j->requester, sizeof j->requester);
	store_bytes(q, 2, j->vk_hash, sizeof j->vk_hash);
	j->mode = (int)store_u64(q, 3);
	snprintf(j->stdin_id, sizeof j->stdin_id, "%s", store_text(q, 4));
	j->deadline = store_u64(q, 5);
	j->cycle_limit = store_u64(q, 6);
	j->gas_limit = store_u64(q, 7);
	d->attempts = store_u64(q, 8);
	d->seq = store_u64(q, 9);
	d->deaths = store_u64(q, 10);
	d->faults = store_u64(q, 11);
	d->cancelled = store_u64(q, 12) != 0;
	store_done(q);
	return 1;
}

int
db_jobs_of(struct store *s, const uint8_t requester[static 20], uint64_t max,
    uint64_t *n, struct err *e)
{
	return number(store_query(s, "SELECT count(*) FROM (SELECT 1 FROM job"
	    " WHERE requester = ? AND state IN (0, 1) LIMIT ?)", "bi", requester,
	    (size_t)20, max), n, e);
}

int
db_job_leased(struct store *s, const uint8_t request_id[static 32],
    struct leased *l, struct err *e)
{
	struct store_query *q = store_query(s, "SELECT seq, lease, stdin_id,"
	    " owner = requester AND (upload.state <> 1 OR signed_vk = vk_hash),"
	    " cancelled"
	    " FROM job LEFT JOIN upload ON id = stdin_id"
	    " WHERE request_id = ? AND job.state = ?", "bi", request_id,
	    (size_t)32, (uint64_t)JOB_LEASED);
	int r = store_next(q, e);

	if (r != 1)
		return r;
	l->seq = store_u64(q, 0);
	snprintf(l->lease, sizeof l->lease, "%s", store_text(q, 1));
	snprintf(l->stdin_id, sizeof l->stdin_id, "%s", store_text(q, 2));
	l->owned = store_u64(q, 3) == 1;	/* null: no upload */
	l->cancelled = store_u64(q, 4) != 0;
	store_done(q);
	return 1;
}

int
db_job_lease(struct store *s, uint64_t seq, const char *lease, uint64_t until,
    uint64_t now, struct err *e)
{
	if (store_run(s, e, "UPDATE turn SET served ="
	    " (SELECT max(served) + 1 FROM turn) WHERE requester ="
	    " (SELECT requester FROM job WHERE seq = ?)", "i", seq) < 0)
		return -1;
	return ran(store_run(s, e, "UPDATE job SET state = ?, lease = ?,"
	    " lease_until = ?, attempts = attempts + 1, updated = ?"
	    " WHERE seq = ?", "itiii", (uint64_t)JOB_LEASED, lease, until,
	    now, seq));
}

/* What its worker told last, in memory. */
static int
told(struct store *s, uint64_t seq, const char *text, struct err *e)
{
	if (!text)
		return 0;
	return ran(store_run(s, e, "INSERT OR REPLACE INTO told (seq, text)"
	    " VALUES (?, ?)", "it", seq, text));
}

int
db_job_beat(struct store *s, uint64_t seq, uint64_t until,
    const char *progress, struct err *e)
{
	if (told(s, seq, progress, e) < 0)
		return -1;
	return store_run(s, e, "UPDATE job SET lease_until = ?"
	    " WHERE seq = ?", "ii", until, seq);
}

int
db_job_report(struct store *s, uint64_t seq, uint64_t until,
    const char *report, const char *kept, struct err *e)
{
	if (told(s, seq, report, e) < 0)
		return -1;
	return store_run(s, e, "UPDATE job SET lease_until = ?, report = ?"
	    " WHERE seq = ?", "iti", until, kept, seq);
}

int
db_job_end(struct store *s, uint64_t seq, uint64_t now, const char *report,
    const char *kept, struct err *e)
{
	if (told(s, seq, report, e) < 0)
		return -1;
	/* Progress is no report. */
	if (!report && store_run(s, e, "DELETE FROM told WHERE seq = ?"
	    " AND json_extract(text, '$.status') IS NULL", "i", seq) < 0)
		return -1;
	return store_run(s, e, "UPDATE job SET state = ?, lease = NULL,"
	    " updated = ?, report = coalesce(?, report) WHERE seq = ?",
	    "iiti", (uint64_t)JOB_ENDED, now, kept, seq);
}

int
db_job_failed(struct store *s, uint64_t seq, struct err *e)
{
	struct store_query *q = store_query(s, "SELECT 1 FROM job WHERE seq = ?"
	    " AND json_extract(report, '$.status') = 'failed'", "i", seq);
	int r = store_next(q, e);

	if (r == 1)
		store_done(q);
	return r;
}

int
db_job_release(struct store *s, uint64_t seq, uint64_t not_before,
    uint64_t now, bool fault, struct err *e)
{
	return store_run(s, e, "UPDATE job SET state = ?, lease = NULL,"
	    " not_before = ?, updated = ?, faults = faults + ? WHERE seq = ?",
	    "iiiii", (uint64_t)JOB_QUEUED, not_before, now, (uint64_t)fault,
	    seq);
}

int
db_job_cancel(struct store *s, const uint8_t request_id[static 32],
    struct err *e)
{
	return store_run(s, e, "UPDATE job SET cancelled = 1, not_before = 0"
	    " WHERE request_id = ? AND state <> 2", "b", request_id,
	    (size_t)32);
}

int
db_job_cancel_upload(struct store *s, const char *id, struct err *e)
{
	return store_run(s, e, "UPDATE job SET cancelled = 1, not_before = 0"
	    " WHERE stdin_id = ?1 AND state <> 2 AND requester ="
	    " (SELECT owner FROM upload WHERE id = ?1)", "t", id);
}

int
db_jobs_need(struct store *s, const char *id, struct err *e)
{
	struct store_query *q = store_query(s, "SELECT 1 FROM job"
	    " JOIN upload ON id = stdin_id AND owner = requester"
	    " WHERE stdin_id = ? AND job.state <> ?", "ti", id,
	    (uint64_t)JOB_ENDED);
	int r = store_next(q, e);

	if (r == 1)
		store_done(q);
	return r;
}

int
db_job_told(struct store *s, const char *id, int *state,
    struct db_found *text, struct err *e)
{
	struct store_query *q = store_query(s, "SELECT job.state,"
	    " coalesce(text, report) FROM job"
	    " JOIN upload ON id = stdin_id AND owner = requester"
	    " LEFT JOIN told ON told.seq = job.seq"
	    " WHERE id = ? ORDER BY job.seq LIMIT 1", "t", id);
	int r = found(q, 1, text, e);

	if (r == 1)
		*state = (int)store_u64(q, 0);
	return r;
}

int
db_jobs_open(struct store *s, uint64_t *n, struct err *e)
{
	return number(store_query(s, "SELECT n FROM open", ""), n, e);
}

int
db_jobs_count(struct store *s, struct db_jobs *out, struct err *e)
{
	uint64_t open;

	if (db_jobs_open(s, &open, e) < 0 ||
	    number(store_query(s, "SELECT count(*) FROM job WHERE state = 1", ""),
	    &out->at_work, e) < 0 ||
	    number(store_query(s, "SELECT coalesce(min(created), 0) FROM job"
	    " WHERE state = 0", ""), &out->oldest, e) < 0)
		return -1;
	out->waiting = open > out->at_work ? open - out->at_work : 0;
	return 0;
}

int
db_forget(struct store *s, uint64_t begun, uint64_t ended, struct err *e)
{
	if (store_run(s, e, "DELETE FROM upload WHERE state = 0"
	    " AND created < ?", "i", begun) < 0 ||
	    store_run(s, e, "DELETE FROM job WHERE state = ?"
	    " AND updated < ?", "ii", (uint64_t)JOB_ENDED, ended) < 0 ||
	    store_run(s, e, "DELETE FROM upload WHERE state = ?"
	    " AND created < ? AND NOT EXISTS"
	    " (SELECT 1 FROM job WHERE stdin_id = id)", "ii",
	    (uint64_t)UPLOAD_GONE, ended) < 0 ||
	    store_run(s, e, "DELETE FROM turn WHERE NOT EXISTS (SELECT 1"
	    " FROM job WHERE job.requester = turn.requester"
	    " AND state IN (0, 1))", "") < 0 ||
	    store_run(s, e, "DELETE FROM told WHERE seq <="
	    " (SELECT max(seq) FROM told) - ?", "i", (uint64_t)TOLD_MAX) < 0)
		return -1;
	return 0;
}
