#include "wire/error_trace.h"

#include <stdbool.h>
#include <string.h>

#define KIB ((size_t)1 << 10)
#define IDENTIFIER ((size_t)256)

/* The fields, in the order in which they are kept.  words: all values of one that has few,
 * the last for any other. */
static const struct field {
	const char *key;
	enum { TEXT, WORD, NUMBER, ANY, PANIC } type;
	size_t most;
	const char *const *words;
} fields[] = {
	{ "source", WORD, 0, (const char *const[]){ "cluster", "executor",
	    "program", "bridge", "unknown", NULL } },
	{ "kind", WORD, 0, (const char *const[]){ "program_panic",
	    "executor_error", "cluster_error", "unknown", NULL } },
	{ "message", TEXT, 4 * KIB, NULL },
	{ "details", ANY, 16 * KIB, NULL },
	{ "phase", TEXT, IDENTIFIER, NULL },
	{ "exit_code", NUMBER, 0, NULL },
	{ "stderr_excerpt", TEXT, 8 * KIB, NULL },
	{ "stack_trace", ANY, 16 * KIB, NULL },
	{ "panic", PANIC, 0, NULL },
	{ "request_id", TEXT, IDENTIFIER, NULL },
	{ "job_id", TEXT, IDENTIFIER, NULL },
	{ "cluster_id", TEXT, IDENTIFIER, NULL },
	{ "timestamp", TEXT, IDENTIFIER, NULL },
}, panic_fields[] = {
	{ "message", TEXT, 4 * KIB, NULL },
	{ "location", TEXT, 512, NULL },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static json_t *
text(const json_t *v, size_t most)
{
	const char *s = json_string_value(v);
	size_t n = json_string_length(v);

	if (!s)
		return NULL;
	if (n > most)	/* not within a character */
		for (n = most; n && ((unsigned char)s[n] & 0xc0) == 0x80; n--)
			;
	return json_stringn(s, n);
}

static json_t *
word(const json_t *v, const char *const *words)
{
	const char *s = json_string_value(v);

	if (!s)
		return NULL;
	while (words[1] && strcmp(*words, s) != 0)
		words++;
	return json_string(*words);
}

static size_t
size(const json_t *v)
{
	return json_dumpb(v, NULL, 0, JSON_COMPACT | JSON_ENCODE_ANY);
}

static json_t *read_object(const json_t *in, const struct field *f, size_t n);

/* A field's value as it may be kept, or NULL. */
static json_t *
value(const json_t *v, const struct field *f)
{
	switch (f->type) {
	case WORD:
		return word(v, f->words);
	case NUMBER:
		return json_is_integer(v) ? json_copy((json_t *)v) : NULL;
	case PANIC:
		return json_is_object(v) ? read_object(v, panic_fields,
		    COUNT(panic_fields)) : NULL;
	case ANY:
		if (!json_is_string(v))
			return v && !json_is_null(v) && size(v) <= f->most ?
			    json_deep_copy(v) : NULL;
		/* fallthrough */
	default:
		return text(v, f->most);
	}
}

static json_t *
read_object(const json_t *in, const struct field *f, size_t n)
{
	json_t *out = json_object();

	for (size_t i = 0; out && i < n; i++) {
		json_t *v = value(json_object_get(in, f[i].key), &f[i]);

		if (v && json_object_set_new(out, f[i].key, v) < 0) {
			json_decref(out);
			out = NULL;
		}
	}
	return out;
}

/* Leaves out what matters least until the rest has room. */
static void
bound(json_t *trace)
{
	static const char *const least[] = { "stack_trace", "stderr_excerpt",
		"details", "panic" };	/* the rest fits, even all escaped */

	for (size_t i = 0; i < COUNT(least) && size(trace) > ERROR_TRACE_ALL; i++)
		ignore(json_object_del(trace, least[i]));
}

json_t *
error_trace_read(const void *p, size_t n, struct err *e)
{
	json_t *in = NULL, *out = NULL, *version;

	if (n > ERROR_TRACE_WIRE)
		err_set(e, EX_DATAERR, "error_trace of %zu bytes", n);
	else if (!(in = json_loadb(p, n, JSON_REJECT_DUPLICATES, NULL)) ||
	    !json_is_object(in))
		err_set(e, EX_DATAERR, "error_trace is no JSON object");
	else if (!json_is_integer(version = json_object_get(in, "version")) ||
	    json_integer_value(version) != 1)
		err_set(e, EX_DATAERR, "error_trace is not of version 1");
	else if (!json_is_string(json_object_get(in, "message")))
		err_set(e, EX_DATAERR, "error_trace has no message");
	else if (!(version = json_pack("{s:i}", "version", 1)) ||
	    !(out = read_object(in, fields, COUNT(fields))) ||
	    json_object_update_missing(version, out) < 0) {
		err_set(e, EX_OSERR, "out of memory");
		json_decref(version);
		json_decref(out);
		out = NULL;
	} else {
		json_decref(out);
		out = version;
		bound(out);
	}
	json_decref(in);
	return out;
}
