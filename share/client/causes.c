#include "client/causes.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "client/words.h"
#include "rpc/cli.h"
#include "wire/error_trace.h"
#include "wire/network.h"

#define REPORT_CAP 1048576

/* What whoever ran it tells, where the network passes it on. */
static void
note_trace(struct record *rec, const struct net_request *q, bool verbose)
{
	struct err e;
	json_t *trace;

	if (!q->has_error_trace)
		return;
	trace = error_trace_read(q->error_trace.p, q->error_trace.n, &e);
	if (trace)
		record_set_json(rec, "error_trace", trace);
	else if (verbose)
		complain("%s", e.msg);
}

static const char *
note_details(struct record *rec, const struct net_request *q, bool verbose)
{
	const char *cause = NULL;

	if (q->error) {
		words_set(rec, "cause", net_error_name(q->error), q->error);
		cause = "cause";
	}
	if (q->execute_fail_cause) {
		words_set(rec, "execute_fail_cause",
		    net_cause_name(q->execute_fail_cause),
		    q->execute_fail_cause);
		cause = "execute_fail_cause";
	}
	if (q->has_cycles)
		record_set_u64(rec, "cycles", q->cycles);
	if (q->has_gas_used)
		record_set_u64(rec, "gas_used", q->gas_used);
	note_trace(rec, q, verbose);
	return cause;
}

static const char *
ask_network(struct rpc *r, struct record *rec, const uint8_t id[static 32],
    bool verbose)
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
		if (verbose)
			complain("no details: %s", e.msg);
	} else if (d.has_request)
		cause = note_details(rec, &d.request, verbose);
	arena_free(&a);
	return cause;
}

/* Another's words for a terminal: no control characters. */
static void
set_tame(struct record *rec, const char *key, const char *text)
{
	char *copy = strdup(text);

	rec->failed |= !copy;
	for (char *p = copy; p && *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	if (copy)
		record_set_str(rec, key, copy);
	free(copy);
}

static void
note_report(struct record *rec, const struct record *report)
{
	static const char *const numbers[] = { "exit_code", "cycles", "gas" };
	static const char *const texts[] = { "cause", "detail" };
	const char *text;
	uint64_t x;

	for (size_t i = 0; i < 2; i++)
		if (record_has(report, texts[i]) &&
		    record_str(report, texts[i], &text, NULL) == 0)
			set_tame(rec, texts[i], text);
	for (size_t i = 0; i < 3; i++)
		if (record_has(report, numbers[i]) &&
		    record_u64(report, numbers[i], &x, NULL) == 0)
			record_set_u64(rec, numbers[i], x);
}

/* Was a cause told? */
static bool
ask_enclave(struct rpc *r, struct record *rec, const uint8_t id[static 32],
    bool verbose)
{
	bool told = false;
	struct record report;
	const char *url;
	uint8_t *p, of[32];
	struct err e;
	size_t n;

	if (!record_has(rec, "report_url") ||
	    record_str(rec, "report_url", &url, &e) < 0)
		return false;
	if (rpc_get(r, url, REPORT_CAP, &p, &n, NULL, &e) < 0) {
		if (verbose)
			complain("no report: %s", e.msg);
		return false;
	}
	if (record_parse(&report, (const char *)p, n, &e) < 0) {
		complain("the enclave's report: %s", e.msg);
	} else if (record_has(&report, "request_id") &&
	    (record_hex(&report, "request_id", of, 32, &e) < 0 ||
	    memcmp(of, id, 32) != 0)) {
		/* An input may be named by several requests. */
		if (verbose)
			complain("the enclave's report is of another request");
	} else {
		told = record_has(&report, "cause");
		note_report(rec, &report);
	}
	record_free(&report);
	free(p);
	return told;
}

const char *
causes_note(struct rpc *r, struct record *rec, const uint8_t id[static 32],
    enum status_state state, bool verbose)
{
	bool failed = state == STATUS_FAILED;
	const char *cause = failed ? ask_network(r, rec, id, verbose) : NULL;

	if (state != STATUS_OPEN && ask_enclave(r, rec, id, verbose) && failed)
		cause = "cause";
	return cause;
}
