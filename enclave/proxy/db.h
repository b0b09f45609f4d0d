#ifndef PROXY_DB_H
#define PROXY_DB_H
/*
 * tee-proxy's database: uploads, and the jobs that are made of them.  All of the proxy's
 * SQL is in db.c.
 *
 * Where no more is said, a function gives 0, or -1 with *e (EX_IOERR, EX_TEMPFAIL).
 * Times are unix time in seconds.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/id.h"
#include "store/store.h"

/* Of uploads: begun, here in memory, here in a file, not here (any more). */
enum { UPLOAD_OPEN, UPLOAD_PLAIN, UPLOAD_SEALED, UPLOAD_GONE };
/* Of jobs. */
enum { JOB_QUEUED, JOB_LEASED, JOB_ENDED };

struct upload {
	uint8_t owner[20];
	char token[ID_TOKEN];
	int state;
	uint64_t created;
	/* A RequestProof for it may have reached the network, and the answer has not
	 * reached us. */
	bool forwarding;
};

/* A proof to be made, as its request says. */
struct job {
	uint8_t request_id[32], requester[20], vk_hash[32];
	int mode;
	char stdin_id[ID_ARTIFACT];
	uint64_t deadline, cycle_limit, gas_limit;
};

/* Opens or makes the database; inputs that were in the memory of an earlier process are
 * marked as gone.  NULL as store_open(), or EX_IOERR. */
CHECKED struct store *db_open(const char *path, struct err *e);

/* What a query found, where it is too long to copy: lives until db_release(), before
 * which the store may not be used for anything else. */
struct db_found {
	const void *p;
	size_t n;
	struct store_query *q;
};
/* Ends it. */
void db_release(struct db_found *f);

/* ---- uploads ---- */

/* How many have been begun in the owner's name at that address since then, and not made;
 * at most max are counted. */
CHECKED int db_uploads_begun(struct store *s, const uint8_t owner[static 20],
    const uint8_t peer[static 16], uint64_t since, uint64_t max, uint64_t *n,
    struct err *e);
/* A new one, open. */
CHECKED int db_upload_add(struct store *s, const char *id,
    const uint8_t owner[static 20], const uint8_t peer[static 16],
    const char *token, uint64_t now, struct err *e);
/* Bytes of the sealed ones that are here: an owner's, or (NULL) all. */
CHECKED int db_sealed_bytes(struct store *s, const uint8_t *owner, uint64_t *n,
    struct err *e);
/* 1 found, 0 not, -1. */
CHECKED int db_upload_get(struct store *s, const char *id, struct upload *u,
    struct err *e);
/* It has come, size bytes; state: UPLOAD_PLAIN or UPLOAD_SEALED.  1, or 0 where it was
 * not open any more, -1. */
CHECKED int db_upload_came(struct store *s, const char *id, uint64_t size,
    int state, uint64_t now, struct err *e);
/* Is it a sealed one that is here?  1, and its size; 0 it is not, -1. */
CHECKED int db_upload_sealed(struct store *s, const char *id, uint64_t *size,
    struct err *e);
/* One of those whose bytes an earlier version had in the database: 1, its id and they,
 * then db_release(); 0 there is none, -1. */
CHECKED int db_upload_inside(struct store *s, char id[static ID_ARTIFACT],
    struct db_found *out, struct err *e);
/* Its bytes are elsewhere now. */
CHECKED int db_upload_outside(struct store *s, const char *id, struct err *e);
/* It is gone. */
CHECKED int db_upload_gone(struct store *s, const char *id, struct err *e);
/* Its owner's request for a proof leaves for the network, signed for this program. */
CHECKED int db_upload_forwarding(struct store *s, const char *id,
    const uint8_t vk_hash[static 32], struct err *e);
/* The network has not taken that. */
CHECKED int db_upload_not_forwarding(struct store *s, const char *id,
    struct err *e);
/* The oldest in that state that came before then, and of which its owner has asked no
 * proof; one whose request may be under way, an hour later.  1 and its id, 0 none, -1. */
CHECKED int db_upload_unused(struct store *s, int state, uint64_t before,
    char id[static ID_ARTIFACT], struct err *e);

/* ---- jobs ---- */

/* Adds it, and unmarks its upload, both or neither.  answer: the RequestProofResponse,
 * for whoever asks again.  1 new, 0 known, -1. */
CHECKED int db_job_add(struct store *s, const struct job *j,
    const void *answer, size_t n, uint64_t now, struct err *e);
/* The first that the requester has had of the input: 1, its program, its mode and its
 * answer, then db_release(); 0 none, -1. */
CHECKED int db_job_known(struct store *s, const struct job *j,
    uint8_t vk_hash[static 32], int *mode, struct db_found *answer,
    struct err *e);
/* A job that can be handed out. */
struct due {
	struct job job;
	uint64_t seq;		/* its place */
	uint64_t attempts;	/* how often it was handed out */
	uint64_t deaths;	/* after which its lease ran out */
	uint64_t faults;	/* and failed by our own fault */
	bool cancelled;
	unsigned ran_out;	/* leases, this time; also where there is none */
};
/* The one to hand out next: 1, 0 none, -1.  Requesters take turns, but those who have
 * `most` at work (0: any number); of one, a job whose workers died comes last, then the
 * oldest first.  A lease that has run out counts as a
 * death where it was given or kept alive to a time of `since` or later: before, the
 * whole machine may have been away. */
CHECKED int db_job_next(struct store *s, uint64_t now, uint64_t since,
    uint64_t most, struct due *d, struct err *e);
/* How many jobs of his wait or are at work; at most max are counted. */
CHECKED int db_jobs_of(struct store *s, const uint8_t requester[static 20],
    uint64_t max, uint64_t *n, struct err *e);

struct leased {
	uint64_t seq;
	char lease[ID_TOKEN], stdin_id[ID_ARTIFACT];
	/* Its owner has released the input for this job: see jobs.c. */
	bool owned, cancelled;
};
/* The job of that request, where a worker has it: 1, 0, -1. */
CHECKED int db_job_leased(struct store *s, const uint8_t request_id[static 32],
    struct leased *l, struct err *e);

/* A worker has it until then; one more attempt. */
CHECKED int db_job_lease(struct store *s, uint64_t seq, const char *lease,
    uint64_t until, uint64_t now, struct err *e);
/* It goes on, with this progress (NULL: as before), which stays in memory.  Of these:
 * the number of jobs that it concerned, or -1. */
CHECKED int db_job_beat(struct store *s, uint64_t seq, uint64_t until,
    const char *progress, struct err *e);
/* It will end so.  report is for the client, and stays in memory; kept goes to the file,
 * for after a restart. */
CHECKED int db_job_report(struct store *s, uint64_t seq, uint64_t until,
    const char *report, const char *kept, struct err *e);
/* It has ended, so (both NULL: as was reported). */
CHECKED int db_job_end(struct store *s, uint64_t seq, uint64_t now,
    const char *report, const char *kept, struct err *e);
/* Whether it has been reported as failed: 1, 0 or -1. */
CHECKED int db_job_failed(struct store *s, uint64_t seq, struct err *e);
/* It is for any worker again, after then; fault: it failed by our own. */
CHECKED int db_job_release(struct store *s, uint64_t seq, uint64_t not_before,
    uint64_t now, bool fault, struct err *e);

/* Marks the job of that request, so that a worker ends it.  How many there were that have
 * not ended, or -1. */
CHECKED int db_job_cancel(struct store *s, const uint8_t request_id[static 32],
    struct err *e);
/* The same of the jobs that have that input. */
CHECKED int db_job_cancel_upload(struct store *s, const char *id,
    struct err *e);

/* Does a job of its owner's that has not ended need the input?  1, 0, -1. */
CHECKED int db_jobs_need(struct store *s, const char *id, struct err *e);
/* What has become of the input's owner's first job: 1, its state and the latest that its
 * worker told (p NULL: nothing), then db_release(); 0 none, -1. */
CHECKED int db_job_told(struct store *s, const char *id, int *state,
    struct db_found *text, struct err *e);
/* How many have not ended. */
CHECKED int db_jobs_open(struct store *s, uint64_t *n, struct err *e);

/* Jobs by their state; oldest: when the one came that has waited longest, 0 for none. */
struct db_jobs {
	uint64_t waiting, at_work, oldest;
};
/* Counts those at work; the rest is known. */
CHECKED int db_jobs_count(struct store *s, struct db_jobs *out, struct err *e);

/* ---- both ---- */

/* Forgets uploads that were begun before `begun` and never made, and what ended, or is
 * gone, and was last touched before `ended`. */
CHECKED int db_forget(struct store *s, uint64_t begun, uint64_t ended,
    struct err *e);

#endif
