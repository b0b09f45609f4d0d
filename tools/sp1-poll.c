/*
 * sp1-poll: waits until a request has its proof or has failed, and says which, with
 * the cause, in the record.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/args.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/progress.h"
#include "rpc/cli.h"
#include "rpc/shown.h"
#include "wire/error_trace.h"
#include "wire/network.h"
#include "wire/record.h"

#define INTERVAL_MS 2000	/* the SDK's */

static const char *timeout_s, *interval;
static struct rpc_cli cli;

static const struct arg_opt opts[] = {
	{ 't', "timeout", "SECONDS", "give up then (default: the deadline)",
	    .value = &timeout_s },
	{ 0, "interval", "MS", "between two questions (default: 2000)",
	    .value = &interval },
	RPC_CLI_URL(cli),
	RPC_CLI_REST(cli),
	{ 0 }
};

static const struct args args = {
	.name = "sp1-poll",
	.synopsis = "[-t SECONDS] [--interval MS] [-u URL] [RECORD]",
	.about = "Waits for the end of a proof request: 0 fulfilled, 1 not, 75 not "
	    "yet.",
	.example = "sp1-poll -t 600 < record | sp1-fetch -o proof.bin",
	.opts = opts, .min = 0, .max = 1,
};

/* A name, or the number where the protocol has grown. */
static void
set_name(struct record *rec, const char *key, const char *name, int number)
{
	if (name)
		record_set_str(rec, key, name);
	else
		record_set_json(rec, key, json_integer(number));
}

static void
set_text(struct record *rec, const char *key, bool has, struct pb_bytes b)
{
	char *s = has ? strndup((const char *)b.p, b.n) : NULL;

	if (s)
		record_set_str(rec, key, s);
	free(s);
}

static void
note(struct record *rec, const struct net_status *s)
{
	set_name(rec, "fulfillment_status",
	    net_fulfillment_name(s->fulfillment_status), s->fulfillment_status);
	set_name(rec, "execution_status",
	    net_execution_name(s->execution_status), s->execution_status);
	record_set_u64(rec, "deadline", s->deadline);
	set_text(rec, "proof_uri", s->has_proof_uri, s->proof_uri);
	if (s->has_fulfill_tx_hash)
		record_set_hex(rec, "fulfill_tx_hash", s->fulfill_tx_hash.p,
		    s->fulfill_tx_hash.n);
	if (s->has_public_values_hash)
		record_set_hex(rec, "public_values_hash",
		    s->public_values_hash.p, s->public_values_hash.n);
}

/* What whoever ran it tells, where the network passes it on. */
static void
note_trace(struct record *rec, const struct net_request *q)
{
	struct err e;
	json_t *trace;

	if (!q->has_error_trace)
		return;
	trace = error_trace_read(q->error_trace.p, q->error_trace.n, &e);
	if (trace)
		record_set_json(rec, "error_trace", trace);
	else if (cli.verbose)
		complain("%s", e.msg);
}

/* Why it failed; a network that does not tell leaves the record without.  The record's
 * field that says it best, or NULL. */
static const char *
causes(struct rpc *r, struct record *rec, const uint8_t id[static 32])
{
	struct net_request_id q = { { id, 32 } };
	struct net_details d;
	struct rpc_reply reply;
	struct arena a;
	struct err e;
	const char *cause = NULL;

	arena_init(&a, 1 << 24);
	if (rpc_pb(r, NET_DETAILS, &pb_net_request_id, &q, &pb_net_details, &d,
	    &a, &reply, &e) < 0) {
		if (cli.verbose)
			complain("no details: %s", e.msg);
	} else if (d.has_request) {
		if (d.request.error) {
			set_name(rec, "cause", net_error_name(d.request.error),
			    d.request.error);
			cause = "cause";
		}
		if (d.request.execute_fail_cause) {
			set_name(rec, "execute_fail_cause", net_cause_name(
			    d.request.execute_fail_cause),
			    d.request.execute_fail_cause);
			cause = "execute_fail_cause";
		}
		if (d.request.has_cycles)
			record_set_u64(rec, "cycles", d.request.cycles);
		if (d.request.has_gas_used)
			record_set_u64(rec, "gas_used", d.request.gas_used);
		note_trace(rec, &d.request);
	}
	arena_free(&a);
	return cause;
}

/* Another's words for a terminal: no control characters. */
static void
set_tame(struct record *rec, const char *key, const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		die(EX_OSERR, "out of memory");
	for (char *p = copy; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	record_set_str(rec, key, copy);
	free(copy);
}

/* What the enclave tells the holder of the upload's token: more than the network
 * knows.  Without it the record is what the network says.  Was a cause told? */
static bool
enclave_report(struct rpc *r, struct record *rec, const uint8_t id[static 32])
{
	static const char *const numbers[] = { "exit_code", "cycles", "gas" };
	static const char *const texts[] = { "cause", "detail" };
	bool told = false;
	const char *url, *text;
	struct record report;
	struct err e;
	uint8_t *p, of[32];
	uint64_t x;
	size_t n;

	if (!record_has(rec, "report_url") ||
	    record_str(rec, "report_url", &url, &e) < 0)
		return false;
	if (rpc_get(r, url, 1 << 20, &p, &n, NULL, &e) < 0) {
		if (cli.verbose)
			complain("no report: %s", e.msg);
		return false;
	}
	if (record_parse(&report, (const char *)p, n, &e) < 0) {
		complain("the enclave's report: %s", e.msg);
	} else if (record_has(&report, "request_id") &&
	    (record_hex(&report, "request_id", of, 32, &e) < 0 ||
	    memcmp(of, id, 32) != 0)) {
		/* An input may be named by several requests. */
		if (cli.verbose)
			complain("the enclave's report is of another request");
	} else {
		told = record_has(&report, "cause");
		for (size_t i = 0; i < 2; i++)
			if (record_has(&report, texts[i]) && record_str(
			    &report, texts[i], &text, &e) == 0)
				set_tame(rec, texts[i], text);
		for (size_t i = 0; i < 3; i++)
			if (record_has(&report, numbers[i]) && record_u64(
			    &report, numbers[i], &x, &e) == 0)
				record_set_u64(rec, numbers[i], x);
	}
	record_free(&report);
	free(p);
	return told;
}

enum state { OPEN, FULFILLED, FAILED, LATE, UNKNOWN };

/* In the SDK's order (sp1-network(7), Statuses): a proof counts even past the deadline.
 *  A number that the protocol has got since is neither a failure nor a reason to wait:
 * who asks again then may pay twice. */
static enum state
judge(const struct net_status *s)
{
	if (s->fulfillment_status == NET_FULFILLED)
		return FULFILLED;
	if (!net_fulfillment_name(s->fulfillment_status))
		return UNKNOWN;
	if (s->execution_status == NET_UNEXECUTABLE)
		return FAILED;
	if (s->fulfillment_status >= NET_UNFULFILLABLE)
		return FAILED;
	if (!net_execution_name(s->execution_status))
		return UNKNOWN;
	if (clock_unix() > s->deadline)
		return LATE;
	return OPEN;
}

static int
fetch_status(struct rpc *r, const uint8_t id[static 32], struct record *rec,
    enum state *state, struct err *e)
{
	struct net_request_id q = { { id, 32 } };
	struct rpc_reply reply;
	struct net_status s;
	struct arena a;
	int k;

	arena_init(&a, 1 << 20);
	k = rpc_pb(r, NET_STATUS, &pb_net_request_id, &q, &pb_net_status, &s, &a,
	    &reply, e);
	if (k == 0) {
		note(rec, &s);
		*state = judge(&s);
		if (*state == FULFILLED && (!s.has_proof_uri || !s.proof_uri.n))
			k = err_set(e, EX_PROTOCOL, "%s tells no place of the "
			    "proof", rpc_url(r));
	}
	arena_free(&a);
	return k;
}

#define NUMBER 24
#define TRACE 500

/* A name, or the number that has none, in `room`. */
static const char *
text_of(const struct record *rec, const char *key, char room[static NUMBER])
{
	json_t *v = json_object_get(rec->o, key);

	if (json_is_string(v))
		return json_string_value(v);
	if (!json_is_integer(v))
		return "not known";
	snprintf(room, NUMBER, "%lld", (long long)json_integer_value(v));
	return room;
}

/* Of the record's error_trace kind and message, on one line: ", program_panic: ...". */
static const char *
trace_text(const struct record *rec, char out[static TRACE])
{
	const json_t *trace = json_object_get(rec->o, "error_trace");
	const char *kind = json_string_value(json_object_get(trace, "kind")),
	    *message = json_string_value(json_object_get(trace, "message"));
	char tame[TRACE - 40];

	out[0] = '\0';
	if (message)
		snprintf(out, TRACE, "; %.30s: %s", kind ? kind : "unknown",
		    shown_text(tame, sizeof tame, (const uint8_t *)message,
		    strlen(message)));
	return out;
}

/* Says how it ended, or how far it is; the exit status.  cause: the field of the record
 * that tells why, or NULL. */
static int
tell(const struct record *rec, enum state state, const char *cause)
{
	char a[NUMBER], b[NUMBER], c[NUMBER], exit_code[40] = "", trace[TRACE];
	const char *fulfillment = text_of(rec, "fulfillment_status", a),
	    *execution = text_of(rec, "execution_status", b);
	uint64_t code;

	if (record_has(rec, "exit_code") &&
	    record_u64(rec, "exit_code", &code, NULL) == 0 && code)
		snprintf(exit_code, sizeof exit_code, ", exit code %llu",
		    (unsigned long long)code);
	switch (state) {
	case FULFILLED:
		return 0;
	case FAILED:
		complain("the request ended %s, %s%s%s%s%s%s%s", fulfillment,
		    execution, cause ? ": " : "",
		    cause ? text_of(rec, cause, c) : "", exit_code,
		    record_has(rec, "detail") ? ": " : "",
		    record_has(rec, "detail") ? text_of(rec, "detail", c) : "",
		    trace_text(rec, trace));
		return EX_NO;
	case LATE:
		complain("the request's deadline has passed");
		return EX_NO;
	case UNKNOWN:
		complain("the network tells a status that is not known here: "
		    "fulfillment %s, execution %s; the request may be open",
		    fulfillment, execution);
		return EX_PROTOCOL;
	default:
		complain("the request is still %s", fulfillment);
		return EX_TEMPFAIL;
	}
}

static int64_t until, wait;	/* of clock_ms(), 0: for ever; ms */
static bool away;		/* a server that did not answer in time */

/* No question goes on past -t.  Each record's first has a second all the same, while the
 * servers answer: of many records the last may have its proof. */
static void
limit(struct rpc *r, bool first)
{
	int64_t soon = clock_ms() + 1000;

	if (until)
		rpc_until(r, first && !away && soon > until ? soon : until);
}

/* Asks until it has ended, or the time is up. */
static int
watch(struct rpc *r, struct record *rec, const uint8_t id[static 32],
    enum state *state, struct err *e)
{
	char a[NUMBER], b[NUMBER];
	int64_t began = clock_ms();

	for (bool first = true;; first = false) {
		struct timespec t = { wait / 1000, wait % 1000 * 1000000 };

		limit(r, first);
		if (fetch_status(r, id, rec, state, e) < 0)
			return -1;
		progress("%s, %s, %llds", text_of(rec, "fulfillment_status", a),
		    text_of(rec, "execution_status", b),
		    (long long)(clock_ms() - began) / 1000);
		if (*state != OPEN || (until && clock_ms() + wait > until))
			return 0;
		nanosleep(&t, NULL);
	}
}

/* The exit status.  A server that is away leaves the record as it is then: it resumes. */
static int
one(struct record *rec)
{
	const char *url, *cause;
	enum state state = OPEN;
	uint8_t id[32];
	struct rpc *r;
	struct err e;
	bool failed;

	if (record_opt_str(rec, "url", &url, &e) < 0 ||
	    record_hex(rec, "request_id", id, 32, &e) < 0)
		die_err(&e);
	r = rpc_cli_open(&cli, url, &e);
	if (!r)
		die_err(&e);
	failed = watch(r, rec, id, &state, &e) < 0;
	progress_clear();
	if (failed && e.status != EX_TEMPFAIL)
		die_err(&e);
	if (failed) {
		away = true;
		complain("%s", e.msg);
	}
	cause = state == FAILED ? causes(r, rec, id) : NULL;
	if (state != OPEN && enclave_report(r, rec, id) && state == FAILED)
		cause = "cause";
	if (record_write(rec, stdout, "standard output", &e) < 0)
		die_err(&e);
	rpc_free(r);
	return failed ? EX_TEMPFAIL : tell(rec, state, cause);
}

int
main(int argc, char **argv)
{
	int i = args_parse(&args, argc, argv), status = 0, k, n = 0;
	struct record rec = { 0 };
	struct err e;
	FILE *f;

	until = timeout_s ? clock_ms() + 1000 * (int64_t)args_u64(&args, "-t",
	    timeout_s, 0, 1000000000) : 0;
	wait = interval ? (int64_t)args_u64(&args, "--interval", interval, 10,
	    3600000) : INTERVAL_MS;
	f = record_open(argv[i], &e);
	if (!f)
		die_err(&e);
	progress_start();
	while ((k = record_next(&rec, f, in_name(argv[i]), &e)) > 0) {
		int s = one(&rec);

		/* Of several, 75 while any is open: another call may help. */
		if (s > status)
			status = s;
		record_free(&rec);
		n++;
	}
	if (k < 0)
		die_err(&e);
	if (n == 0)
		die(EX_DATAERR, "%s holds no record", in_name(argv[i]));
	return status;
}
