#include "client/end.h"

#include <string.h>

#include "client/words.h"
#include "rpc/shown.h"

#define TRACE 500

/* Of the record's error_trace kind and message, on one line: "; program_panic: ...". */
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

static void
failure(char out[static END_WORDS], const struct record *rec,
    const char *fulfillment, const char *execution, const char *cause)
{
	char c[WORDS_NUMBER], d[WORDS_NUMBER], exit_code[40] = "", trace[TRACE];
	bool detail = record_has(rec, "detail");
	uint64_t code;

	if (record_has(rec, "exit_code") &&
	    record_u64(rec, "exit_code", &code, NULL) == 0 && code)
		snprintf(exit_code, sizeof exit_code, ", exit code %llu",
		    (unsigned long long)code);
	snprintf(out, END_WORDS, "the request ended %s, %s%s%s%s%s%s%s",
	    fulfillment, execution, cause ? ": " : "",
	    cause ? words_of(rec, cause, c) : "", exit_code,
	    detail ? ": " : "", detail ? words_of(rec, "detail", d) : "",
	    trace_text(rec, trace));
}

int
end_words(char out[static END_WORDS], const struct record *rec,
    enum status_state state, const char *cause)
{
	char a[WORDS_NUMBER], b[WORDS_NUMBER];
	const char *fulfillment = words_of(rec, "fulfillment_status", a),
	    *execution = words_of(rec, "execution_status", b);

	out[0] = '\0';
	switch (state) {
	case STATUS_FULFILLED:
		return 0;
	case STATUS_FAILED:
		failure(out, rec, fulfillment, execution, cause);
		return EX_NO;
	case STATUS_LATE:
		snprintf(out, END_WORDS, "the request's deadline has passed");
		return EX_NO;
	case STATUS_UNKNOWN:
		snprintf(out, END_WORDS, "the network tells a status that is not "
		    "known here: fulfillment %s, execution %s; the request may "
		    "be open", fulfillment, execution);
		return EX_PROTOCOL;
	default:
		snprintf(out, END_WORDS, "the request is still %s", fulfillment);
		return EX_TEMPFAIL;
	}
}

int
end_no_proof(const struct record *rec, struct err *e)
{
	const char *status, *why = NULL;

	if (json_is_integer(json_object_get(rec->o, "fulfillment_status")))
		return err_set(e, EX_DATAERR, "the record has no proof_uri, and "
		    "a fulfillment_status that is not known here: sp1-poll it "
		    "again");
	if (!record_has(rec, "fulfillment_status") ||
	    record_str(rec, "fulfillment_status", &status, e) < 0)
		return err_set(e, EX_DATAERR, "the record has no proof_uri: "
		    "sp1-poll it first");
	if (record_has(rec, "execute_fail_cause"))
		ignore(record_str(rec, "execute_fail_cause", &why, e));
	else if (record_has(rec, "cause"))
		ignore(record_str(rec, "cause", &why, e));
	return err_set(e, EX_NO, "there is no proof: the request is %s%s%s",
	    status, why ? ", " : "", why ? why : "");
}
