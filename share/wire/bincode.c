#include "wire/bincode.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

void
bin_read(struct bin_reader *r, const void *p, size_t n, const char *what,
    struct err *e)
{
	*r = (struct bin_reader){ .p = p, .n = n, .what = what, .e = e };
}

int
bin_fault(struct bin_reader *r, const char *fmt, ...)
{
	char msg[160];
	va_list ap;

	if (r->failed)
		return -1;
	r->failed = true;
	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	return err_set(r->e, EX_DATAERR, "%s: %s at byte %zu", r->what, msg,
	    r->at);
}

size_t
bin_left(const struct bin_reader *r)
{
	return r->failed ? 0 : r->n - r->at;
}

const uint8_t *
bin_take(struct bin_reader *r, size_t n)
{
	const uint8_t *p;

	if (r->failed)
		return NULL;
	if (n > r->n - r->at) {
		bin_fault(r, "ends early (%zu bytes wanted, %zu left)", n,
		    r->n - r->at);
		return NULL;
	}
	if (n == 0)
		return r->p;
	p = r->p + r->at;
	r->at += n;
	return p;
}

static uint64_t
number(struct bin_reader *r, size_t width)
{
	const uint8_t *p = bin_take(r, width);
	uint64_t x = 0;

	while (p != NULL && width-- > 0)
		x = x << 8 | p[width];
	return x;
}

uint8_t
bin_u8(struct bin_reader *r)
{
	return (uint8_t)number(r, 1);
}

uint32_t
bin_u32(struct bin_reader *r)
{
	return (uint32_t)number(r, 4);
}

uint64_t
bin_u64(struct bin_reader *r)
{
	return number(r, 8);
}

static bool
zero_or_one(struct bin_reader *r, const char *what)
{
	uint8_t x = bin_u8(r);

	if (x > 1) {
		r->at--;
		bin_fault(r, "%s is %u, not 0 or 1", what, x);
	}
	return x == 1;
}

bool
bin_bool(struct bin_reader *r)
{
	return zero_or_one(r, "bool");
}

bool
bin_option(struct bin_reader *r)
{
	return zero_or_one(r, "Option");
}

size_t
bin_count(struct bin_reader *r, size_t least)
{
	uint64_t n = bin_u64(r);

	must(least > 0);
	if (n > bin_left(r) / least) {
		if (!r->failed)
			r->at -= 8;
		bin_fault(r, "count %llu is more than the rest can hold",
		    (unsigned long long)n);
		return 0;
	}
	return (size_t)n;
}

const uint8_t *
bin_bytes(struct bin_reader *r, size_t *n)
{
	*n = bin_count(r, 1);
	return bin_take(r, *n);
}

const char *
bin_str(struct bin_reader *r, size_t *n)
{
	const uint8_t *p = bin_bytes(r, n);

	if (p != NULL && *n > 0 && !utf8_valid(p, *n)) {
		r->at -= *n;
		*n = 0;
		bin_fault(r, "string is not UTF-8");
		return NULL;
	}
	return (const char *)p;
}

int
bin_done(struct bin_reader *r)
{
	if (!r->failed && r->at != r->n)
		bin_fault(r, "%zu bytes too many", r->n - r->at);
	return r->failed ? -1 : 0;
}

void
bin_write(struct bin_writer *w, void *p, size_t cap)
{
	*w = (struct bin_writer){ .p = p, .cap = p != NULL ? cap : 0 };
}

void
bin_put(struct bin_writer *w, const void *p, size_t n)
{
	if (n > 0 && w->n <= w->cap && n <= w->cap - w->n)
		memcpy(w->p + w->n, p, n);
	w->n += n;
}

static void
put_number(struct bin_writer *w, uint64_t x, size_t width)
{
	uint8_t le[8];
	size_t i;

	for (i = 0; i < width; i++)
		le[i] = (uint8_t)(x >> 8 * i);
	bin_put(w, le, width);
}

void
bin_put_u8(struct bin_writer *w, uint8_t x)
{
	put_number(w, x, 1);
}

void
bin_put_u32(struct bin_writer *w, uint32_t x)
{
	put_number(w, x, 4);
}

void
bin_put_u64(struct bin_writer *w, uint64_t x)
{
	put_number(w, x, 8);
}

void
bin_put_bytes(struct bin_writer *w, const void *p, size_t n)
{
	bin_put_u64(w, n);
	bin_put(w, p, n);
}

void
bin_put_str(struct bin_writer *w, const char *s)
{
	bin_put_bytes(w, s, strlen(s));
}

int
bin_written(const struct bin_writer *w)
{
	return w->p != NULL && w->n > w->cap ? -1 : 0;
}
