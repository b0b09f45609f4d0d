#ifndef WORKER_WORKER_H
#define WORKER_WORKER_H
/*
 * tee-worker's inside: one job at a time, from the proxy to the network.
 *
 * What a stranger made is looked into by the programs that it runs alone: they unpack,
 * and parse ELFs, inputs and proofs, and have neither tee-keyd's socket nor the network.
 *
 * The input is in locked memory and in pipes, nowhere else; it is wiped as soon as
 * sp1-exec has it.  Nothing of it, and nothing that a guest prints, goes to a log.
 * Proofs of finished shards may be kept, in memory alone (keep.c).
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secmem.h"
#include "crypto/keyd.h"
#include "proof/vk.h"
#include "rpc/rpc.h"

#define WORKER_FAULTS 3	/* of our own, and a job is given up */
#define WORKER_PROGRAMS 4	/* kept between jobs */
#define KEEP_PATH 1024

#define PLACE_HOST 256
#define PLACE_PATTERNS 16
/* The network's own artifact store. */
#define PLACE_STORE "spn-artifacts*.s3.*.amazonaws.com"

/* Where programs may be fetched. */
struct places {
	const char *network;		/* its URL; its host and PLACE_STORE are allowed
					 * where there are no patterns */
	const char *patterns[PLACE_PATTERNS];	/* fnmatch(3), in lower case */
	size_t n;
	bool private;			/* private and loopback addresses too */
};

struct program {
	uint8_t vk_hash[32];
	struct vk vk;
	int elf;		/* a file of memory, sealed; 0: there is none */
	uint64_t used;
};

struct worker {
	const struct way *way;
	const char *socket;		/* the proxy's */
	const char *keyd;		/* tee-keyd's */
	const char *exec, *prover, *vk, *verify;	/* programs */
	const char *threads;		/* their -j; NULL: the default */
	const char *keep;		/* --work; NULL: nothing is kept */
	size_t max_elf, max_input, max_proof;
	/* The operator's, of a job; 0: none. */
	uint64_t max_cycles, max_gas, max_seconds, max_setup;
	const char *max_memory;		/* MiB, sp1-exec's; NULL: its default */
	const char *max_output;		/* MiB, sp1-exec's */
	struct rpc *network;		/* rpc_call_once() and rpc_get() alone */
	struct places places;
	struct keyd_info keys;
	struct program programs[WORKER_PROGRAMS];
	uint64_t clock;			/* for the oldest program */
	volatile sig_atomic_t stop;
	volatile sig_atomic_t hurry;	/* calls to the network end: to stop, or the
					 * job is over */
};

struct job {
	char id[65], lease[80], stdin_id[40];
	uint8_t request_id[32], requester[20], vk_hash[32];
	int mode;
	uint64_t deadline, cycle_limit, gas_limit, attempt;
	uint64_t faults;	/* tries that failed by our own */
	char end[24];		/* the cause to end it with; empty: it is to be done */
	char program_uri[2048];		/* where the network has it */
	uint64_t lease_s, started;
	struct beats *beats;
	atomic_bool lost;		/* the lease is another's */
	atomic_bool cancelled;
};

/* How far a job is. */
struct told {
	const char *phase;	/* ours; a constant */
	/* While proving, as the prover's --progress has it: */
	char step[16];		/* empty: nothing yet */
	uint64_t done, shards;	/* shards: in all; 0: not known yet */
	uint64_t cycles, rate;	/* rate: a second; 0: not known yet */
	uint64_t left;		/* seconds; UINT64_MAX: not known yet */
};

/* How a job ends. */
enum end {
	END_FULFILLED,
	END_PROVED,		/* on the way there: not submitted yet */
	END_FAILED,		/* the network is told */
	END_OVER,		/* the network knows: expired, another's */
	END_LATER,		/* something passing: another try */
	END_LOST,		/* the lease is another worker's now */
};
struct outcome {
	enum end end;
	int error;		/* enum net_error */
	int execution;		/* enum net_fail_cause; 0: the guest is not to
				 * blame */
	char cause[48];		/* for the client */
	char detail[240];	/* one of our texts: nothing of the input is in it */
	bool of_run;		/* but this one counts what the guest did: it is for
				 * the client, not for the log */
	bool patient;		/* END_LATER by no fault of ours */
	bool starved;		/* END_LATER: no memory for the input */
	bool unwritten;		/* END_LATER: the prover could not write */
	bool ran;		/* these are known: */
	uint64_t exit_code, cycles, gas;
	char machine[48];	/* sp1-exec's name of the end */
};

/* outcome.c */
/* Fills *o for a failure; gives -1. */
int outcome_fail(struct outcome *o, int error, const char *cause,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Fills *o for something passing (END_LATER); gives -1. */
int outcome_later(struct outcome *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The same, of memory for the input: where none comes the job ends as "over_memory_limit". */
int outcome_memory(struct outcome *o);

/* line.c: the proxy. */
enum { LINE_TOO_LONG = 1001, LINE_NO_MEMORY };	/* of an answer, which is not taken */
/* GET: the HTTP status, or one of these, or -1 (EX_TEMPFAIL). */
CHECKED int line_get(struct worker *w, const char *path, struct secmem *out,
    size_t max, struct err *e);
/* PUT of a text; what the answer says is not read. */
CHECKED int line_put(struct worker *w, const char *path, const char *body,
    struct err *e);

/* proxy.c */
/* 1 a job, 0 none, -1. */
CHECKED int proxy_take(struct worker *w, struct job *j, int wait,
    struct err *e);
/* Says how far it is; -1: the lease is lost.  Learns whether the job is cancelled. */
CHECKED int proxy_beat(struct worker *w, struct job *j, const struct told *t);
/* The job's input as it was uploaded, of max bytes at most; -1: *o says why not. */
CHECKED int proxy_input(struct worker *w, struct job *j, struct secmem *out,
    size_t max, struct outcome *o);
/* Tells the client, by the proxy, how the job ends; end: and the proxy that it has.  false:
 * it is not this worker's any more. */
bool proxy_report(struct worker *w, struct job *j, const struct outcome *o,
    bool end);
/* Gives the job back, for another try in `after` seconds; fault: this one failed by our
 * own. */
void proxy_release(struct worker *w, struct job *j, unsigned after, bool fault);

/* beat.c */
struct beats {
	struct worker *w;
	struct job *j;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop, news;
	struct told told;
};
/* Begins; -1: no thread is to be had (EX_OSERR). */
CHECKED int beats_start(struct beats *b, struct worker *w, struct job *j,
    struct err *e);
/* It goes out soon, at most once a second. */
void beats_tell(struct beats *b, const struct told *t);
/* Ends the thread; waits for a beat under way. */
void beats_stop(struct beats *b);

/* network.c.  Each gives 0, or -1 with *o filled. */
/* Is it ours, and still to be done? */
CHECKED int network_check(struct worker *w, struct job *j, struct outcome *o);
/* Hands the proof in, until it is taken or refused for good. */
CHECKED int network_fulfill(struct worker *w, struct job *j,
    const uint8_t *proof, size_t n, struct outcome *o);
/* Tells a failure; -1: not yet told (END_LATER, END_LOST). */
CHECKED int network_fail(struct worker *w, struct job *j, struct outcome *o);

/* trace.c: the error_trace (wire/error_trace.h) of a guest's failure, to be freed; NULL:
 * no memory. */
char *trace_write(const struct job *j, const struct outcome *o);

/* place.c */
struct sockaddr;
/* Is the address one of this machine, of a private network, or of none? */
bool place_private(const struct sockaddr *a);
/* May the URL be fetched?  host: what it names, for the log. */
int place_allowed(const struct places *p, const char *url,
    char host[static PLACE_HOST]);

/* program.c: the ELF whose key is the job's. */
CHECKED int program_get(struct worker *w, struct job *j,
    const struct program **out, struct outcome *o);
/* Frees those that were kept. */
void programs_free(struct worker *w);

/* key.c: p->elf and p->vk, of the file as the network's store has it; ends soon when the job
 * is to end. */
CHECKED int program_key(struct worker *w, const struct job *j,
    struct program *p, int artifact, struct outcome *o);
#define PROGRAM_MALFORMED "what the network has is no program of SP1's"

/* input.c: opened; what is inside is sp1-exec's to look at. */
CHECKED int input_get(struct worker *w, struct job *j, struct secmem *out,
    struct outcome *o);
/* Bytes of the longest one that comes, which may be sealed. */
size_t input_longest(const struct worker *w);
/* What n bytes of it may unpack to. */
uint64_t input_most(const struct worker *w, size_t n);

/* check.c: would we take the job's proof ourselves? */
CHECKED int check_proof(struct worker *w, const struct job *j,
    const struct program *p, const uint8_t *proof, size_t n,
    struct outcome *o);

/* keep.c: --work, where a job has a folder of the prover's --work. */
/* At the start.  -1: EX_CONFIG, it is on a disk, or may get there and
 * swapped is false; EX_CANTCREAT. */
CHECKED int keep_open(const char *path, bool swapped, struct err *e);
/* The name of the job's folder. */
void keep_folder(const struct worker *w, const struct job *j,
    char out[static KEEP_PATH]);
/* Removes that, unless another process holds it. */
void keep_remove(const struct worker *w, const struct job *j);
/* Those of jobs that are long over, whatever became of their workers. */
void keep_sweep(const struct worker *w);

/* job.c: its whole course. */
void job_run(struct worker *w, struct job *j);

#endif
