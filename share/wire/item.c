#include "wire/item.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/utf8.h"

typedef unsigned __int128 u128;

struct kind {
	const char *name;
	int (*parse)(struct stdin_item *item, const struct kind *k,
	    const char *text, struct err *e);
	size_t n;	/* of a number: bytes; of others: of the length before it */
	int sign;	/* 1: a number with one, as two's complement */
};

static void
little_endian(uint8_t *p, u128 x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(x >> 8 * i);
}

/* Room for n bytes, the item's. */
static uint8_t *
room(struct stdin_item *item, size_t n, struct err *e)
{
	uint8_t *p = malloc(n > 0 ? n : 1);

	if (p == NULL)
		err_set(e, EX_OSERR, "out of memory");
	item->p = p;
	item->n = n;
	return p;
}

/* Digits, decimal or after 0x, of a number of 128 bits. */
static int
parse_u128(const char *text, u128 *out)
{
	unsigned base = 10;
	u128 x = 0;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		text += 2;
	}
	if (!*text)
		return -1;
	for (; *text; text++) {
		const char *digits = "0123456789abcdef";
		const char *d = strchr(digits, tolower((unsigned char)*text));
		unsigned v = d ? (unsigned)(d - digits) : base;

		if (v >= base || x > (~(u128)0 - v) / base)
			return -1;
		x = x * base + v;
	}
	*out = x;
	return 0;
}

static int
number(struct stdin_item *item, const struct kind *k, const char *text,
    struct err *e)
{
	bool minus = k->sign && *text == '-';
	u128 x, most = ~(u128)0 >> (128 - 8 * k->n) >> k->sign;
	uint8_t *p;

	if (parse_u128(text + minus, &x) < 0 || x > most + minus) {
		if (k->n <= 8 && !k->sign)
			return err_set(e, EX_USAGE, "%s: '%s' is not a number "
			    "from 0 to %llu", k->name, text,
			    (unsigned long long)most);
		return err_set(e, EX_USAGE, "%s: '%.40s' is no number of %zu "
		    "bits%s", k->name, text, 8 * k->n,
		    k->sign ? " with a sign" : "");
	}
	p = room(item, k->n, e);
	if (p == NULL)
		return -1;
	little_endian(p, minus ? -x : x, k->n);
	return 0;
}

static int
bytes(struct stdin_item *item, const struct kind *k, const char *text,
    struct err *e)
{
	long n = hex_length(text);
	uint8_t *p;

	if (n < 0)
		return err_set(e, EX_USAGE, "%s: '%.40s' is not hexadecimal",
		    k->name, text);
	p = room(item, k->n + (size_t)n, e);
	if (p == NULL)
		return -1;
	little_endian(p, (u128)n, k->n);
	must(hex_decode(p + k->n, (size_t)n, text) == 0);
	return 0;
}

static int
characters(struct stdin_item *item, const struct kind *k, const char *text,
    struct err *e)
{
	size_t n = strlen(text);
	uint8_t *p;

	if (k->n > 0 && !utf8_valid((const uint8_t *)text, n))
		return err_set(e, EX_USAGE, "%s: is not UTF-8, as Rust's strings "
		    "are", k->name);
	p = room(item, k->n + n, e);
	if (p == NULL)
		return -1;
	little_endian(p, n, k->n);
	memcpy(p + k->n, text, n);
	return 0;
}

static int
boolean(struct stdin_item *item, const struct kind *k, const char *text,
    struct err *e)
{
	bool yes = strcmp(text, "true") == 0;
	uint8_t *p;

	if (!yes && strcmp(text, "false") != 0)
		return err_set(e, EX_USAGE, "%s: takes true or false, not "
		    "'%.40s'", k->name, text);
	p = room(item, 1, e);
	if (p == NULL)
		return -1;
	*p = yes;
	return 0;
}

static const struct kind kinds[] = {
	{ "u8", number, 1, 0 }, { "u16", number, 2, 0 },
	{ "u32", number, 4, 0 }, { "u64", number, 8, 0 },
	{ "u128", number, 16, 0 },
	{ "i32", number, 4, 1 }, { "i64", number, 8, 1 },
	{ "bool", boolean, 0, 0 },
	{ "vec", bytes, 8, 0 }, { "string", characters, 8, 0 },
	{ "hex", bytes, 0, 0 }, { "text", characters, 0, 0 },
};

int
item_parse(struct stdin_item *item, const char *text, struct err *e)
{
	const char *colon = strchr(text, ':');
	size_t n = colon != NULL ? (size_t)(colon - text) : 0;

	if (colon == NULL)
		return err_set(e, EX_USAGE, "item '%.40s' has no kind", text);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strlen(kinds[i].name) == n &&
		    memcmp(text, kinds[i].name, n) == 0)
			return kinds[i].parse(item, &kinds[i], colon + 1, e);
	return err_set(e, EX_USAGE, "what is '%.40s'?", text);
}

/* Printable ASCII, so that what is shown is what is there. */
static bool
is_text(const struct stdin_item *item)
{
	for (size_t i = 0; i < item->n; i++)
		if ((item->p[i] < 0x20 || item->p[i] > 0x7e) &&
		    item->p[i] != '\n' && item->p[i] != '\t')
			return false;
	return item->n > 0;
}

void
item_show(struct jw *j, const struct stdin_item *item)
{
	uint64_t x = 0;

	jw_object(j, NULL);
	jw_u64(j, "length", item->n);
	jw_hex(j, "hex", item->p, item->n);
	if (item->n == 1 || item->n == 2 || item->n == 4 || item->n == 8) {
		for (size_t i = item->n; i-- > 0;)
			x = x << 8 | item->p[i];
		jw_big(j, "number", x);
	}
	if (is_text(item))
		jw_strn(j, "text", (const char *)item->p, item->n);
	jw_end(j);
}
