#include "wire/record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/args.h"
#include "base/hex.h"
#include "base/io.h"

#define EXACT ((uint64_t)1 << 53)

void
record_init(struct record *r)
{
	r->o = json_object();
	r->failed = r->o == NULL;
}

void
record_free(struct record *r)
{
	json_decref(r->o);
	r->o = NULL;
}

int
record_parse(struct record *r, const char *p, size_t n, struct err *e)
{
	json_error_t je;

	r->failed = false;
	r->o = json_loadb(p, n, JSON_REJECT_DUPLICATES, &je);
	if (r->o == NULL)
		return err_set(e, EX_DATAERR, "not a record: %s (column %d)",
		    je.text, je.column);
	if (!json_is_object(r->o)) {
		record_free(r);
		return err_set(e, EX_DATAERR, "not a record: no JSON object");
	}
	return 0;
}

/* As getline(3), but never more than RECORD_MAX. */
static int
get_line(FILE *f, const char *name, char **line, size_t *n, struct err *e)
{
	size_t room = 0;
	char *p;
	int c;

	*line = NULL;
	*n = 0;
	while ((c = getc_unlocked(f)) != EOF && c != '\n') {
		if (*n == room) {
			room = room == 0 ? 1024 : 2 * room;
			p = *n < RECORD_MAX ? realloc(*line, room) : NULL;
			if (p == NULL) {
				free(*line);
				return err_set(e, EX_DATAERR,
				    "%s: line too long", name);
			}
			*line = p;
		}
		(*line)[(*n)++] = (char)c;
	}
	if (ferror(f)) {
		free(*line);
		return err_set(e, EX_IOERR, "cannot read %s:", name);
	}
	return c == '\n' || *n > 0;
}

static bool
is_blank(const char *p, size_t n)
{
	while (n > 0 && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++, n--;
	return n == 0;
}

int
record_next(struct record *r, FILE *f, const char *name, struct err *e)
{
	char *line;
	size_t n;
	int got;

	r->o = NULL;
	r->failed = false;
	while ((got = get_line(f, name, &line, &n, e)) == 1) {
		if (is_blank(line, n)) {
			free(line);
			continue;
		}
		if (record_parse(r, line, n, e) < 0)
			got = err_prefix(e, "%s", name);
		free(line);
		break;
	}
	return got;
}

FILE *
record_open(const char *path, struct err *e)
{
	FILE *f = path && strcmp(path, "-") != 0 ? fopen(path, "re") : stdin;

	if (!f)
		ignore(err_set(e, EX_NOINPUT, "cannot open %s:", path));
	return f;
}

int
record_need(struct record *r, FILE *f, const char *name, struct err *e)
{
	int k = record_next(r, f, name, e);

	return k == 0 ? err_set(e, EX_DATAERR, "%s holds no record", name) :
	    k < 0 ? -1 : 0;
}

int
record_each(const char *path, void (*on_record)(struct record *r, void *ctx),
    void *ctx, struct err *e)
{
	FILE *f = record_open(path, e);
	struct record r = { 0 };
	size_t n = 0;
	int k;

	if (f == NULL)
		return -1;
	for (; (k = record_next(&r, f, in_name(path), e)) > 0; n++) {
		on_record(&r, ctx);
		record_free(&r);
	}
	if (f != stdin)
		fclose(f);
	if (k == 0 && n == 0)
		return err_set(e, EX_DATAERR, "%s holds no record",
		    in_name(path));
	return k;
}

bool
record_has(const struct record *r, const char *key)
{
	return json_object_get(r->o, key) != NULL;
}

static int
wrong(const struct record *r, const char *key, const char *want, struct err *e)
{
	if (!record_has(r, key))
		return err_set(e, EX_DATAERR, "the record has no %s", key);
	return err_set(e, EX_DATAERR, "the record's %s is not %s", key, want);
}

int
record_str(const struct record *r, const char *key, const char **out,
    struct err *e)
{
	const char *s = json_string_value(json_object_get(r->o, key));

	if (s == NULL)
		return wrong(r, key, "a string", e);
	*out = s;
	return 0;
}

int
record_opt_str(const struct record *r, const char *key, const char **out,
    struct err *e)
{
	*out = NULL;
	return record_has(r, key) ? record_str(r, key, out, e) : 0;
}

int
record_u64(const struct record *r, const char *key, uint64_t *out,
    struct err *e)
{
	const json_t *v = json_object_get(r->o, key);
	const char *s = json_string_value(v);

	if (json_is_integer(v) && json_integer_value(v) >= 0) {
		*out = (uint64_t)json_integer_value(v);
		return 0;
	}
	if (s == NULL || s[strspn(s, "0123456789")] != '\0' ||
	    parse_u64(s, out) < 0)
		return wrong(r, key, "a number", e);
	return 0;
}

int
record_bool(const struct record *r, const char *key, bool *out, struct err *e)
{
	const json_t *v = json_object_get(r->o, key);

	if (!json_is_boolean(v))
		return wrong(r, key, "true or false", e);
	*out = json_is_true(v);
	return 0;
}

int
record_hex(const struct record *r, const char *key, uint8_t *out, size_t n,
    struct err *e)
{
	const char *s = json_string_value(json_object_get(r->o, key));
	char want[48];

	if (s != NULL && hex_decode(out, n, s) == 0)
		return 0;
	snprintf(want, sizeof(want), "%zu bytes as 0x...", n);
	return wrong(r, key, want, e);
}

int
record_bytes(const struct record *r, const char *key, uint8_t **out,
    size_t *n, struct err *e)
{
	const char *s = json_string_value(json_object_get(r->o, key));
	long len = s != NULL ? hex_length(s) : -1;
	uint8_t *p;

	if (len < 0)
		return wrong(r, key, "bytes as 0x...", e);
	p = malloc((size_t)len + 1);
	if (p == NULL)
		return err_set(e, EX_OSERR, "out of memory");
	if (hex_decode(p, (size_t)len, s) < 0) {
		free(p);
		return wrong(r, key, "bytes as 0x...", e);
	}
	*out = p;
	*n = (size_t)len;
	return 0;
}

void
record_set_json(struct record *r, const char *key, json_t *value)
{
	if (r->failed || value == NULL)
		json_decref(value);
	if (value == NULL || r->failed ||
	    json_object_set_new(r->o, key, value) < 0)
		r->failed = true;
}

void
record_set_str(struct record *r, const char *key, const char *value)
{
	record_set_json(r, key, json_string(value));
}

void
record_set_u64(struct record *r, const char *key, uint64_t value)
{
	char digits[24];

	if (value <= EXACT) {
		record_set_json(r, key, json_integer((json_int_t)value));
		return;
	}
	snprintf(digits, sizeof(digits), "%llu", (unsigned long long)value);
	record_set_str(r, key, digits);
}

void
record_set_bool(struct record *r, const char *key, bool value)
{
	record_set_json(r, key, json_boolean(value));
}

void
record_set_hex(struct record *r, const char *key, const void *p, size_t n)
{
	char *s = malloc(2 * n + 3);

	if (s == NULL) {
		r->failed = true;
		return;
	}
	memcpy(s, "0x", 2);
	hex_encode(s + 2, p, n);
	record_set_str(r, key, s);
	free(s);
}

void
record_unset(struct record *r, const char *key)
{
	json_object_del(r->o, key);
}

char *
record_format(const struct record *r)
{
	return r->failed ? NULL : json_dumps(r->o, JSON_COMPACT);
}

int
record_write(const struct record *r, FILE *f, const char *name, struct err *e)
{
	char *line = record_format(r);
	int bad;

	if (line == NULL)
		return err_set(e, EX_OSERR, "cannot format a record");
	bad = fprintf(f, "%s\n", line) < 0 || fflush(f) != 0;
	free(line);
	return bad ? err_set(e, EX_IOERR, "cannot write %s:", name) : 0;
}
