/* The proxy's database, and what of the network's requests becomes a job. */
#include "proxy/proxy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test/lib/tap.h"

static const uint8_t owner[20] = { 1 }, other[20] = { 2 }, vk[32] = { 3 },
    tx[32] = { 4 }, peer[16] = { 5 }, elsewhere[16] = { 6 };
static struct err e;

static void
uploads(struct store *s, const char *id)
{
	struct upload u;
	uint64_t n, size;
	char token[ID_TOKEN], found[ID_ARTIFACT];

	id_token(token);
	is_int(db_upload_get(s, id, &u, &e), 0, "no upload yet");
	is_int(db_upload_add(s, id, owner, peer, token, 1000, &e), 0, "one begins");
	ok(db_uploads_begun(s, owner, peer, 999, 64, &n, &e) == 0 && n == 1,
	    "it counts");
	ok(db_uploads_begun(s, owner, peer, 1000, 64, &n, &e) == 0 && n == 0,
	    "not among later ones");
	ok(db_uploads_begun(s, other, peer, 999, 64, &n, &e) == 0 && n == 0,
	    "nor among another's");
	ok(db_uploads_begun(s, owner, elsewhere, 999, 64, &n, &e) == 0 &&
	    n == 0, "nor at another address, who may replay the signature");
	ok(db_upload_get(s, id, &u, &e) == 1 && u.state == UPLOAD_OPEN &&
	    !strcmp(u.token, token) && !memcmp(u.owner, owner, 20) &&
	    u.created == 1000 && !u.forwarding, "it is open");
	is_int(db_upload_sealed(s, id, &size, &e), 0, "not here yet");
	is_int(db_upload_came(s, id, 5, UPLOAD_SEALED, 1100, &e), 1, "it comes");
	is_int(db_upload_came(s, id, 6, UPLOAD_SEALED, 1100, &e), 0, "once");
	ok(db_upload_sealed(s, id, &size, &e) == 1 && size == 5,
	    "of its size");
	is_int(db_upload_unused(s, UPLOAD_SEALED, 1100, found, &e), 0, "not unused yet");
	ok(db_sealed_bytes(s, owner, &n, &e) == 0 && n == 5, "its size counts");
	ok(db_sealed_bytes(s, other, &n, &e) == 0 && n == 0, "for its owner");
	is_int(db_upload_unused(s, UPLOAD_PLAIN, 1101, found, &e), 0,
	    "nor plain");
	ok(db_upload_unused(s, UPLOAD_SEALED, 1101, found, &e) == 1 && !strcmp(found, id),
	    "unused a second later");
	is_int(db_upload_forwarding(s, id, vk, &e), 0, "its request leaves");
	ok(db_upload_get(s, id, &u, &e) == 1 && u.forwarding,
	    "which is marked");
}

static struct net_request
request_of(const char *uri, const uint8_t *id, int mode)
{
	return (struct net_request){
		.request_id = pb_mem(id, 32), .requester = pb_mem(owner, 20),
		.vk_hash = pb_mem(vk, 32), .tx_hash = pb_mem(tx, 32),
		.stdin_uri = pb_str(uri), .mode = mode, .deadline = 5000,
	};
}

static void
adopted(struct proxy *p, const char *id)
{
	static const uint8_t request_id[32] = { 7 };
	char uri[PROXY_URL + 64], away[200];
	struct net_request m;
	struct upload u;
	uint64_t n;

	snprintf(uri, sizeof uri, "%s/artifacts/stdin/%s", p->url, id);
	snprintf(away, sizeof away, "https://b/artifacts/stdin/%s", id);
	for (int mode = 0; mode <= 9; mode += 9) {
		m = request_of(uri, request_id, mode);
		is_int(reconcile_adopt(p, &m, &e), 0, "no mode %d is proved",
		    mode);
	}
	m = request_of(away, request_id, NET_CORE);
	is_int(reconcile_adopt(p, &m, &e), 0, "nor what is elsewhere");
	m = request_of(uri, request_id, NET_CORE);
	is_int(reconcile_adopt(p, &m, &e), 1, "a request of ours is");
	is_int(reconcile_adopt(p, &m, &e), 0, "once");
	ok(db_jobs_open(p->store, &n, &e) == 0 && n == 1, "as a job");
	ok(db_upload_get(p->store, id, &u, &e) == 1 && !u.forwarding,
	    "and the mark is gone");
}

static void
jobs(struct store *s, const char *id)
{
	struct db_found b;
	struct leased l;
	struct due d;
	struct job j;
	uint64_t seq;
	uint8_t vk_hash[32];
	char lease[ID_TOKEN];
	int mode, state;

	id_token(lease);
	ok(db_job_next(s, 2000, 0, 0, &d, &e) == 1 &&
	    !strcmp(d.job.stdin_id, id) && d.job.mode == NET_CORE &&
	    d.job.deadline == 5000 && d.attempts == 0 && d.deaths == 0,
	    "it is the next");
	j = d.job;
	seq = d.seq;
	is_int(db_job_lease(s, seq, lease, 2060, 2000, &e), 0, "leased");
	is_int(db_job_next(s, 2060, 0, 0, &d, &e), 0, "to one worker");
	ok(db_job_next(s, 2061, 2061, 0, &d, &e) == 1 && d.attempts == 1 &&
	    d.deaths == 0, "until the lease is over, with the machine's");
	is_int(db_job_lease(s, seq, lease, 2160, 2100, &e), 0, "leased again");
	ok(db_job_next(s, 2161, 2160, 0, &d, &e) == 1 && d.attempts == 2 &&
	    d.deaths == 1, "a worker's death counts");
	is_int(db_job_lease(s, seq, lease, 2260, 2200, &e), 0, "once more");
	ok(db_job_leased(s, j.request_id, &l, &e) == 1 && l.seq == seq &&
	    !strcmp(l.lease, lease) && !strcmp(l.stdin_id, id) && l.owned,
	    "its worker has it");
	ok(db_job_told(s, id, &state, &b, &e) == 1 && state == JOB_LEASED &&
	    !b.p, "and has told nothing");
	db_release(&b);
	is_int(db_job_beat(s, seq, 3000, "{\"a\":1}", &e), 1, "it tells");
	ok(db_job_told(s, id, &state, &b, &e) == 1 && b.n == 7 &&
	    !memcmp(b.p, "{\"a\":1}", 7), "which is kept");
	db_release(&b);
	ok(db_job_known(s, &j, vk_hash, &mode, &b, &e) == 1 && b.n > 64 &&
	    mode == NET_CORE && !memcmp(vk_hash, vk, 32), "it is known");
	db_release(&b);
	is_int(db_jobs_need(s, id, &e), 1, "it needs its input");
	is_int(db_job_report(s, seq, 3000, "{\"gas\":7}", "{}", &e), 1,
	    "how it will end");
	ok(db_job_told(s, id, &state, &b, &e) == 1 && b.n == 9,
	    "its client is told all");
	db_release(&b);
	is_int(db_job_failed(s, seq, &e), 0, "not that it failed");
	is_int(db_job_report(s, seq, 3000, "{\"status\":\"failed\",\"gas\":7}",
	    "{\"status\":\"failed\"}", &e), 1, "that it failed");
	is_int(db_job_failed(s, seq, &e), 1, "which is known");
	is_int(db_job_beat(s, seq, 3000, "{\"a\":1}", &e), 1, "another worker's progress");
	is_int(db_job_end(s, seq, 3000, NULL, NULL, &e), 1, "it ends");
	ok(db_job_told(s, id, &state, &b, &e) == 1 && b.n == 19, "as was reported");
	db_release(&b);
	is_int(db_jobs_need(s, id, &e), 0, "and needs it no more");
	is_int(db_job_leased(s, j.request_id, &l, &e), 0, "nobody has it");
}

/* ... and later all of it is gone. */
static void
forgotten(struct store *s, const char *id)
{
	struct job j = { .mode = NET_CORE };
	struct db_found b;
	uint64_t size;
	uint8_t vk_hash[32];
	int mode;

	memcpy(j.requester, owner, 20);
	snprintf(j.stdin_id, sizeof j.stdin_id, "%s", id);
	is_int(db_upload_gone(s, id, &e), 0, "the input goes");
	is_int(db_upload_sealed(s, id, &size, &e), 0, "bytes and all");
	is_int(db_forget(s, 3000, 3000, &e), 0, "forget");
	ok(db_job_known(s, &j, vk_hash, &mode, &b, &e) == 1,
	    "not what is as old as that");
	db_release(&b);
	is_int(db_forget(s, 3001, 3001, &e), 0, "a second later");
	is_int(db_job_known(s, &j, vk_hash, &mode, &b, &e), 0, "it is gone");
}

/* A restart: what was for the client alone is gone, and the rest is there. */
static void
restarted(struct proxy *p, const char *path, const char *id)
{
	struct db_found b;
	int state;

	store_close(p->store);
	p->store = db_open(path, &e);
	if (!p->store)
		die_err(&e);
	ok(db_job_told(p->store, id, &state, &b, &e) == 1 &&
	    state == JOB_ENDED && b.n == 19 &&
	    !memcmp(b.p, "{\"status\":\"failed\"}", 19),
	    "after a restart what is kept on the disk");
	db_release(&b);
}

static void
add(struct store *s, const uint8_t *who, uint8_t n)
{
	struct job j = { .mode = NET_CORE, .deadline = 9000,
		.request_id = { 9, n } };

	memcpy(j.requester, who, 20);
	snprintf(j.stdin_id, sizeof j.stdin_id, "artifact_%d", n);
	is_int(db_job_add(s, &j, "x", 1, 4000, &e), 1, "job %d", n);
}

/* Hands one out; which. */
static int
hand_out_of(struct store *s, uint64_t now, uint64_t most, struct due *d)
{
	if (db_job_next(s, now, 0, most, d, &e) != 1 ||
	    db_job_lease(s, d->seq, "l", now + 60, now, &e) < 0)
		return -1;
	return d->job.request_id[1];
}

static int
hand_out(struct store *s, uint64_t now, struct due *d)
{
	return hand_out_of(s, now, 0, d);
}

/* One requester has no more at work than he may. */
static void
at_work(struct store *s)
{
	struct due d;
	uint64_t n;

	for (uint8_t i = 21; i <= 23; i++)
		add(s, owner, i);
	add(s, other, 24);
	is_int(hand_out_of(s, 4001, 1, &d), 21, "his first");
	is_int(hand_out_of(s, 4001, 1, &d), 24, "another's");
	is_int(hand_out_of(s, 4001, 1, &d), -1, "nobody may have more");
	ok(db_jobs_of(s, owner, 10, &n, &e) == 0 && n == 3, "three are his");
	ok(db_jobs_of(s, owner, 2, &n, &e) == 0 && n == 2, "at least two");
	is_int(hand_out_of(s, 4001, 2, &d), 22, "two he may have");
	for (uint64_t seq = 1; seq < 100; seq++)
		if (db_job_end(s, seq, 4400, NULL, NULL, &e) < 0)
			die_err(&e);
	ok(db_jobs_of(s, owner, 10, &n, &e) == 0 && n == 0, "none is open");
	is_int(db_forget(s, 5000, 5000, &e), 0, "forget all");
}

/* Requesters take turns, whatever one has waiting. */
static void
turns(struct store *s)
{
	static const uint8_t third[20] = { 3 };
	struct due d;
	uint64_t n;

	for (uint8_t i = 1; i <= 4; i++)
		add(s, owner, i);
	add(s, other, 5);
	is_int(hand_out(s, 4001, &d), 1, "who came first is first");
	is_int(hand_out(s, 4001, &d), 5, "another's turn, who came last");
	add(s, third, 6);
	is_int(hand_out(s, 4001, &d), 2, "of the first's four the second");
	is_int(hand_out(s, 4001, &d), 6, "a new one waits for no more");
	is_int(hand_out(s, 4001, &d), 3, "then the first again");
	is_int(db_job_release(s, d.seq, 4010, 4002, true, &e), 1, "given back");
	is_int(hand_out(s, 4009, &d), 4, "it waits");
	ok(hand_out(s, 4010, &d) == 3 && d.faults == 1 && d.deaths == 0,
	    "and comes again, its fault counted");
	add(s, owner, 7);
	is_int(hand_out(s, 4300, &d), 5, "all leases are out; least served");
	is_int(hand_out(s, 4300, &d), 6, "so again");
	is_int(hand_out(s, 4300, &d), 7, "one that killed nobody");
	is_int(hand_out(s, 4300, &d), 1, "before one that has");
	is_int((int)d.deaths, 1, "which is told");
	is_int(db_job_cancel(s, d.job.request_id, &e), 1, "cancelled");
	is_int(db_job_release(s, d.seq, 9999, 4301, false, &e), 1, "and back");
	ok(db_jobs_open(s, &n, &e) == 0 && n == 7, "seven are open");
	for (uint64_t seq = 1; seq < 100; seq++)
		if (db_job_end(s, seq, 4400, NULL, NULL, &e) < 0)
			die_err(&e);
	ok(db_jobs_open(s, &n, &e) == 0 && n == 0, "none is left");
	is_int(db_job_cancel(s, d.job.request_id, &e), 0, "nor to cancel");
	is_int(db_forget(s, 5000, 5000, &e), 0, "forget all");
}

/* A database of the first version. */
static const char *const first[] = {
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
	"CREATE INDEX job_open ON job (state, not_before);"
	"INSERT INTO upload (id, owner, token, created) VALUES"
	"	('artifact_a', zeroblob(20), 't', 1);"
	"INSERT INTO job VALUES (1, zeroblob(32), zeroblob(20), zeroblob(32), 1,"
	"	'artifact_a', 5000, 0, 0, x'01', 0, NULL, 0, 0, 1,"
	"	'{\"cycles_done\":7}', '{\"status\":\"failed\",\"cause\":\"c\","
	"\"detail\":\"8382097552528404334\",\"gas\":7,\"seconds\":3}', 1, 1);",
	NULL
};

/* It is taken over, without what it told of inputs. */
static void
migrated(const char *path)
{
	static const char want[] = "{\"status\":\"failed\",\"cause\":\"c\","
	    "\"request_id\":null,\"seconds\":3}";
	struct store *s = store_open(path, first, &e);
	struct db_found b;
	struct due d;
	uint64_t n;
	int state;

	if (!s)
		die_err(&e);
	store_close(s);
	s = db_open(path, &e);
	if (!s)
		die_err(&e);
	ok(db_job_told(s, "artifact_a", &state, &b, &e) == 1 &&
	    b.n == sizeof want - 1 && !memcmp(b.p, want, b.n),
	    "an old database keeps what is named alone");
	db_release(&b);
	ok(db_jobs_open(s, &n, &e) == 0 && n == 1, "its job is open");
	ok(db_job_next(s, 10, 0, 0, &d, &e) == 1 && d.seq == 1, "and next");
	store_close(s);
}

int
main(void)
{
	char dir[] = "/tmp/proxy.XXXXXX", path[64], id[ID_ARTIFACT];
	struct proxy p = { .url = "https://a" };
	struct upload u;

	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof path, "%s/db", dir);
	id_artifact(id);
	p.store = db_open(path, &e);
	if (!p.store)
		die_err(&e);
	uploads(p.store, id);
	adopted(&p, id);
	jobs(p.store, id);
	restarted(&p, path, id);
	forgotten(p.store, id);
	is_int(db_upload_get(p.store, id, &u, &e), 0, "so is the upload");
	turns(p.store);
	at_work(p.store);
	store_close(p.store);
	unlink(path);
	migrated(path);
	unlink(path);
	rmdir(dir);
	return done_testing();
}
