#include "test/lib/altered.h"

struct altered_proof altered_proof;
struct byte_vec altered_out;
char altered_what[200];

void
altered_encode(void)
{
	bool core = altered_proof.mode == PROOF_CORE;

	free(altered_out.v);
	altered_out.n = core ? core_proof_size(&altered_proof.core) :
	    compressed_proof_size(&altered_proof.compressed);
	altered_out.v = malloc(altered_out.n + 1);
	must(altered_out.v != NULL);
	if (core)
		core_proof_write(altered_out.v, &altered_proof.core);
	else
		compressed_proof_write(altered_out.v, &altered_proof.compressed);
}

/* What alter_place() calls when an alteration is made. */
static int
encoded(struct err *e)
{
	altered_encode();
	e->msg[0] = '\0';
	return 1;
}

int
altered_read(struct arena *a, const struct byte_vec *in, struct err *e)
{
	if (proof_mode(&altered_proof.mode, in->v, in->n, e))
		return -1;
	if (altered_proof.mode == PROOF_CORE) {
		if (core_proof_read(&altered_proof.core, a, in->v, in->n, e))
			return -1;
		altered_proof.shard = altered_proof.core.shard;
		altered_proof.nshards = altered_proof.core.nshards;
		altered_proof.public_values = &altered_proof.core.tail.public_values;
		altered_proof.version = &altered_proof.core.tail.version;
		return 0;
	}
	if (compressed_proof_read(&altered_proof.compressed, a, in->v, in->n, e))
		return -1;
	altered_proof.shard = &altered_proof.compressed.proof.shard;
	altered_proof.nshards = 1;
	altered_proof.public_values = &altered_proof.compressed.tail.public_values;
	altered_proof.version = &altered_proof.compressed.tail.version;
	return 0;
}

void
altered_walk(void)
{
	nplaces = 0;
	for (size_t i = 0; i < altered_proof.nshards; i++)
		walk_shard(&altered_proof.shard[i]);
	if (altered_proof.mode == PROOF_COMPRESSED) {
		walk_vk(&altered_proof.compressed.proof.vk);
		place_numbers("key's place", &altered_proof.compressed.proof.vk_index, 1);
		place_digests("key's path", altered_proof.compressed.proof.vk_path.v,
		    altered_proof.compressed.proof.vk_path.n);
	}
	qsort(places, nplaces, sizeof *places, place_by_kind);
}

/* A place of a kind, all kinds alike. */
static const struct place *
any_place(void)
{
	size_t kinds = 0, kind, begin = 0, end;

	for (size_t i = 0; i < nplaces; i++)
		kinds += i == 0 ||
		    strcmp(places[i].kind, places[i - 1].kind) != 0;
	kind = places_rnd() % kinds;
	for (;; begin = end, kind--) {
		for (end = begin + 1; end < nplaces &&
		    strcmp(places[end].kind, places[begin].kind) == 0;)
			end++;
		if (kind == 0)
			return &places[begin + places_rnd() % (end - begin)];
	}
}

static void
flip_bit(void)
{
	size_t at = places_rnd() % altered_out.n;
	unsigned bit = places_rnd() % 8;

	altered_out.v[at] ^= (uint8_t)(1 << bit);
	snprintf(altered_what, sizeof altered_what, "byte %zu, bit %u", at, bit);
}

static void
alter_field(void)
{
	const struct place *p = any_place();
	struct err e;

	alter_place(p, encoded, &e);
	snprintf(altered_what, sizeof altered_what, "field: %s", p->kind);
}

/* One fewer of an array; or its count alone altered, where the count is written. */
static void
alter_length(void)
{
	static const uint64_t more[] = {
		1, 2, 3, (uint64_t)1 << 31, (uint64_t)1 << 32, UINT64_MAX
	};
	struct length all[MAX_LENGTHS], l;
	struct byte_vec whole = altered_out;
	uint64_t x;
	size_t at = 0;

	l = all[places_rnd() % place_lengths(all,
	    &altered_proof.shard[places_rnd() % altered_proof.nshards])];
	altered_out.v = NULL;
	--*l.n;
	altered_encode();
	++*l.n;
	snprintf(altered_what, sizeof altered_what, "length: %s", l.what);
	if (places_rnd() % 2 == 0) {
		free(whole.v);
		return;
	}
	while (whole.v[at] == altered_out.v[at])
		at++;
	free(altered_out.v);
	altered_out = whole;
	must(at + sizeof x <= altered_out.n);
	memcpy(&x, altered_out.v + at, sizeof x);
	x += more[places_rnd() % (sizeof more / sizeof *more)];
	memcpy(altered_out.v + at, &x, sizeof x);
	snprintf(altered_what, sizeof altered_what, "count: %s", l.what);
}

/* Where an element is written: where the bytes of two values differ. */
static size_t
offset_of(kb *v)
{
	struct byte_vec zero;
	kb old = *v;
	size_t at = 0;

	*v = KB_ZERO;
	altered_encode();
	zero = altered_out;
	altered_out.v = NULL;
	*v = kb_from(0x01010101);
	altered_encode();
	must(altered_out.n == zero.n);
	while (altered_out.v[at] == zero.v[at])
		at++;
	*v = old;
	altered_encode();
	free(zero.v);
	return at;
}

static void
add_p(void)
{
	const struct place *p;
	uint32_t x;
	size_t at;

	while ((p = any_place())->v == NULL)
		;
	at = offset_of(&p->v[places_rnd() % p->n]);
	memcpy(&x, altered_out.v + at, 4);
	x += KB_P;
	memcpy(altered_out.v + at, &x, 4);
	snprintf(altered_what, sizeof altered_what, "not below p: %s", p->kind);
}

#define SWAP(x, y) do { \
	__typeof__(x) t_ = (x); \
	(x) = (y); \
	(y) = t_; \
} while (0)

static void
swap_chips(bool gkr)
{
	struct shard_proof *p = &altered_proof.shard[places_rnd() % altered_proof.nshards];
	size_t n = gkr ? p->gkr.nchips : p->nopened;
	size_t a = places_rnd() % n, b = (a + 1 + places_rnd() % (n - 1)) % n;

	for (int i = 0; i < 2; i++) {	/* there and back */
		if (gkr)
			SWAP(p->gkr.chip[a], p->gkr.chip[b]);
		else
			SWAP(p->opened[a], p->opened[b]);
		if (i == 0)
			altered_encode();
	}
	snprintf(altered_what, sizeof altered_what, "order: %s", gkr ? "LogUp-GKR openings" :
	    "openings");
}

/* Swapped, dropped, twice, with another's public values; one alone is dropped. */
static void
alter_shards(void)
{
	struct shard_proof *whole = altered_proof.shard, *s;
	size_t n = altered_proof.nshards, a = places_rnd() % n, b;
	static const char *const name[] = {
		"swapped", "dropped", "twice", "another's public values"
	};
	unsigned kind = n > 1 ? (unsigned)(places_rnd() % 4) : 1 + places_rnd() % 2;

	if (altered_proof.mode != PROOF_CORE) {
		altered_proof.compressed.proof.vk_path.n--;
		altered_encode();
		altered_proof.compressed.proof.vk_path.n++;
		snprintf(altered_what, sizeof altered_what, "the key's path");
		return;
	}
	b = n > 1 ? (a + 1 + places_rnd() % (n - 1)) % n : a;
	s = malloc((n + 1) * sizeof *s);
	must(s != NULL);
	memcpy(s, whole, n * sizeof *s);
	switch (kind) {
	case 0:
		SWAP(s[a], s[b]);
		break;
	case 1:
		memmove(&s[a], &s[a + 1], (n - a - 1) * sizeof *s);
		altered_proof.core.nshards--;
		break;
	case 2:
		memmove(&s[a + 1], &s[a], (n - a) * sizeof *s);
		altered_proof.core.nshards++;
		break;
	case 3:
		s[a].public_values = s[b].public_values;
		break;
	}
	altered_proof.core.shard = s;
	altered_encode();
	altered_proof.core.shard = whole;
	altered_proof.core.nshards = n;
	free(s);
	snprintf(altered_what, sizeof altered_what, "shards: %s", name[kind]);
}

static void
alter_bytes(struct byte_vec *v, const char *name)
{
	if (v->n == 0) {
		flip_bit();
		return;
	}
	size_t at = places_rnd() % v->n;
	uint8_t old = v->v[at];

	v->v[at] ^= (uint8_t)(1 + places_rnd() % 255);
	altered_encode();
	v->v[at] = old;
	snprintf(altered_what, sizeof altered_what, "%s", name);
}

/* The ends of containers, and the order of what is in them. */
static void
alter_container(unsigned kind)
{
	switch (kind % 8) {
	case 0:
		/* altered_encode() left room */
		altered_out.v[altered_out.n++] = (uint8_t)places_rnd();
		snprintf(altered_what, sizeof altered_what, "a byte more");
		break;
	case 1:
		altered_out.v[altered_out.n - 1] = (uint8_t)(2 + places_rnd() % 254);
		snprintf(altered_what, sizeof altered_what, "last Option byte %u",
		    altered_out.v[altered_out.n - 1]);
		break;
	case 2:
		swap_chips(true);
		break;
	case 3:
		swap_chips(false);
		break;
	case 4:
		alter_bytes(altered_proof.public_values, "public values");
		break;
	case 5:
		alter_bytes(altered_proof.version, "version");
		break;
	case 6:
		alter_shards();
		break;
	case 7:
		/* One fewer would be the network's form, valid to ours alone. */
		altered_out.n -= 2 + places_rnd() % 8;
		snprintf(altered_what, sizeof altered_what, "cut");
		break;
	}
}

void
alter_as(uint64_t with, uint64_t n)
{
	places_seed = with * 0x100000001b3 + n;
	altered_encode();
	switch (n % 10) {
	case 0: case 1: case 2:
		flip_bit();
		break;
	case 3: case 4: case 5: case 6:
		alter_field();
		break;
	case 7:
		alter_length();
		break;
	case 8:
		add_p();
		break;
	case 9:
		alter_container((unsigned)(n / 10));
		break;
	}
}
