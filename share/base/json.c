#include "base/json.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define EXACT ((uint64_t)1 << 53)

void
jw_start(struct jw *j, FILE *f)
{
	memset(j, 0, sizeof(*j));
	j->f = f;
	j->array[0] = true;
}

static void
raw(struct jw *j, const char *s, size_t n)
{
	if (!j->failed && fwrite(s, 1, n, j->f) != n)
		j->failed = true;
}

__attribute__((format(printf, 2, 3))) static void
rawf(struct jw *j, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (!j->failed && vfprintf(j->f, fmt, ap) < 0)
		j->failed = true;
	va_end(ap);
}

/* The length of the piece at s that is UTF-8: a character, or 0. */
static size_t
character(const char *s, size_t n)
{
	size_t k;

	for (k = 1; k <= 4 && k <= n; k++)
		if (utf8_valid((const uint8_t *)s, k))
			return k;
	return 0;
}

static void
quoted(struct jw *j, const char *s, size_t n)
{
	size_t i, k;
	unsigned char c;

	raw(j, "\"", 1);
	for (i = 0; i < n; i += k) {
		c = (unsigned char)s[i];
		k = 1;
		if (c == '"' || c == '\\')
			rawf(j, "\\%c", c);
		else if (c == '\n')
			raw(j, "\\n", 2);
		else if (c == '\t')
			raw(j, "\\t", 2);
		else if (c < 0x20 || c == 0x7f)
			rawf(j, "\\u%04x", c);
		else if (c < 0x7f)
			raw(j, s + i, 1);
		else if ((k = character(s + i, n - i)) > 0)
			raw(j, s + i, k);
		else {
			raw(j, "\\ufffd", 6);
			k = 1;
		}
	}
	raw(j, "\"", 1);
}

/* The comma and the key that go before a value. */
static void
before(struct jw *j, const char *key)
{
	must(j->array[j->depth] == (key == NULL));
	must(j->depth > 0 || !j->more[0]);
	if (j->more[j->depth])
		raw(j, ",", 1);
	j->more[j->depth] = true;
	if (key != NULL) {
		quoted(j, key, strlen(key));
		raw(j, ":", 1);
	}
}

static void
begin(struct jw *j, const char *key, bool array)
{
	must(j->depth < JW_DEPTH);
	before(j, key);
	raw(j, array ? "[" : "{", 1);
	j->depth++;
	j->array[j->depth] = array;
	j->more[j->depth] = false;
}

void
jw_object(struct jw *j, const char *key)
{
	begin(j, key, false);
}

void
jw_array(struct jw *j, const char *key)
{
	begin(j, key, true);
}

void
jw_end(struct jw *j)
{
	must(j->depth > 0);
	raw(j, j->array[j->depth] ? "]" : "}", 1);
	j->depth--;
}

void
jw_strn(struct jw *j, const char *key, const char *s, size_t n)
{
	before(j, key);
	quoted(j, s, n);
}

void
jw_str(struct jw *j, const char *key, const char *s)
{
	jw_strn(j, key, s, strlen(s));
}

void
jw_u64(struct jw *j, const char *key, uint64_t x)
{
	before(j, key);
	rawf(j, "%llu", (unsigned long long)x);
}

void
jw_i64(struct jw *j, const char *key, int64_t x)
{
	before(j, key);
	rawf(j, "%lld", (long long)x);
}

void
jw_big(struct jw *j, const char *key, uint64_t x)
{
	before(j, key);
	rawf(j, x > EXACT ? "\"%llu\"" : "%llu", (unsigned long long)x);
}

void
jw_double(struct jw *j, const char *key, double x)
{
	char text[32];
	int digits;

	before(j, key);
	if (!isfinite(x)) {
		j->failed = true;
		return;
	}
	/* The fewest digits that give the same number back. */
	for (digits = 1; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, x);
		if (strtod(text, NULL) == x)
			break;
	}
	raw(j, text, strlen(text));
}

void
jw_bool(struct jw *j, const char *key, bool x)
{
	before(j, key);
	rawf(j, x ? "true" : "false");
}

void
jw_null(struct jw *j, const char *key)
{
	before(j, key);
	raw(j, "null", 4);
}

void
jw_hex(struct jw *j, const char *key, const void *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *b = p;
	char pair[2];
	size_t i;

	before(j, key);
	raw(j, "\"0x", 3);
	for (i = 0; i < n; i++) {
		pair[0] = digits[b[i] >> 4];
		pair[1] = digits[b[i] & 15];
		raw(j, pair, 2);
	}
	raw(j, "\"", 1);
}

int
jw_finish(struct jw *j, const char *name, struct err *e)
{
	must(j->depth == 0);
	raw(j, "\n", 1);
	if (fflush(j->f) != 0)
		j->failed = true;
	return j->failed ? err_set(e, EX_IOERR, "cannot write %s:", name) : 0;
}
