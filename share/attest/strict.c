#include "attest/strict.h"

#include "attest/date.h"
#include "base/hex.h"

json_t *
strict_load(struct bytes text, const char *what, struct err *e)
{
	json_error_t je;
	json_t *o = json_loadb((const char *)text.p, text.n,
	    JSON_REJECT_DUPLICATES, &je);

	if (o == NULL)
		err_set(e, EX_DATAERR, "%s: %s (line %d, column %d)", what,
		    je.text, je.line, je.column);
	return o;
}

/* Of well-formed JSON: where the value at p ends. */
static const uint8_t *
skip_string(const uint8_t *p, const uint8_t *end)
{
	for (p++; p < end && *p != '"'; p++)
		if (*p == '\\')
			p++;
	return p < end ? p + 1 : end;
}

static const uint8_t *
skip_value(const uint8_t *p, const uint8_t *end)
{
	int depth = 0;

	while (p < end) {
		if (*p == '"') {
			p = skip_string(p, end);
		} else if (*p == '{' || *p == '[') {
			depth++;
			p++;
		} else if (depth > 0 && (*p == '}' || *p == ']')) {
			depth--;
			p++;
		} else if (depth == 0) {	/* a number, true, false, null */
			while (p < end && strchr(",}] \t\r\n", *p) == NULL)
				p++;
		} else {
			p++;
			continue;
		}
		if (depth == 0)
			break;
	}
	return p;
}

static const uint8_t *
skip_blanks(const uint8_t *p, const uint8_t *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n' ||
	    *p == ',' || *p == ':'))
		p++;
	return p;
}

int
strict_slice(struct bytes *out, struct bytes text, const char *key,
    struct err *e)
{
	const uint8_t *end = text.p + text.n, *p = skip_blanks(text.p, end);
	size_t n = strlen(key);

	if (p < end && *p == '{')
		for (p = skip_blanks(p + 1, end); p < end && *p == '"';
		    p = skip_blanks(out->p + out->n, end)) {
			const uint8_t *name = p + 1;

			p = skip_string(p, end);
			out->p = skip_blanks(p, end);
			out->n = (size_t)(skip_value(out->p, end) - out->p);
			/* A name with escapes is another name here. */
			if ((size_t)(p - name) == n + 1 &&
			    memcmp(name, key, n) == 0)
				return 0;
		}
	return err_set(e, EX_DATAERR, "no %s", key);
}

const char *
strict_str(const json_t *o, const char *key, struct err *e)
{
	const json_t *v = json_object_get(o, key);

	if (!json_is_string(v)) {
		err_set(e, EX_DATAERR, v ? "%s is not a string" : "no %s", key);
		return NULL;
	}
	return json_string_value(v);
}

json_t *
strict_array(const json_t *o, const char *key, struct err *e)
{
	json_t *v = json_object_get(o, key);

	if (json_is_array(v))
		return v;
	err_set(e, EX_DATAERR, v ? "%s is not an array" : "no %s", key);
	return NULL;
}

json_t *
strict_object(const json_t *o, const char *key, struct err *e)
{
	json_t *v = json_object_get(o, key);

	if (json_is_object(v))
		return v;
	err_set(e, EX_DATAERR, v ? "%s is not an object" : "no %s", key);
	return NULL;
}

int
strict_uint(const json_t *o, const char *key, uint64_t max, uint64_t *out,
    struct err *e)
{
	const json_t *v = json_object_get(o, key);

	if (!json_is_integer(v) || json_integer_value(v) < 0 ||
	    (uint64_t)json_integer_value(v) > max)
		return err_set(e, EX_DATAERR, v ? "%s is not a number up to %llu" :
		    "no %s", key, (unsigned long long)max);
	*out = (uint64_t)json_integer_value(v);
	return 0;
}

int
strict_hex(const json_t *o, const char *key, uint8_t *out, size_t n,
    struct err *e)
{
	const char *s = strict_str(o, key, e);

	if (s == NULL)
		return -1;
	if (strlen(s) != 2 * n || s[strspn(s, "0123456789abcdefABCDEF")] != 0 ||
	    hex_decode(out, n, s))
		return err_set(e, EX_DATAERR, "%s is not %zu bytes in "
		    "hexadecimal", key, n);
	return 0;
}

int
strict_date(const json_t *o, const char *key, int64_t *out, struct err *e)
{
	const char *s = strict_str(o, key, e);

	if (s == NULL)
		return -1;
	if (date_parse(out, s) == 0)
		return 0;
	return err_set(e, EX_DATAERR, "%s is no date as 2026-01-31T12:00:00Z",
	    key);
}

long
plain_hex_length(const char *text, size_t len)
{
	if (len % 2 != 0)
		return -1;
	for (size_t i = 0; i < len; i++)
		if (!(text[i] >= '0' && text[i] <= '9') &&
		    !(text[i] >= 'a' && text[i] <= 'f'))
			return -1;
	return (long)(len / 2);
}

static uint8_t
digit(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

int
plain_hex(uint8_t *out, size_t n, const char *text, size_t len)
{
	if (plain_hex_length(text, len) != (long)n)
		return -1;
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(digit(text[2 * i]) << 4 |
		    digit(text[2 * i + 1]));
	return 0;
}
