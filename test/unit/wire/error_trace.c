/* error_trace: what is kept of another's words, and how much. */
#include "wire/error_trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/lib/tap.h"

static void
kept(const char *in, const char *want)
{
	struct err e = { 0 };
	json_t *t = error_trace_read(in, strlen(in), &e);
	char *got = t ? json_dumps(t, JSON_COMPACT) : NULL;

	is_str(got ? got : e.msg, want, "%.50s", in);
	ok(t || e.status == EX_DATAERR, "its status");
	free(got);
	json_decref(t);
}

#define HEAD "{\"version\":1,\"source\":\"program\",\"kind\":\"program_panic\"," \
	"\"message\":\"m\""

static void
fields(void)
{
	kept(HEAD "}", HEAD "}");
	kept("{\"message\":\"m\",\"version\":1,\"kind\":\"new\",\"source\":\"moon\"}",
	    "{\"version\":1,\"source\":\"unknown\",\"kind\":\"unknown\","
	    "\"message\":\"m\"}");
	kept(HEAD ",\"exit_code\":101,\"other\":1,\"phase\":3,\"job_id\":\"j\","
	    "\"details\":{\"a\":[1]},\"stack_trace\":null,\"panic\":{\"message\":"
	    "\"p\",\"location\":\"l\",\"x\":1}}",
	    HEAD ",\"details\":{\"a\":[1]},\"exit_code\":101,\"panic\":"
	    "{\"message\":\"p\",\"location\":\"l\"},\"job_id\":\"j\"}");
	kept("{\"version\":2,\"message\":\"m\"}", "error_trace is not of version 1");
	kept("{\"message\":\"m\"}", "error_trace is not of version 1");
	kept("{\"version\":1}", "error_trace has no message");
	kept("[1]", "error_trace is no JSON object");
	kept("{\"version\":1,\"message\":\"\xff\"}", "error_trace is no JSON object");
	kept("", "error_trace is no JSON object");
}

/* A trace with one text of n two-byte characters, after one byte. */
static json_t *
with_text(const char *key, size_t n, struct err *e)
{
	static char in[200000];
	size_t at = (size_t)sprintf(in, "{\"version\":1,\"message\":\"m\",\"%s\":\"a",
	    key);

	if (strcmp(key, "message") == 0)
		at = (size_t)sprintf(in, "{\"version\":1,\"message\":\"a");
	for (size_t i = 0; i < n; i++, at += 2)
		memcpy(in + at, "\xc3\xa9", 2);
	at += (size_t)sprintf(in + at, "\"}");
	return error_trace_read(in, at, e);
}

static void
cut(const char *key, size_t want)
{
	struct err e = { 0 };
	json_t *t = with_text(key, 30000, &e);

	is_int(json_string_length(json_object_get(t, key)), want, "%s is cut", key);
	json_decref(t);
}

static void
total(void)
{
	static char in[50000];
	static const char *const keys[] = { "details", "stderr_excerpt",
		"stack_trace" };
	static const int sizes[] = { 16000, 8000, 12000 };
	size_t at = (size_t)sprintf(in, HEAD);
	struct err e = { 0 };
	json_t *t;

	for (size_t i = 0; i < 3; i++)
		at += (size_t)sprintf(in + at, ",\"%s\":\"%0*d\"", keys[i],
		    sizes[i], 0);
	at += (size_t)sprintf(in + at, "}");
	t = error_trace_read(in, at, &e);
	ok(t && !json_object_get(t, "stack_trace") &&
	    json_object_get(t, "stderr_excerpt") && json_object_get(t, "details"),
	    "the stack goes first");
	json_decref(t);
	/* what JSON must escape counts as it is written */
	at = (size_t)sprintf(in, "{\"version\":1,\"message\":\"m\",\"details\":\"");
	for (int i = 0; i < 5400; i++)
		at += (size_t)sprintf(in + at, "\\u0001");
	at += (size_t)sprintf(in + at, "\",\"stderr_excerpt\":\"%08000d\"}", 0);
	t = error_trace_read(in, at, &e);
	ok(t && !json_object_get(t, "stderr_excerpt") &&
	    json_object_get(t, "details"), "then standard error");
	json_decref(t);
}

int
main(void)
{
	struct err e;

	fields();
	cut("message", 4095);
	cut("phase", 255);
	cut("stderr_excerpt", 8191);
	cut("stack_trace", 16383);
	cut("details", 16383);
	ok(!with_text("details", 40000, &e) && e.status == EX_DATAERR,
	    "a long one: %s", e.msg);
	total();
	return done_testing();
}
