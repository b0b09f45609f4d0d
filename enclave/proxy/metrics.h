#ifndef PROXY_METRICS_H
#define PROXY_METRICS_H
/* What the proxy counts for its operators, since its start.  Nothing that names a client,
 * a program or an input. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"

/* Why a request is refused, for the count and the log. */
#define REFUSALS(R) \
	R(token)	/* it is not the upload's */ \
	R(late)		/* the upload should have come before */ \
	R(malformed) \
	R(other_bytes)	/* the token was used for others, or they are gone */ \
	R(no_body) \
	R(too_long) \
	R(other_key)	/* sealed to one that the enclave has not */ \
	R(no_room)	/* for it, or for more of its owner or address */ \
	R(uploads)	/* too many begun in one name */ \
	R(signature) \
	R(owner)	/* the input is another's */ \
	R(input)	/* there is none, or it has another use */ \
	R(jobs)		/* too many of one requester */ \
	R(unserved)	/* such calls, paths and modes are not */ \
	R(broken)	/* our own fault */

enum refusal {
#define R(name) REFUSED_##name,
	REFUSALS(R)
#undef R
	REFUSED_COUNT
};

#define METRICS_CAUSES 48	/* more of them count as "other" */
#define METRICS_PHASES 8
#define METRICS_NAME 48

struct metrics_job;		/* one at work */

struct metrics {
	uint64_t refusals[REFUSED_COUNT];
	struct log_rate refusal_log;
	uint64_t uploads[2], upload_bytes[2];	/* plain, sealed */
	uint64_t inputs_out, input_bytes_out;	/* to workers */
	uint64_t accepted;			/* jobs */
	uint64_t handed_out, given_back, faults, leases_lost;
	uint64_t keys_changed;
	struct {
		char status[16], cause[METRICS_NAME];
		uint64_t n;
		double seconds;
	} ended[METRICS_CAUSES];
	size_t n_ended;
	struct {
		char name[METRICS_NAME];
		uint64_t n;
		double seconds;
	} phases[METRICS_PHASES];
	size_t n_phases;
	struct metrics_job *at_work;
};

/* A job has ended so, after so many seconds of its last try. */
void metrics_ended(struct metrics *m, const char *status, const char *cause,
    double seconds);
/* The job of that number is in a phase now; NULL: in none, it has ended or waits. */
void metrics_phase(struct metrics *m, uint64_t seq, const char *name);

#endif
