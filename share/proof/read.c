/* The cursor, and what proofs are made of. */
#include "proof/read.h"

#include <string.h>

struct cursor
read_begin(struct arena *a, const uint8_t *in, size_t len, struct err *e)
{
	return (struct cursor){in, in, in + len, a, e, false, false};
}

int
read_end(struct cursor *c)
{
	if (!c->bad && c->p != c->end)
		read_fail(c, "bytes follow its end");
	return c->bad ? -1 : 0;
}

void
read_fail(struct cursor *c, const char *what)
{
	if (!c->bad)
		err_set(c->err, EX_DATAERR, "malformed proof at byte %zu: %s",
		    (size_t)(c->p - c->start), what);
	c->bad = true;
	c->p = c->end;
}

size_t
read_left(const struct cursor *c)
{
	return (size_t)(c->end - c->p);
}

uint64_t
read_uint(struct cursor *c, unsigned bytes)
{
	uint64_t v = 0;

	if (read_left(c) < bytes) {
		read_fail(c, "it ends too early");
		return 0;
	}
	for (unsigned i = 0; i < bytes; i++)
		v |= (uint64_t)c->p[i] << 8 * i;
	c->p += bytes;
	return v;
}

uint64_t
read_u64(struct cursor *c)
{
	return read_uint(c, 8);
}

size_t
read_count(struct cursor *c, size_t min_item)
{
	uint64_t n = read_u64(c);

	if (!c->bad && n > read_left(c) / min_item) {
		c->p -= 8;
		read_fail(c, "a count is larger than what follows");
	}
	return c->bad ? 0 : (size_t)n;
}

void *
read_space(struct cursor *c, size_t n, size_t size)
{
	void *v;

	if (c->bad || n == 0)
		return NULL;
	v = arena_alloc(c->arena, n, size);
	if (v == NULL) {
		if (!c->bad)
			err_set(c->err, EX_OSERR, "no memory for the proof");
		c->bad = true;
		c->p = c->end;
	}
	return v;
}

void
read_kbs(struct cursor *c, kb *v, size_t n)
{
	if (c->bad)
		return;
	if (read_left(c) / 4 < n) {
		read_fail(c, "it ends too early");
		return;
	}
	for (size_t i = 0; i < n; i++, c->p += 4) {
		uint32_t x = c->p[0] | c->p[1] << 8 | c->p[2] << 16 |
		    (uint32_t)c->p[3] << 24;

		if (x >= KB_P) {
			read_fail(c, "a field element is not below p");
			return;
		}
		v[i] = kb_from(x);
	}
}

kb
read_kb(struct cursor *c)
{
	kb x = KB_ZERO;

	read_kbs(c, &x, 1);
	return x;
}

ef
read_ef(struct cursor *c)
{
	ef x = EF_ZERO;

	read_kbs(c, x.c, 4);
	return x;
}

/* A scalar of BN254 is written as a byte vector. */
static void
read_scalar(struct cursor *c, bn254_fr *x)
{
	if (read_u64(c) != 32)
		read_fail(c, "a digest's length is not 32");
	else if (read_left(c) < 32)
		read_fail(c, "it ends too early");
	else if (bn254_fr_from_le(x, c->p))
		read_fail(c, "a digest is no scalar of BN254");
	if (!c->bad)
		c->p += 32;
}

static void
read_digests(struct cursor *c, any_digest *d, size_t n)
{
	if (c->bn254)
		for (size_t i = 0; !c->bad && i < n; i++)
			read_scalar(c, &d[i].bn254);
	else
		read_kbs(c, (kb *)d, 8 * n);
}

any_digest
read_digest(struct cursor *c)
{
	any_digest d = {{{{0}}}};

	read_digests(c, &d, 1);
	return d;
}

struct kb_vec
read_kb_vec(struct cursor *c)
{
	size_t n = read_count(c, MIN_KB);
	kb *v = read_space(c, n, sizeof *v);

	read_kbs(c, v, n);
	return (struct kb_vec){c->bad ? 0 : n, v};
}

struct ef_vec
read_ef_vec(struct cursor *c)
{
	size_t n = read_count(c, MIN_EF);
	ef *v = read_space(c, n, sizeof *v);

	read_kbs(c, (kb *)v, 4 * n);
	return (struct ef_vec){c->bad ? 0 : n, v};
}

struct digest_vec
read_digest_vec(struct cursor *c)
{
	size_t n = read_count(c, MIN_DIGEST);
	any_digest *v = read_space(c, n, sizeof *v);

	read_digests(c, v, n);
	return (struct digest_vec){c->bad ? 0 : n, v};
}

struct byte_vec
read_bytes(struct cursor *c)
{
	size_t n = read_count(c, 1);
	uint8_t *v = read_space(c, n, 1);

	if (c->bad)
		return (struct byte_vec){0, NULL};
	if (n > 0)
		memcpy(v, c->p, n);
	c->p += n;
	return (struct byte_vec){n, v};
}

/* A tensor keeps at most three dimensions, whose product fits a u64: as the
 * stock reader has it.  Whether the product is the number of values is the
 * verifier's. */
struct dims
read_dims(struct cursor *c)
{
	struct dims d = {0};
	size_t n = read_count(c, 8);
	uint64_t product = 1;

	if (n > 3)
		read_fail(c, "a tensor has more than three dimensions");
	for (d.n = 0; !c->bad && d.n < n; d.n++) {
		d.v[d.n] = read_u64(c);
		if (__builtin_mul_overflow(product, d.v[d.n], &product))
			read_fail(c, "a tensor's dimensions overflow");
	}
	return d;
}

bool
read_option(struct cursor *c)
{
	uint64_t tag = read_uint(c, 1);

	if (tag > 1)
		read_fail(c, "an Option is neither 0 nor 1");
	return tag == 1;
}
