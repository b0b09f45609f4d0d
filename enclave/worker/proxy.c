/* What the worker says to the proxy. */
#include "worker/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/hex.h"
#include "base/json.h"
#include "base/log.h"
#include "wire/network.h"
#include "wire/record.h"

static int
read_job(struct job *j, const struct secmem *m, struct err *e)
{
	const char *mode, *lease, *stdin_id, *end;
	struct record r;
	int bad;

	memset(j, 0, sizeof *j);
	bad = record_parse(&r, (const char *)m->p, m->n, e) < 0 ||
	    record_hex(&r, "request_id", j->request_id, 32, e) < 0 ||
	    record_hex(&r, "requester", j->requester, 20, e) < 0 ||
	    record_hex(&r, "vk_hash", j->vk_hash, 32, e) < 0 ||
	    record_str(&r, "mode", &mode, e) < 0 ||
	    record_str(&r, "lease", &lease, e) < 0 ||
	    record_str(&r, "stdin_id", &stdin_id, e) < 0 ||
	    record_u64(&r, "deadline", &j->deadline, e) < 0 ||
	    record_u64(&r, "cycle_limit", &j->cycle_limit, e) < 0 ||
	    record_u64(&r, "gas_limit", &j->gas_limit, e) < 0 ||
	    record_u64(&r, "attempt", &j->attempt, e) < 0 ||
	    record_u64(&r, "faults", &j->faults, e) < 0 ||
	    record_u64(&r, "lease_s", &j->lease_s, e) < 0;
	if (!bad) {
		j->mode = net_mode_of(mode);
		snprintf(j->lease, sizeof j->lease, "%s", lease);
		snprintf(j->stdin_id, sizeof j->stdin_id, "%s", stdin_id);
		hex_encode(j->id, j->request_id, 32);
		if (record_str(&r, "end", &end, NULL) == 0)
			snprintf(j->end, sizeof j->end, "%s", end);
	}
	record_free(&r);
	return bad ? err_prefix(e, "a job from tee-proxy") : 0;
}

int
proxy_take(struct worker *w, struct job *j, int wait, struct err *e)
{
	struct secmem m = { 0 };
	char path[64];
	int status;

	snprintf(path, sizeof path, "/take?wait=%d", wait);
	status = line_get(w, path, &m, 1 << 16, e);
	if (status == 200)
		status = read_job(j, &m, e) < 0 ? -1 : 1;
	else if (status == 204)
		status = 0;
	else if (status > 0)
		status = err_set(e, EX_PROTOCOL,
		    "tee-proxy answers %d to a worker", status);
	secmem_free(&m);
	return status;
}

static void
path_of(char out[static 256], const struct job *j, const char *verb)
{
	snprintf(out, 256, "/job/%s/%s?lease=%s", j->id, verb, j->lease);
}

/* One JSON object, to be freed; NULL: no memory. */
static char *
progress(const struct job *j, const struct told *t)
{
	char *text = NULL;
	size_t n;
	struct jw w;
	FILE *f = open_memstream(&text, &n);
	int bad;

	if (!f)
		return NULL;
	jw_start(&w, f);
	jw_object(&w, NULL);
	jw_str(&w, "status", "proving");
	jw_hex(&w, "request_id", j->request_id, 32);
	jw_str(&w, "phase", t->phase);
	if (t->step[0]) {
		jw_str(&w, "step", t->step);
		jw_u64(&w, "shards_done", t->done);
		if (t->shards)
			jw_u64(&w, "shards", t->shards);
		jw_big(&w, "cycles_done", t->cycles);
		if (t->rate)
			jw_u64(&w, "cycles_per_second", t->rate);
		if (t->left != UINT64_MAX)
			jw_u64(&w, "seconds_left", t->left);
	}
	jw_u64(&w, "seconds", clock_unix() - j->started);
	jw_u64(&w, "attempt", j->attempt);
	jw_end(&w);
	bad = jw_finish(&w, "progress", NULL);
	fclose(f);
	if (bad == 0)
		return text;
	free(text);
	return NULL;
}

int
proxy_beat(struct worker *w, struct job *j, const struct told *t)
{
	char path[256], *text = progress(j, t);
	struct err e;
	int status;

	path_of(path, j, "beat");
	status = line_put(w, path, text ? text : "", &e);
	free(text);
	if (status == 410)
		j->cancelled = true;
	/* A proxy that starts anew knows the lease; only its no counts. */
	return status == 409 ? -1 : 0;
}

int
proxy_input(struct worker *w, struct job *j, struct secmem *out, size_t max,
    struct outcome *o)
{
	char path[256];
	struct err e;
	int status;

	path_of(path, j, "input");
	status = line_get(w, path, out, max, &e);
	switch (status) {
	case 200:
		return 0;
	case LINE_TOO_LONG:
		return outcome_fail(o, NET_ERR_EXECUTION, "input_malformed",
		    "it is longer than this prover takes");
	case LINE_NO_MEMORY:
		return outcome_memory(o);
	case 410:
		return outcome_fail(o, NET_ERR_UNKNOWN, "input_lost",
		    "the input was in memory alone, and the proxy has "
		    "started anew since");
	case 403:
		return outcome_fail(o, NET_ERR_UNKNOWN, "input_not_released",
		    "its owner has not asked the proxy for this program on it");
	case 409:
		o->end = END_LOST;
		return -1;
	}
	return outcome_later(o, "%s", status < 0 ? e.msg :
	    "tee-proxy does not give the input");
}

/* The report that the client gets. */
static char *
report(const struct job *j, const struct outcome *o)
{
	char *text = NULL;
	size_t n;
	struct jw w;
	struct err e;
	FILE *f = open_memstream(&text, &n);

	if (!f)
		return NULL;
	jw_start(&w, f);
	jw_object(&w, NULL);
	jw_str(&w, "status", o->end == END_FULFILLED ? "fulfilled" :
	    o->end == END_PROVED ? "proved" :
	    o->end == END_OVER ? "over" : "failed");
	jw_str(&w, "cause", o->cause);
	if (o->detail[0])
		jw_str(&w, "detail", o->detail);
	if (o->ran) {
		jw_big(&w, "exit_code", o->exit_code);
		jw_big(&w, "cycles", o->cycles);
		jw_big(&w, "gas", o->gas);
		jw_str(&w, "machine", o->machine);
	}
	jw_hex(&w, "request_id", j->request_id, 32);
	jw_u64(&w, "seconds", clock_unix() - j->started);
	jw_end(&w);
	if (jw_finish(&w, "report", &e) < 0) {
		fclose(f);
		free(text);
		return NULL;
	}
	fclose(f);
	return text;
}

bool
proxy_report(struct worker *w, struct job *j, const struct outcome *o,
    bool end)
{
	char path[256], *text = report(j, o);
	struct err e;
	int status = -1;

	path_of(path, j, end ? "end" : "report");
	/* The proxy may be starting anew, or its disk be full. */
	for (int i = 0; text && i < 20; i++) {
		status = line_put(w, path, text, &e);
		if ((status >= 0 && status < 500) || w->stop)
			break;
		nanosleep(&(struct timespec){ .tv_nsec = 500000000 }, NULL);
	}
	if (status != 200)
		log_event(LEVEL_WARN, "not_reported", "job=%s status=%d", j->id,
		    status);
	free(text);
	return status != 409;
}

void
proxy_release(struct worker *w, struct job *j, unsigned after, bool fault)
{
	char path[256];
	size_t n;
	struct err e;

	path_of(path, j, "release");
	n = strlen(path);
	snprintf(path + n, sizeof path - n, "&after=%u&fault=%d", after, fault);
	/* What is not released runs out. */
	ignore(line_put(w, path, "", &e));
}
