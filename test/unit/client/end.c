/* How a request ended, in words and as an exit status. */
#include "client/end.h"

#include "client/words.h"
#include "test/lib/tap.h"

static struct record rec;

static void
set(const char *json)
{
	struct err e;

	record_free(&rec);
	if (!ok(record_parse(&rec, json, strlen(json), &e) == 0, "a record"))
		diag("%s", e.msg);
}

static void
ended(enum status_state state, const char *cause, int status,
    const char *words)
{
	char out[END_WORDS];

	is_int(end_words(out, &rec, state, cause), status, "status");
	is_str(out, words, "in words");
}

static void
no_proof(const char *json, int status, const char *why)
{
	struct err e = { 0 };

	set(json);
	ok(end_no_proof(&rec, &e) < 0, "is refused");
	is_int(e.status, status, "status");
	is_str(e.msg, why, "says why");
}

#define STATUSES "{\"fulfillment_status\":\"unfulfillable\"," \
	"\"execution_status\":\"unexecutable\","

static void
ends(void)
{
	char *long_text, json[4096], out[END_WORDS];

	set("{\"fulfillment_status\":\"assigned\",\"execution_status\":7}");
	ended(STATUS_FULFILLED, NULL, 0, "");
	ended(STATUS_OPEN, NULL, EX_TEMPFAIL, "the request is still assigned");
	ended(STATUS_LATE, NULL, EX_NO, "the request's deadline has passed");
	ended(STATUS_UNKNOWN, NULL, EX_PROTOCOL, "the network tells a status "
	    "that is not known here: fulfillment assigned, execution 7; the "
	    "request may be open");
	set("{\"fulfillment_status\":null}");
	ended(STATUS_OPEN, NULL, EX_TEMPFAIL, "the request is still not known");
	set(STATUSES "\"x\":1}");
	ended(STATUS_FAILED, NULL, EX_NO,
	    "the request ended unfulfillable, unexecutable");
	set(STATUSES "\"cause\":99,\"detail\":98,\"exit_code\":\"3\"}");
	ended(STATUS_FAILED, "cause", EX_NO, "the request ended unfulfillable, "
	    "unexecutable: 99, exit code 3: 98");
	set(STATUSES "\"exit_code\":0,\"error_trace\":{\"message\":\"a\\u001bb\"}}");
	ended(STATUS_FAILED, NULL, EX_NO, "the request ended unfulfillable, "
	    "unexecutable; unknown: a b");
	set(STATUSES "\"error_trace\":{\"kind\":\"program_panic\","
	    "\"message\":\"m\"}}");
	ended(STATUS_FAILED, NULL, EX_NO, "the request ended unfulfillable, "
	    "unexecutable; program_panic: m");
	/* Another's words have no end. */
	long_text = malloc(3000);
	memset(long_text, 'x', 2999);
	long_text[2999] = '\0';
	snprintf(json, sizeof json, STATUSES "\"detail\":\"%s\"}", long_text);
	free(long_text);
	set(json);
	is_int(end_words(out, &rec, STATUS_FAILED, NULL), EX_NO, "a long one");
	is_int(strlen(out), END_WORDS - 1, "is cut");
}

static void
fields(void)
{
	char room[WORDS_NUMBER];

	set("{}");
	words_set(&rec, "a", "assigned", 3);
	words_set(&rec, "b", NULL, 1234567890);
	is_str(words_of(&rec, "a", room), "assigned", "a name");
	is_str(words_of(&rec, "b", room), "1234567890", "a number without");
	is_str(words_of(&rec, "c", room), "not known", "none");
}

int
main(void)
{
	ends();
	fields();
	no_proof("{}", EX_DATAERR, "the record has no proof_uri: sp1-poll it "
	    "first");
	no_proof("{\"fulfillment_status\":9}", EX_DATAERR, "the record has no "
	    "proof_uri, and a fulfillment_status that is not known here: "
	    "sp1-poll it again");
	no_proof("{\"fulfillment_status\":\"unfulfillable\"}", EX_NO,
	    "there is no proof: the request is unfulfillable");
	no_proof("{\"fulfillment_status\":\"unfulfillable\",\"cause\":\"b\","
	    "\"execute_fail_cause\":\"a\"}", EX_NO,
	    "there is no proof: the request is unfulfillable, a");
	no_proof("{\"fulfillment_status\":\"unfulfillable\",\"cause\":\"b\"}",
	    EX_NO, "there is no proof: the request is unfulfillable, b");
	record_free(&rec);
	return done_testing();
}
