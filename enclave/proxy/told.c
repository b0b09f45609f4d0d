/* What a worker tells of its job: how far it is, how it ended. */
#include "proxy/proxy.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/args.h"
#include "base/clock.h"

enum verb { BEAT, REPORT, END, RELEASE, VERBS };

static const char *const verbs[] = { "beat", "report", "end", "release" };

struct told {
	enum verb verb;
	json_t *object;		/* NULL: nothing came with it */
	char *text, *kept;	/* of it: what the client gets to see; what goes to the
				 * disk */
	uint64_t after;		/* RELEASE: seconds until the next try */
	bool fault;		/* it failed by our own */
};

static void
told_free(struct told *t)
{
	json_decref(t->object);
	free(t->text);
	free(t->kept);
}

/* A member; "": it has no such text. */
static const char *
member(const struct told *t, const char *name)
{
	const char *s = json_string_value(json_object_get(t->object, name));

	return s ? s : "";
}

/*
 * What of it goes to the disk.  How far a run came, its exit code, cycles and gas follow
 * from the input; a proof that the network has shows as much, but of a run without one
 * they are for the client alone, and stay in memory.
 */
static char *
to_keep(const struct told *t)
{
	static const char *const named[] = {
		"status", "cause", "request_id", "seconds",
	};
	json_t *less;
	char *text;

	if (strcmp(member(t, "status"), "fulfilled") == 0)
		return strdup(t->text);
	less = json_object();
	for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
		if (json_object_get(t->object, named[i]))
			(void)json_object_set(less, named[i],
			    json_object_get(t->object, named[i]));
	text = json_dumps(less, JSON_COMPACT);
	json_decref(less);
	return text;
}

static bool
is_verb(const char *at, const char *verb)
{
	size_t n = strlen(verb);

	return strncmp(at, verb, n) == 0 && at[n] == '?';
}

/* at: behind the job's name in r's path.  200 and *t, or the status to refuse it with. */
static int
read_told(struct told *t, const struct request *r, const char *at)
{
	char after[8], fault[2] = "0";
	json_error_t why;

	*t = (struct told){ .verb = 0 };
	while (t->verb < VERBS && !is_verb(at, verbs[t->verb]))
		t->verb++;
	if (t->verb == VERBS || (t->verb == RELEASE &&
	    (!query_value(r->path, "after", after, sizeof after) ||
	    parse_u64(after, &t->after) < 0)))
		return 404;
	if (t->verb == RELEASE && query_value(r->path, "fault", fault, sizeof fault))
		t->fault = *fault == '1';
	if (r->body_len == 0)
		return 200;
	t->object = json_loadb((const char *)r->body, r->body_len,
	    JSON_REJECT_DUPLICATES, &why);
	if (!json_is_object(t->object))
		return 400;
	t->text = json_dumps(t->object, JSON_COMPACT);
	t->kept = t->text ? to_keep(t) : NULL;
	return t->kept ? 200 : 503;
}

static void
count(struct proxy *p, const struct leased *l, const struct told *t)
{
	const char *phase = member(t, "phase"), *status = member(t, "status"),
	    *cause = member(t, "cause");

	if (t->verb == BEAT && *phase)
		metrics_phase(&p->m, l->seq, phase);
	if (t->verb == END && *status && *cause)
		metrics_ended(&p->m, status, cause,
		    json_number_value(json_object_get(t->object, "seconds")));
	if (t->verb == END || t->verb == RELEASE)
		metrics_phase(&p->m, l->seq, NULL);
	if (t->verb == RELEASE) {
		p->m.given_back++;
		p->m.faults += t->fault;
	}
}

/* When the worker that failed it died after the network knew, the next one finds it over,
 * and knows no more: what the first one told is why. */
static int
end(struct proxy *p, const struct leased *l, const struct told *t, struct err *e)
{
	int failed = strcmp(member(t, "status"), "over") == 0 ?
	    db_job_failed(p->store, l->seq, e) : 0;

	if (failed < 0)
		return -1;
	return db_job_end(p->store, l->seq, clock_unix(), failed ? NULL : t->text,
	    failed ? NULL : t->kept, e);
}

/* The number of jobs that it concerned, -1. */
static int
take_down(struct proxy *p, const struct leased *l, const struct told *t,
    struct err *e)
{
	uint64_t now = clock_unix(), until = now + p->l.lease_s;

	switch (t->verb) {
	case BEAT:
		return db_job_beat(p->store, l->seq, until, t->text, e);
	case REPORT:
		return db_job_report(p->store, l->seq, until, t->text, t->kept, e);
	case END:
		return end(p, l, t, e);
	default:
		return db_job_release(p->store, l->seq, now + t->after, now,
		    t->fault, e);
	}
}

static void
refuse(struct request *r, int status)
{
	answer_text(r, status, status == 404 ? "no such thing\n" : status == 400 ?
	    "not a JSON object\n" : "no memory\n");
}

void
job_told(struct proxy *p, struct request *r, const struct leased *l,
    const char *at)
{
	struct told t;
	struct err e;
	enum verb verb;
	int status = read_told(&t, r, at), done;

	if (status != 200) {
		told_free(&t);
		refuse(r, status);
		return;
	}
	done = take_down(p, l, &t, &e);
	if (done > 0)
		count(p, l, &t);
	verb = t.verb;
	told_free(&t);
	if (done < 0) {
		job_broken(r, &e);
		return;
	}
	/* The network may have two requests of one input, when an answer was
	 * lost. */
	if (done > 0 && verb == END && l->owned &&
	    db_jobs_need(p->store, l->stdin_id, &e) != 1)
		upload_drop(p, l->stdin_id);
	if (done > 0 && verb == RELEASE)
		jobs_wake(p);
	answer(r, l->cancelled && verb == BEAT ? 410 : 200, NULL, NULL, 0);
}
