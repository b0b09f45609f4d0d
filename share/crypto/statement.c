#include "crypto/statement.h"

#include <openssl/evp.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hex.h"

#define EXACT ((uint64_t)1 << 53)	/* RFC 8785's integers are below */
static const char domain[] = "sp1-private/evidence/v1";	/* and its NUL */

/* ---- writing: the text grows at `at`, and always fits ---- */

struct writer {
	char *out;
	size_t at;
};

static void
put(struct writer *w, const char *text)
{
	size_t n = strlen(text);

	must(w->at + n < STATEMENT_MAX);
	memcpy(w->out + w->at, text, n + 1);
	w->at += n;
}

/* ,"NAME": or without the comma. */
static void
put_name(struct writer *w, const char *name)
{
	if (w->out[w->at - 1] != '{')
		put(w, ",");
	put(w, "\"");
	put(w, name);
	put(w, "\":");
}

static void
put_number(struct writer *w, const char *name, uint64_t x)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRIu64, x);
	put_name(w, name);
	put(w, text);
}

static void
put_bytes(struct writer *w, const char *name, const uint8_t *p, size_t n)
{
	char hex[2 * STATEMENT_KEY_MAX + 1];

	must(n <= STATEMENT_KEY_MAX);
	hex_encode(hex, p, n);
	put_name(w, name);
	put(w, "\"");
	put(w, hex);
	put(w, "\"");
}

static void
put_hash(struct writer *w, const char *name, const struct statement_hash *h)
{
	if (h->there)
		put_bytes(w, name, h->v, sizeof h->v);
}

size_t
statement_write(char out[static STATEMENT_MAX], const struct statement *s)
{
	struct writer w = { out, 0 };

	must(s->nkeys > 0 && s->nkeys <= STATEMENT_KEYS && s->not_after < EXACT);
	put(&w, "{");
	put_hash(&w, "compose_hash", &s->compose);
	put_hash(&w, "exporter", &s->exporter);
	put_bytes(&w, "fulfiller", s->fulfiller, sizeof s->fulfiller);
	put_hash(&w, "gpu_evidence_sha256", &s->gpu);
	put_name(&w, "keys");
	for (size_t i = 0; i < s->nkeys; i++) {
		put(&w, i > 0 ? ",{" : "[{");
		put_number(&w, "kem", s->keys[i].kem);
		put_bytes(&w, "public_key", s->keys[i].key, s->keys[i].len);
		put(&w, "}");
	}
	put(&w, "]");
	put_hash(&w, "nonce", &s->nonce);
	put_number(&w, "not_after", s->not_after);
	put_hash(&w, "spki_sha256", &s->spki);
	put(&w, "}");
	return w.at;
}

/* ---- reading: what is not as it would be written is refused ---- */

struct reader {
	const char *p, *end;
	bool first;			/* no comma before the next member */
};

/* Takes the text, if it is next. */
static bool
take(struct reader *r, const char *text)
{
	size_t n = strlen(text);

	if ((size_t)(r->end - r->p) < n || memcmp(r->p, text, n) != 0)
		return false;
	r->p += n;
	return true;
}

static bool
take_name(struct reader *r, const char *name)
{
	char text[40];

	snprintf(text, sizeof text, "%s\"%s\":", r->first ? "" : ",", name);
	if (!take(r, text))
		return false;
	r->first = false;
	return true;
}

static int
digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ?
	    c - 'a' + 10 : -1;
}

/* A string of hexadecimal: the number of its bytes, from 1 to room; -1. */
static long
take_bytes(struct reader *r, uint8_t *out, size_t room)
{
	size_t n = 0;

	if (!take(r, "\""))
		return -1;
	for (; r->end - r->p >= 2 && *r->p != '"'; r->p += 2, n++) {
		int hi = digit(r->p[0]), lo = digit(r->p[1]);

		if (n == room || hi < 0 || lo < 0)
			return -1;
		out[n] = (uint8_t)(hi << 4 | lo);
	}
	return n > 0 && take(r, "\"") ? (long)n : -1;
}

/* A number below `max`, without zeros before it. */
static bool
take_number(struct reader *r, uint64_t max, uint64_t *out)
{
	const char *from = r->p;

	*out = 0;
	for (; r->p < r->end && *r->p >= '0' && *r->p <= '9'; r->p++) {
		*out = *out * 10 + (uint64_t)(*r->p - '0');
		if (*out >= max)
			return false;
	}
	return r->p > from && (*from != '0' || r->p == from + 1);
}

static bool
take_hash(struct reader *r, const char *name, struct statement_hash *h)
{
	h->there = take_name(r, name);
	return !h->there || take_bytes(r, h->v, sizeof h->v) ==
	    (long)sizeof h->v;
}

static bool
take_key(struct reader *r, struct statement_key *k)
{
	uint64_t kem;
	long n;

	r->first = true;
	if (!take_name(r, "kem") || !take_number(r, 0x10000, &kem) ||
	    !take_name(r, "public_key"))
		return false;
	n = take_bytes(r, k->key, sizeof k->key);
	k->kem = (unsigned)kem;
	k->len = n > 0 ? (size_t)n : 0;
	return n > 0 && take(r, "}");
}

static bool
take_keys(struct reader *r, struct statement *s)
{
	if (!take_name(r, "keys") || !take(r, "["))
		return false;
	do {
		if (s->nkeys == STATEMENT_KEYS || !take(r, "{") ||
		    !take_key(r, &s->keys[s->nkeys++]))
			return false;
	} while (take(r, ","));
	return take(r, "]");
}

int
statement_parse(struct statement *s, const char *text, size_t n, struct err *e)
{
	struct reader r = { text, text + n, true };

	memset(s, 0, sizeof *s);
	if (n < STATEMENT_MAX && take(&r, "{") &&
	    take_hash(&r, "compose_hash", &s->compose) &&
	    take_hash(&r, "exporter", &s->exporter) &&
	    take_name(&r, "fulfiller") &&
	    take_bytes(&r, s->fulfiller, 20) == 20 &&
	    take_hash(&r, "gpu_evidence_sha256", &s->gpu) &&
	    take_keys(&r, s) &&
	    take_hash(&r, "nonce", &s->nonce) &&
	    take_name(&r, "not_after") &&
	    take_number(&r, EXACT, &s->not_after) &&
	    take_hash(&r, "spki_sha256", &s->spki) &&
	    take(&r, "}") && r.p == r.end)
		return 0;
	return err_set(e, EX_DATAERR, "the statement is not in its canonical form "
	    "(byte %zu)", (size_t)(r.p - text));
}

const struct statement_key *
statement_key(const struct statement *s, unsigned kem)
{
	for (size_t i = 0; i < s->nkeys; i++)
		if (s->keys[i].kem == kem)
			return &s->keys[i];
	return NULL;
}

void
statement_report_data(uint8_t out[static 64], const char *text, size_t n)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();

	must(c && EVP_DigestInit_ex(c, EVP_sha512(), NULL) == 1 &&
	    EVP_DigestUpdate(c, domain, sizeof domain) == 1 &&
	    EVP_DigestUpdate(c, text, n) == 1 &&
	    EVP_DigestFinal_ex(c, out, NULL) == 1);
	EVP_MD_CTX_free(c);
}

void
statement_sha256(uint8_t out[static 32], const char *text, size_t n)
{
	must(EVP_Digest(text, n, out, NULL, EVP_sha256(), NULL) == 1);
}
