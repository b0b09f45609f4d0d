#include "wire/pb.h"

#include <string.h>

#include "base/utf8.h"

enum { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_LEN = 2, WIRE_32 = 5 };

static const uint8_t wire_types[] = {
	[PB_U64] = WIRE_VARINT, [PB_U32] = WIRE_VARINT,
	[PB_ENUM] = WIRE_VARINT, [PB_BOOL] = WIRE_VARINT,
	[PB_FLOAT] = WIRE_32, [PB_BYTES] = WIRE_LEN, [PB_STRING] = WIRE_LEN,
	[PB_SUB] = WIRE_LEN,
};

static const void *
at(const void *v, size_t offset)
{
	return (const char *)v + offset;
}

/* Writing */

static size_t
varint_size(uint64_t x)
{
	size_t n = 1;

	while (x >>= 7)
		n++;
	return n;
}

static uint8_t *
put_varint(uint8_t *out, uint64_t x)
{
	for (; x >= 0x80; x >>= 7)
		*out++ = (uint8_t)x | 0x80;
	*out++ = (uint8_t)x;
	return out;
}

static uint64_t
scalar(enum pb_kind kind, const void *v)
{
	switch (kind) {
	case PB_U64:
		return *(const uint64_t *)v;
	case PB_U32:
		return *(const uint32_t *)v;
	case PB_ENUM:	/* negative ones are 64 bits wide on the wire */
		return (uint64_t)(int64_t)*(const int32_t *)v;
	default:
		return *(const bool *)v;
	}
}

static bool
is_default(enum pb_kind kind, const void *v)
{
	switch (kind) {
	case PB_FLOAT:
		return *(const float *)v == 0;
	case PB_BYTES:
	case PB_STRING:
		return ((const struct pb_bytes *)v)->n == 0;
	default:
		return scalar(kind, v) == 0;
	}
}

/* The number of times that a field is written, and where the values are. */
static size_t
times(const struct pb_field *f, const void *v, const void **first)
{
	const struct pb_list *list;

	*first = at(v, f->at);
	switch (f->rule) {
	case PB_RULE_MANY:
		list = *first;
		*first = list->items;
		return list->n;
	case PB_RULE_OPT:
		return *(const bool *)at(v, f->has);
	default:
		must(f->kind != PB_SUB);
		return !is_default(f->kind, *first);
	}
}

static size_t
stride(const struct pb_field *f)
{
	must(f->kind >= PB_BYTES);
	return f->kind == PB_SUB ? f->sub->size : sizeof(struct pb_bytes);
}

static size_t
value_size(const struct pb_field *f, const void *v)
{
	size_t n;

	switch (f->kind) {
	case PB_FLOAT:
		return 4;
	case PB_BYTES:
	case PB_STRING:
		n = ((const struct pb_bytes *)v)->n;
		break;
	case PB_SUB:
		n = pb_size(f->sub, v);
		break;
	default:
		return varint_size(scalar(f->kind, v));
	}
	return varint_size(n) + n;
}

size_t
pb_size(const struct pb_message *m, const void *v)
{
	const struct pb_field *f;
	const void *value;
	size_t n, size = 0;

	for (f = m->fields; f < m->fields + m->n; f++) {
		n = times(f, v, &value);
		for (; n > 0; n--) {
			size += varint_size((uint64_t)f->number << 3);
			size += value_size(f, value);
			if (n > 1)
				value = at(value, stride(f));
		}
	}
	return size;
}

static uint8_t *
put_value(const struct pb_field *f, const void *v, uint8_t *out)
{
	const struct pb_bytes *b;
	uint32_t bits;
	int i;

	switch (f->kind) {
	case PB_FLOAT:
		memcpy(&bits, v, 4);
		for (i = 0; i < 4; i++)
			*out++ = (uint8_t)(bits >> 8 * i);
		return out;
	case PB_BYTES:
	case PB_STRING:
		b = v;
		out = put_varint(out, b->n);
		if (b->n > 0)
			memcpy(out, b->p, b->n);
		return out + b->n;
	case PB_SUB:
		out = put_varint(out, pb_size(f->sub, v));
		return out + pb_write(f->sub, v, out);
	default:
		return put_varint(out, scalar(f->kind, v));
	}
}

size_t
pb_write(const struct pb_message *m, const void *v, uint8_t *out)
{
	const struct pb_field *f;
	const void *value;
	uint8_t *p = out;
	size_t n;

	for (f = m->fields; f < m->fields + m->n; f++) {
		must(f == m->fields || f[-1].number < f->number);
		n = times(f, v, &value);
		for (; n > 0; n--) {
			p = put_varint(p, (uint64_t)f->number << 3 |
			    wire_types[f->kind]);
			p = put_value(f, value, p);
			if (n > 1)
				value = at(value, stride(f));
		}
	}
	return (size_t)(p - out);
}

int
pb_encode(const struct pb_message *m, const void *v, struct arena *a,
    struct pb_bytes *out, struct err *e)
{
	size_t n = pb_size(m, v);
	uint8_t *p = arena_alloc(a, n, 1);

	if (p == NULL)
		return err_set(e, EX_OSERR, "%s: out of memory", m->name);
	pb_write(m, v, p);
	*out = pb_mem(p, n);
	return 0;
}

/* Reading */

struct reader {
	const struct pb_message *m;
	const uint8_t *start, *p, *end;
	struct arena *arena;
	struct pb_unknown *unknown;
	int depth;
	struct err *e;
};

static int
bad(struct reader *r, const char *what)
{
	return err_set(r->e, EX_DATAERR, "%s: %s at byte %zu", r->m->name,
	    what, (size_t)(r->p - r->start));
}

static int
get_varint(struct reader *r, uint64_t *out)
{
	uint64_t x = 0;
	int shift;
	uint8_t c;

	for (shift = 0; shift < 70; shift += 7) {
		if (r->p == r->end)
			return bad(r, "ends inside a number");
		c = *r->p++;
		if (shift == 63 && c > 1)
			break;
		x |= (uint64_t)(c & 0x7f) << shift;
		if (c < 0x80) {
			*out = x;
			return 0;
		}
	}
	return bad(r, "number of more than 64 bits");
}

struct item {
	uint32_t number;
	uint8_t wire;
	uint64_t varint;
	struct pb_bytes bytes;	/* WIRE_LEN, WIRE_32, WIRE_64 */
};

static int
get_item(struct reader *r, struct item *it)
{
	uint64_t key, n;

	if (get_varint(r, &key) < 0)
		return -1;
	if (key > UINT32_MAX || key >> 3 == 0)
		return bad(r, "impossible field number");
	it->number = (uint32_t)(key >> 3);
	it->wire = key & 7;
	switch (it->wire) {
	case WIRE_VARINT:
		return get_varint(r, &it->varint);
	case WIRE_LEN:
		if (get_varint(r, &n) < 0)
			return -1;
		break;
	case WIRE_32:
		n = 4;
		break;
	case WIRE_64:
		n = 8;
		break;
	default:
		return bad(r, "unknown wire type");
	}
	if (n > (size_t)(r->end - r->p))
		return bad(r, "ends inside a field");
	it->bytes = pb_mem(r->p, (size_t)n);
	r->p += n;
	return 0;
}

static const struct pb_field *
find(const struct pb_message *m, uint32_t number)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if (m->fields[i].number == number)
			return &m->fields[i];
	return NULL;
}

static int decode(const struct reader *outer, const struct pb_message *m,
    void *v, struct pb_bytes in);

static int
get_value(struct reader *r, const struct pb_field *f, const struct item *it,
    void *v)
{
	uint32_t bits = 0;
	int i;

	switch (f->kind) {
	case PB_U64:
		*(uint64_t *)v = it->varint;
		break;
	case PB_U32:
		*(uint32_t *)v = (uint32_t)it->varint;
		break;
	case PB_ENUM:
		*(int32_t *)v = (int32_t)it->varint;
		break;
	case PB_BOOL:
		*(bool *)v = it->varint != 0;
		break;
	case PB_FLOAT:
		for (i = 0; i < 4; i++)
			bits |= (uint32_t)it->bytes.p[i] << 8 * i;
		memcpy(v, &bits, 4);
		break;
	case PB_STRING:
		if (!utf8_valid(it->bytes.p, it->bytes.n))
			return bad(r, "string that is not UTF-8");
		/* FALLTHROUGH */
	case PB_BYTES:
		*(struct pb_bytes *)v = it->bytes;
		break;
	case PB_SUB:
		return decode(r, f->sub, v, it->bytes);
	}
	return 0;
}

/* Counts what goes into lists, and makes room for it. */
static int
make_lists(struct reader *r, void *v)
{
	const struct pb_field *f;
	struct pb_list *list;
	struct item it;

	while (r->p < r->end) {
		if (get_item(r, &it) < 0)
			return -1;
		f = find(r->m, it.number);
		if (f == NULL) {
			if (r->unknown->n++ == 0)
				r->unknown->first = it.number;
			continue;
		}
		if (it.wire != wire_types[f->kind])
			return bad(r, "wrong wire type");
		if (f->rule == PB_RULE_MANY)
			((struct pb_list *)((char *)v + f->at))->n++;
	}
	for (f = r->m->fields; f < r->m->fields + r->m->n; f++) {
		if (f->rule != PB_RULE_MANY)
			continue;
		list = (struct pb_list *)((char *)v + f->at);
		if (list->n == 0)
			continue;
		list->items = arena_alloc(r->arena, list->n, stride(f));
		if (list->items == NULL)
			return err_set(r->e, EX_DATAERR,
			    "%s: list too long (%zu)", r->m->name, list->n);
		list->n = 0;
	}
	r->p = r->start;
	return 0;
}

static int
decode(const struct reader *outer, const struct pb_message *m, void *v,
    struct pb_bytes in)
{
	struct reader r = *outer;
	const struct pb_field *f;
	struct pb_list *list;
	struct item it;
	char *value;
	bool *has;

	r.m = m;
	r.start = r.p = in.p;
	r.end = in.p + in.n;
	if (++r.depth > PB_DEPTH)
		return bad(&r, "nested too deep");
	memset(v, 0, m->size);
	if (make_lists(&r, v) < 0)
		return -1;
	while (r.p < r.end) {
		if (get_item(&r, &it) < 0)
			return -1;
		f = find(m, it.number);
		if (f == NULL)
			continue;
		value = (char *)v + f->at;
		if (f->rule == PB_RULE_MANY) {
			list = (struct pb_list *)value;
			value = (char *)list->items + list->n++ * stride(f);
		} else if (f->rule == PB_RULE_OPT) {
			has = (bool *)((char *)v + f->has);
			if (*has && f->kind == PB_SUB)
				return bad(&r, "single message given twice");
			*has = true;
		}
		if (get_value(&r, f, &it, value) < 0) {
			if (f->kind == PB_SUB)
				err_prefix(r.e, "%s", m->name);
			return -1;
		}
	}
	return 0;
}

int
pb_decode(const struct pb_message *m, void *v, const uint8_t *p, size_t n,
    struct arena *a, struct pb_unknown *unknown, struct err *e)
{
	/* p may be NULL when n is 0, and pointers are subtracted below. */
	static const uint8_t nothing[1];
	struct pb_unknown ignored = { 0, 0 };
	struct reader r = { .arena = a, .e = e };

	r.unknown = unknown != NULL ? unknown : &ignored;
	memset(r.unknown, 0, sizeof(*r.unknown));
	if (decode(&r, m, v, pb_mem(n > 0 ? p : nothing, n)) < 0) {
		memset(v, 0, m->size);
		return -1;
	}
	return 0;
}

/* Views */

struct pb_bytes
pb_mem(const void *p, size_t n)
{
	return (struct pb_bytes){ p, n };
}

struct pb_bytes
pb_str(const char *s)
{
	return pb_mem(s, s != NULL ? strlen(s) : 0);
}

bool
pb_is(struct pb_bytes b, const char *s)
{
	size_t n = strlen(s);

	return b.n == n && (n == 0 || memcmp(b.p, s, n) == 0);
}

char *
pb_cstr(struct arena *a, struct pb_bytes b)
{
	char *s;

	if (b.n > 0 && memchr(b.p, '\0', b.n) != NULL)
		return NULL;
	s = arena_alloc(a, b.n + 1, 1);
	if (s != NULL && b.n > 0)
		memcpy(s, b.p, b.n);
	return s;
}
