/* The proxy's database, and what of the network's requests becomes a job. */
#include "proxy/proxy.h"
#include "test/lib/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const uint8_t owner[20] = { 1 }, other[20] = { 2 }, vk[32] = { 3 },
    tx[32] = { 4 };
static struct err e;

static void
uploads(struct store *s, const char *id)
{
	struct db_found b;
	struct upload u;
	uint64_t n;
	char token[ID_TOKEN], found[ID_ARTIFACT];

	id_token(token);
	is_int(db_upload_get(s, id, &u, &e), 0, "no upload yet");
	is_int(db_upload_add(s, id, owner, token, 1000, &e), 0, "one begins");
	ok(db_uploads_begun(s, owner, 999, &n, &e) == 0 && n == 1,
	    "it counts");
	ok(db_uploads_begun(s, owner, 1000, &n, &e) == 0 && n == 0,
	    "not among later ones");
	ok(db_uploads_begun(s, other, 999, &n, &e) == 0 && n == 0,
	    "nor among another's");
	ok(db_upload_get(s, id, &u, &e) == 1 && u.state == UPLOAD_OPEN &&
	    !strcmp(u.token, token) && !memcmp(u.owner, owner, 20) &&
	    u.created == 1000 && !u.forwarding, "it is open");
	is_int(db_upload_came(s, id, 5, "SEALD", 1100, &e), 1, "it comes");
	is_int(db_upload_came(s, id, 5, "other", 1100, &e), 0, "once");
	ok(db_upload_sealed(s, id, &b, &e) == 1 && b.n == 5 &&
	    !memcmp(b.p, "SEALD", 5), "with its bytes");
	db_release(&b);
	is_int(db_upload_unused(s, 1100, found, &e), 0, "not unused yet");
	ok(db_upload_unused(s, 1101, found, &e) == 1 && !strcmp(found, id),
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
	char uri[200], away[200];
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
	struct job j;
	uint64_t seq, attempts;
	uint8_t vk_hash[32];
	char lease[ID_TOKEN];
	int mode, state;

	id_token(lease);
	ok(db_job_next(s, 2000, &j, &seq, &attempts, &e) == 1 &&
	    !strcmp(j.stdin_id, id) && j.mode == NET_CORE &&
	    j.deadline == 5000 && attempts == 0, "it is the next");
	is_int(db_job_lease(s, seq, lease, 2060, 2000, &e), 0, "leased");
	is_int(db_job_next(s, 2060, &j, &seq, &attempts, &e), 0,
	    "to one worker");
	ok(db_job_next(s, 2061, &j, &seq, &attempts, &e) == 1 &&
	    attempts == 1, "until the lease is over");
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
	is_int(db_job_end(s, seq, 3000, NULL, NULL, &e), 1, "it ends");
	is_int(db_jobs_need(s, id, &e), 0, "and needs it no more");
	is_int(db_job_leased(s, j.request_id, &l, &e), 0, "nobody has it");
}

/* ... and later all of it is gone. */
static void
forgotten(struct store *s, const char *id)
{
	struct job j = { .mode = NET_CORE };
	struct db_found b;
	uint8_t vk_hash[32];
	int mode;

	memcpy(j.requester, owner, 20);
	snprintf(j.stdin_id, sizeof j.stdin_id, "%s", id);
	is_int(db_upload_gone(s, id, &e), 0, "the input goes");
	is_int(db_upload_sealed(s, id, &b, &e), 0, "bytes and all");
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
	    state == JOB_ENDED && b.n == 2 && !memcmp(b.p, "{}", 2),
	    "after a restart what is kept on the disk");
	db_release(&b);
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
	store_close(p.store);
	unlink(path);
	rmdir(dir);
	return done_testing();
}
