#ifndef PROXY_PROXY_H
#define PROXY_PROXY_H
/*
 * tee-proxy's inside.  What is the network's goes to it byte for byte; what is
 * private stays: inputs, and the jobs that they make.
 *
 * An input in the clear is in locked memory and nowhere else, so it dies with the
 * process.  A sealed one is ciphertext, and is in a file (files.h); the database has
 * everything else.
 *
 * All but the threads of upstream.c, keys.c, files.c and of the store runs in the loop's
 * thread, which waits for no disk: what needs one's word waits by itself (durable.c).
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secmem.h"
#include "crypto/keyd.h"
#include "net/server.h"
#include "proxy/db.h"
#include "proxy/files.h"
#include "proxy/metrics.h"
#include "wire/network.h"

#define PROXY_URL 256
#define PROXY_TOKEN_S 3600	/* an upload must come within this */
#define PROXY_UNUSED_S 3600	/* and be asked for within this */
#define PROXY_KEEP_S (7 * 86400)	/* reports, after a job's end */
#define PROXY_OPEN_UPLOADS 64	/* in one name at one address, waiting for their bytes */
#define PROXY_SPARED_S 30	/* an input that nobody asked a proof for may stay so long,
				 * should another need its room */
#define PROXY_PLAIN 900000000	/* bytes of an input in the clear, whatever --max-input */
#define PROXY_PAGES 50	/* of the network's lists that are read */
#define PROXY_REPORT ((size_t)1 << 20)	/* bytes of a worker's report */

enum { PROXY_PUBLIC, PROXY_WORKERS, PROXY_OPS };	/* tags of the listeners */

/* An input in the clear; refs: answers that are being sent from it. */
struct plain {
	struct plain *next;
	char id[ID_ARTIFACT];
	uint8_t owner[20];
	struct address from;
	struct secmem m;
	int refs;
	bool dropped;
};

struct coming;
struct leaving;
struct durable;
struct evidence;
struct upstream;
struct waiter;			/* a worker that waits for a job */
struct inflight;		/* a RequestProof on its way */

/* What --limits may set (limits.c). */
struct limits {
	uint64_t max_input, max_plain;	/* bytes: one, and all in the clear, */
	uint64_t max_sealed;		/* and all sealed, kept or coming in */
	uint64_t max_connections, max_requests;	/* of one address */
	uint64_t max_total;		/* connections of all */
	uint64_t max_jobs;		/* of one requester, waiting and at work, */
	uint64_t max_running;		/* and at work; 0: any number */
	uint64_t max_deaths;		/* of its workers, and a job is ended */
	uint64_t lease_s;		/* a worker that is silent so long is dead */
};

struct proxy {
	struct loop *loop;
	struct server *server;
	struct store *store;
	struct durable *durable;
	struct files *files;		/* sealed inputs */
	struct upstream *up;
	struct evidence *evidence;
	char url[PROXY_URL];		/* without a slash at its end */
	uint8_t fulfiller[20];		/* our address on the network */
	struct keyd_info keys;		/* the enclave's, for inputs */
	struct limits l;
	size_t plain_bytes, sealed_bytes;
	uint64_t reconcile_s;		/* between questions to the network for jobs */
	uint64_t started;		/* this process, unix time */
	struct plain *plains;
	struct coming *coming;		/* bodies that come in */
	struct leaving *leaving;	/* that are wiped */
	struct loop_task leave_task;
	struct waiter *waiters;
	struct inflight *inflight;
	bool reconciled;		/* asked the network since the start */
	struct loop_task sweep_timer, reconcile_timer;
	struct metrics m;
	struct server_tls tls;		/* cert NULL: none */
	const char *limits_file;	/* or NULL */
	const char *state;		/* the database's path */
	atomic_llong keyd_seen;		/* clock_ms() when tee-keyd last answered */
	int64_t worker_seen;		/* the same of a worker */
};

/* keys.c: takes over the keys of a tee-keyd that was started anew, from now on; they are
 * `now` the same as in p.  It goes on to the end of the process.  EX_OSERR. */
CHECKED int keys_watch(struct proxy *p, const char *socket,
    const struct keyd_info *now, struct err *e);

/* evidence.c: has tee-keyd at the socket make evidence, in a thread, to the end of the
 * process.  NULL: EX_OSERR. */
CHECKED struct evidence *evidence_new(struct loop *l, const char *socket,
    struct err *e);
#define EVIDENCE_PATH "/.well-known/sp1-evidence"
/* Answers r, GET EVIDENCE_PATH[?nonce=HEX], as sp1-evidence(5) has it. */
void evidence_answer(struct evidence *ev, struct request *r);
/* What is kept of tee-keyd's last evidence is of old keys. */
void evidence_forget(struct evidence *ev);

/* durable.c */
/* From now on the database's commits wait for nobody.  EX_OSERR, EX_CANTCREAT, EX_IOERR. */
CHECKED int durable_start(struct proxy *p, struct err *e);
/* Calls fn when all that has been committed is on the disk; at once if it is.  -1: no
 * memory, and it will not be called. */
CHECKED int durable_then(struct proxy *p, void (*fn)(void *arg), void *arg);
/* The answer that r is given leaves then. */
void durable_answer(struct proxy *p, struct request *r);

/* sweep.c: forgets what is too old, from now on, every few seconds. */
void sweep_start(struct proxy *p);

extern const struct server_ops proxy_ops;	/* serve.c */

/* upstream.c: calls to the network, over connections that stay open. */
struct up_call {
	struct up_call *next;
	struct loop_task end;
	const char *path;	/* a constant */
	uint8_t *in;		/* owned */
	size_t n;
	char *authorization;	/* owned; NULL: none */
	struct address from;	/* whose turn it takes; zeros: our own */
	uint64_t round;		/* upstream.c's */
	const struct request *only_for;	/* without whom it need not be made; or NULL */
	int status;		/* enum grpc_status; GRPC_NONE: no answer */
	char text[512];
	uint8_t *out;		/* owned */
	size_t out_n;
	void (*on_reply)(struct up_call *c);	/* in the loop's thread */
	struct proxy *p;
	void *arg;
};
/* Starts the threads that call the network at url; ca_file: authorities besides the
 * system's, or NULL.  NULL: EX_OSERR, EX_USAGE, EX_CONFIG (rpc_trust()). */
CHECKED struct upstream *upstream_new(struct loop *l, const char *url,
    const char *ca_file, struct err *e);
/* Waits for the calls under way, and ends the threads; calls that wait are freed
 * without an answer. */
void upstream_free(struct upstream *u);
/* Copies in and the request's authorization (r may be NULL); NULL: no memory. */
struct up_call *up_call_new(struct proxy *p, const char *path,
    const void *in, size_t n, const struct request *r,
    void (*on_reply)(struct up_call *c), void *arg);
/* Frees it, its authorization wiped. */
void up_call_free(struct up_call *c);
/* Has a thread make the call; on_reply() has it then, or, where too many wait, at once
 * with GRPC_NONE.  Addresses take turns, however many calls one has waiting; where there
 * is no more room, who has most is sent away. */
void upstream_send(struct upstream *u, struct up_call *c);
/* The peer of r has gone: calls only for it that no thread has begun are not made;
 * on_reply() has them in the loop's next turn, with GRPC_NONE. */
void upstream_drop(struct upstream *u, const struct request *r);
/* Calls that wait for a thread, and how many may. */
int upstream_waiting(struct upstream *u, int *most);
/* Answers r with what came. */
void up_call_answer(struct up_call *c, struct request *r);

/* forward.c: r's message to the network, the answer back. */
void forward(struct proxy *p, struct request *r, const char *path);

/* upload.c */
/* At the start, with the database open: the folder of sealed inputs, with what is
 * wanted and nothing else.  EX_CANTCREAT, EX_IOERR, EX_OSERR. */
CHECKED int upload_start(struct proxy *p, const char *folder, struct err *e);
/* CreateArtifact: a name and a token for an input; what is no input goes to the
 * network. */
void upload_create(struct proxy *p, struct request *r);
/* The id in a request's path, and what follows it; NULL: it has none. */
const char *upload_path(const char *path, char id[static ID_ARTIFACT]);
/* The upload whose token the path gives: 200, and its state, its owner, and whether it
 * should have come by now; or the HTTP status to refuse with. */
CHECKED int upload_authorize(struct proxy *p, const char *path, const char *id,
    int *state, bool *late, uint8_t owner[static 20]);
/* The id in a stdin_uri of ours; -1: it is none. */
int upload_id(const struct proxy *p, char id[static ID_ARTIFACT],
    struct pb_bytes uri);
/* An input that is not needed any more: wiped. */
void upload_drop(struct proxy *p, const char *id);
/* The input, if it is in memory; NULL: it is not, or not any more. */
struct plain *upload_plain(struct proxy *p, const char *id);
/* Answers with the input's bytes, which stay until they are sent. */
void upload_answer(struct proxy *p, struct plain *in, struct request *r);
/* Its job is to end, at the word of its token's holder: see upload.c. */
void upload_cancel(struct proxy *p, struct request *r, const char *id);
/* What became of the job, for the holder of its upload's token. */
void upload_report(struct proxy *p, struct request *r);

/* put.c */
/* The head of a PUT: refused, or its body, if it is to have one, will go to locked memory, or
 * to a file. */
void upload_head(struct proxy *p, struct request *r);
/* Its body is there: kept, and answered. */
void upload_body(struct proxy *p, struct request *r);
/* Its body will not come: what came is wiped. */
void upload_aborted(struct proxy *p, struct request *r);

/* request.c */
/* RequestProof: see request.c. */
void request_proof(struct proxy *p, struct request *r);
/* Whether a RequestProof for the input is on its way. */
bool request_inflight(const struct proxy *p, const char *id);

/* leave.c */
/* Wipes *m and gives it back, by and by where it is large; *m is empty then. */
void leave(struct proxy *p, struct secmem *m);
/* At the end: all that is still there. */
void leave_now(struct proxy *p);

/* jobs.c */
/* What a worker asks or tells: see jobs.c. */
void jobs_request(struct proxy *p, struct request *r);
/* The head of that: its body goes to memory. */
void jobs_head(struct proxy *p, struct request *r);

/* take.c */
/* A worker asks for a job: it gets one, or waits. */
void jobs_take(struct proxy *p, struct request *r);
/* Hands what is there to those who wait. */
void jobs_wake(struct proxy *p);
/* How many workers wait for a job. */
int jobs_waiters(const struct proxy *p);
/* No more waiting: the server stops. */
void jobs_stop(struct proxy *p);

/* told.c */
/* Takes down what a worker tells of its job, and answers; at: the verb, and what follows it,
 * in r's path.  See jobs.c. */
void job_told(struct proxy *p, struct request *r, const struct leased *l,
    const char *at);

/* refuse.c: r will be refused for this reason: counted, and told in the log, where that
 * has room. */
void refused(struct proxy *p, const struct request *r, enum refusal why);
/* Answers a worker that the proxy's state fails, which the log tells. */
void job_broken(struct request *r, const struct err *e);
/* "too_long". */
const char *refusal_name(enum refusal why);

/* ops.c: what operators ask: /metrics and /health. */
void ops_request(struct proxy *p, struct request *r);
/* Warns of what they should mend: a certificate that ends, a key that others can read. */
void ops_warn(const struct proxy *p);

/* limits.c: the proxy's limits, as they may be set while it runs. */
/* One of them, by its option's name without the dashes.  EX_USAGE. */
CHECKED int limits_set(struct proxy *p, const char *name, const char *value,
    struct err *e);
/* Those in p->limits_file, lines NAME=VALUE: all, or none of them.  EX_CONFIG,
 * EX_NOINPUT. */
CHECKED int limits_read(struct proxy *p, struct err *e);

/* reconcile.c: asks the network which requests are ours to serve, and takes on
 * those that are not known here; now, and every p->reconcile_s. */
void reconcile_start(struct proxy *p);
/* One request as the network tells it; 1 taken on, 0 not. */
CHECKED int reconcile_adopt(struct proxy *p, const struct net_request *m,
    struct err *e);

#endif
