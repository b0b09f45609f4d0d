/* A job from its start to its end. */
#include "worker/way.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "crypto/sealed.h"
#include "wire/network.h"
#include "worker/worker.h"

/* It is not to be done any more, so says the proxy. */
static int
ended(struct outcome *o, const char *cause)
{
	return outcome_fail(o, NET_ERR_PROVING, cause, "%s",
	    strcmp(cause, "cancelled") == 0 ?
	    "its requester or this prover's operator has ended it" :
	    "the workers that had it died");
}

/* Past its deadline a job is over, whatever else stands in its way; one that was cut
 * short by our own end is another worker's. */
static bool
cut_short(struct worker *w, struct job *j, struct outcome *o)
{
	if (j->lost) {
		o->end = END_LOST;
		return true;
	}
	if (clock_unix() > j->deadline) {
		o->end = END_OVER;
		snprintf(o->cause, sizeof o->cause, "deadline_passed");
		return true;
	}
	if (j->cancelled) {
		ignore(ended(o, "cancelled"));
		return true;
	}
	if (w->stop) {
		o->patient = true;
		(void)outcome_later(o, "the worker stops");
		return true;
	}
	return false;
}

static int
phase(struct worker *w, struct job *j, const char *name, struct outcome *o)
{
	struct told t = { .phase = name };

	if (cut_short(w, j, o))
		return -1;
	beats_tell(j->beats, &t);
	if (proxy_beat(w, j, &t) == 0)
		return 0;
	o->end = END_LOST;
	return -1;
}

/* The input, and the proof of the guest's run on it. */
static int
run(struct worker *w, struct job *j, const struct program *p,
    const char *folder, uint8_t **proof, size_t *n, struct outcome *o)
{
	struct secmem input = { 0 };

	if (input_get(w, j, &input, o) < 0)
		return -1;
	if (phase(w, j, "proving", o) < 0) {
		secmem_free(&input);
		return -1;
	}
	return w->way->prove(w, j, p, &input, folder, proof, n, o);
}

static int
run_keeping(struct worker *w, struct job *j, const struct program *p,
    uint8_t **proof, size_t *n, struct outcome *o)
{
	char folder[KEEP_PATH];

	if (!w->keep)
		return run(w, j, p, NULL, proof, n, o);
	keep_folder(w, j, folder);
	if (run(w, j, p, folder, proof, n, o) == 0)
		return 0;
	if (o->end != END_LATER || !o->unwritten)
		return -1;
	/* A full folder must not end a job that would do without. */
	log_text(LEVEL_WARN, "without_folder", o->detail, "job=%s folder=%s",
	    j->id, folder);
	keep_remove(w, j);
	memset(o, 0, sizeof *o);
	return run(w, j, p, NULL, proof, n, o);
}

static int
submit(struct worker *w, struct job *j, const struct program *p,
    const uint8_t *proof, size_t n, struct outcome *o)
{
	if (phase(w, j, "verifying", o) < 0 ||
	    check_proof(w, j, p, proof, n, o) < 0 ||
	    phase(w, j, "submitting", o) < 0)
		return -1;
	/* Before the network: a client that hears of it there has the report at
	 * once. */
	o->end = END_PROVED;
	(void)proxy_report(w, j, o, false);	/* a proof is one, whoever made it */
	o->end = END_FULFILLED;
	return network_fulfill(w, j, proof, n, o);
}

static int
prove(struct worker *w, struct job *j, struct outcome *o)
{
	const struct program *p;
	uint8_t *proof;
	size_t n;
	int bad;

	if (network_check(w, j, o) < 0)
		return -1;
	if (j->end[0])
		return ended(o, j->end);
	if (j->mode != NET_CORE && j->mode != NET_COMPRESSED)
		return outcome_fail(o, NET_ERR_PROVING, "mode_unsupported",
		    "only core and compressed proofs are made here yet");
	if (phase(w, j, "fetching", o) < 0 || program_get(w, j, &p, o) < 0 ||
	    run_keeping(w, j, p, &proof, &n, o) < 0)
		return -1;
	bad = submit(w, j, p, proof, n, o);
	/* One that nobody takes tells of the input. */
	wipe(proof, n);
	free(proof);
	return bad;
}

static void
log_end(const struct job *j, const struct outcome *o)
{
	static const char *const names[] = {
		"fulfilled", "proved", "failed", "over", "later", "lost",
	};

	const char *detail = o->of_run ? "" : o->detail;

	log_text(LEVEL_INFO, "ends", detail, "job=%s end=%s cause=%s seconds=%llu "
	    "attempt=%llu", j->id, names[o->end], o->cause[0] ? o->cause : "-",
	    (unsigned long long)(clock_unix() - j->started),
	    (unsigned long long)j->attempt);
}

/* Seconds to the next try: longer each time, at most a minute. */
static unsigned
pause_of(const struct job *j)
{
	return j->attempt < 4 ? 5u : j->attempt < 8 ? 15u : 60u;
}

/* Tells the outcome to whom it concerns. */
static void
settle(struct worker *w, struct job *j, struct outcome *o)
{
	if (o->end == END_LATER)
		(void)cut_short(w, j, o);
	if (o->end == END_LATER && !o->patient &&
	    j->faults + 1 >= WORKER_FAULTS) {
		char why[180];

		snprintf(why, sizeof why, "%.170s", o->detail);
		(void)outcome_fail(o, NET_ERR_PROVING, o->starved ?
		    "over_memory_limit" : "gave_up", "after %d attempts: %s",
		    WORKER_FAULTS, why);
	}
	log_end(j, o);
	if (o->end == END_FAILED) {
		/* The client looks for the reason as soon as the network tells of
		 * the failure; and whose the job is now tells both. */
		if (!proxy_report(w, j, o, false)) {
			o->end = END_LOST;
		} else if (network_fail(w, j, o) == 0) {
			(void)proxy_report(w, j, o, true);
			return;
		}
		log_end(j, o);
	}
	if (o->end == END_FULFILLED || o->end == END_OVER)
		(void)proxy_report(w, j, o, true);
	else if (o->end == END_LATER)
		proxy_release(w, j, w->stop ? 0 : pause_of(j), !o->patient);
}

/* A tee-keyd that was started anew may have other keys.  Where it does not answer, who
 * needs it finds out. */
static void
ask_keys(struct worker *w)
{
	struct keyd_info now;

	if (keyd_info(&now, w->keyd, NULL) < 0 ||
	    memcmp(&now, &w->keys, sizeof now) == 0)
		return;
	log_say(LEVEL_INFO, "new_keys", "tee-keyd has new keys");
	w->keys = now;
}

void
job_run(struct worker *w, struct job *j)
{
	struct outcome o = { 0 };
	struct beats beats;
	struct err e;
	bool beating;

	ask_keys(w);
	j->started = clock_unix();
	log_event(LEVEL_INFO, "begins", "job=%s attempt=%llu", j->id,
	    (unsigned long long)j->attempt);
	beating = beats_start(&beats, w, j, &e) == 0;
	if (beating)
		ignore(prove(w, j, &o));
	else
		ignore(outcome_later(&o, "%s", e.msg));
	settle(w, j, &o);
	/* Another try goes on from what is kept, of this worker or of another. */
	if (w->keep && o.end != END_LATER && o.end != END_LOST)
		keep_remove(w, j);
	if (beating)
		beats_stop(&beats);
}
