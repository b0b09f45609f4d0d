#ifndef TEST_LIB_ALTERED_H
#define TEST_LIB_ALTERED_H
/*
 * Altered copies of a core or compressed proof, as bytes, from its bytes: of every field,
 * every length, the order and number of shards and chips, what the container says, bits
 * of the encoding, elements not below p.
 *
 *	read_proof(&arena, &bytes, &err);
 *	walk();
 *	alter_as(seed, n);	// out: copy n of the seed; what: how it was altered
 */
#include "proof/container.h"
#include "test/lib/places.h"

static struct {
	enum proof_mode mode;
	struct core_proof core;
	struct compressed_proof compressed;
	struct byte_vec *public_values, *version;
	struct shard_proof *shard;
	size_t nshards;
} proof;

static struct byte_vec out;
static char what[200];

static void
encode(void)
{
	bool core = proof.mode == PROOF_CORE;

	free(out.v);
	out.n = core ? core_proof_size(&proof.core) :
	    compressed_proof_size(&proof.compressed);
	out.v = malloc(out.n + 1);
	must(out.v != NULL);
	if (core)
		core_proof_write(out.v, &proof.core);
	else
		compressed_proof_write(out.v, &proof.compressed);
}

/* What stark_places.h calls when an alteration is made. */
static int
refused(struct err *e)
{
	encode();
	e->msg[0] = '\0';
	return 1;
}

static int
read_proof(struct arena *a, const struct byte_vec *in, struct err *e)
{
	if (proof_mode(&proof.mode, in->v, in->n, e))
		return -1;
	if (proof.mode == PROOF_CORE) {
		if (core_proof_read(&proof.core, a, in->v, in->n, e))
			return -1;
		proof.shard = proof.core.shard;
		proof.nshards = proof.core.nshards;
		proof.public_values = &proof.core.public_values;
		proof.version = &proof.core.version;
		return 0;
	}
	if (compressed_proof_read(&proof.compressed, a, in->v, in->n, e))
		return -1;
	proof.shard = &proof.compressed.proof.shard;
	proof.nshards = 1;
	proof.public_values = &proof.compressed.tail.public_values;
	proof.version = &proof.compressed.tail.version;
	return 0;
}

static void
walk(void)
{
	nplaces = 0;
	for (size_t i = 0; i < proof.nshards; i++)
		walk_shard(&proof.shard[i]);
	if (proof.mode == PROOF_COMPRESSED) {
		walk_vk(&proof.compressed.proof.vk);
		numbers("key's place", &proof.compressed.proof.vk_index, 1);
		digests("key's path", proof.compressed.proof.vk_path.v,
		    proof.compressed.proof.vk_path.n);
	}
	qsort(place, nplaces, sizeof *place, by_kind);
}

/* A place of a kind, all kinds alike. */
static const struct place *
any_place(void)
{
	size_t kinds = 0, kind, begin = 0, end;

	for (size_t i = 0; i < nplaces; i++)
		kinds += i == 0 ||
		    strcmp(place[i].kind, place[i - 1].kind) != 0;
	kind = rnd() % kinds;
	for (;; begin = end, kind--) {
		for (end = begin + 1; end < nplaces &&
		    strcmp(place[end].kind, place[begin].kind) == 0;)
			end++;
		if (kind == 0)
			return &place[begin + rnd() % (end - begin)];
	}
}

static void
flip_bit(void)
{
	size_t at = rnd() % out.n;
	unsigned bit = rnd() % 8;

	out.v[at] ^= (uint8_t)(1 << bit);
	snprintf(what, sizeof what, "byte %zu, bit %u", at, bit);
}

static void
alter_field(void)
{
	const struct place *p = any_place();
	struct err e;

	alter_place(p, &e);
	snprintf(what, sizeof what, "field: %s", p->kind);
}

/* One fewer of an array; or its count alone altered, where the count is written. */
static void
alter_length(void)
{
	static const uint64_t more[] = {
		1, 2, 3, (uint64_t)1 << 31, (uint64_t)1 << 32, UINT64_MAX
	};
	struct length all[MAX_LENGTHS], l;
	struct byte_vec whole = out;
	uint64_t x;
	size_t at = 0;

	l = all[rnd() % shard_lengths(all, &proof.shard[rnd() % proof.nshards])];
	out.v = NULL;
	--*l.n;
	encode();
	++*l.n;
	snprintf(what, sizeof what, "length: %s", l.what);
	if (rnd() % 2 == 0) {
		free(whole.v);
		return;
	}
	while (whole.v[at] == out.v[at])
		at++;
	free(out.v);
	out = whole;
	must(at + sizeof x <= out.n);
	memcpy(&x, out.v + at, sizeof x);
	x += more[rnd() % (sizeof more / sizeof *more)];
	memcpy(out.v + at, &x, sizeof x);
	snprintf(what, sizeof what, "count: %s", l.what);
}

/* Where an element is written: where the bytes of two values differ. */
static size_t
offset_of(kb *v)
{
	struct byte_vec zero;
	kb old = *v;
	size_t at = 0;

	*v = KB_ZERO;
	encode();
	zero = out;
	out.v = NULL;
	*v = kb_from(0x01010101);
	encode();
	must(out.n == zero.n);
	while (out.v[at] == zero.v[at])
		at++;
	*v = old;
	encode();
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
	at = offset_of(&p->v[rnd() % p->n]);
	memcpy(&x, out.v + at, 4);
	x += KB_P;
	memcpy(out.v + at, &x, 4);
	snprintf(what, sizeof what, "not below p: %s", p->kind);
}

#define SWAP(x, y) do { \
	__typeof__(x) t_ = (x); \
	(x) = (y); \
	(y) = t_; \
} while (0)

static void
swap_chips(bool gkr)
{
	struct shard_proof *p = &proof.shard[rnd() % proof.nshards];
	size_t n = gkr ? p->gkr.nchips : p->nopened;
	size_t a = rnd() % n, b = (a + 1 + rnd() % (n - 1)) % n;

	for (int i = 0; i < 2; i++) {	/* there and back */
		if (gkr)
			SWAP(p->gkr.chip[a], p->gkr.chip[b]);
		else
			SWAP(p->opened[a], p->opened[b]);
		if (i == 0)
			encode();
	}
	snprintf(what, sizeof what, "order: %s", gkr ? "LogUp-GKR openings" :
	    "openings");
}

/* Swapped, dropped, twice, with another's public values; one alone is dropped. */
static void
alter_shards(void)
{
	struct shard_proof *whole = proof.shard, *s;
	size_t n = proof.nshards, a = rnd() % n, b;
	static const char *const name[] = {
		"swapped", "dropped", "twice", "another's public values"
	};
	unsigned kind = n > 1 ? (unsigned)(rnd() % 4) : 1 + rnd() % 2;

	if (proof.mode != PROOF_CORE) {
		proof.compressed.proof.vk_path.n--;
		encode();
		proof.compressed.proof.vk_path.n++;
		snprintf(what, sizeof what, "the key's path");
		return;
	}
	b = n > 1 ? (a + 1 + rnd() % (n - 1)) % n : a;
	s = malloc((n + 1) * sizeof *s);
	must(s != NULL);
	memcpy(s, whole, n * sizeof *s);
	switch (kind) {
	case 0:
		SWAP(s[a], s[b]);
		break;
	case 1:
		memmove(&s[a], &s[a + 1], (n - a - 1) * sizeof *s);
		proof.core.nshards--;
		break;
	case 2:
		memmove(&s[a + 1], &s[a], (n - a) * sizeof *s);
		proof.core.nshards++;
		break;
	case 3:
		s[a].public_values = s[b].public_values;
		break;
	}
	proof.core.shard = s;
	encode();
	proof.core.shard = whole;
	proof.core.nshards = n;
	free(s);
	snprintf(what, sizeof what, "shards: %s", name[kind]);
}

static void
alter_bytes(struct byte_vec *v, const char *name)
{
	if (v->n == 0) {
		flip_bit();
		return;
	}
	size_t at = rnd() % v->n;
	uint8_t old = v->v[at];

	v->v[at] ^= (uint8_t)(1 + rnd() % 255);
	encode();
	v->v[at] = old;
	snprintf(what, sizeof what, "%s", name);
}

/* The ends of containers, and the order of what is in them. */
static void
alter_container(unsigned kind)
{
	switch (kind % 8) {
	case 0:
		out.v[out.n++] = (uint8_t)rnd();	/* encode() left room */
		snprintf(what, sizeof what, "a byte more");
		break;
	case 1:
		out.v[out.n - 1] = (uint8_t)(2 + rnd() % 254);
		snprintf(what, sizeof what, "last Option byte %u",
		    out.v[out.n - 1]);
		break;
	case 2:
		swap_chips(true);
		break;
	case 3:
		swap_chips(false);
		break;
	case 4:
		alter_bytes(proof.public_values, "public values");
		break;
	case 5:
		alter_bytes(proof.version, "version");
		break;
	case 6:
		alter_shards();
		break;
	case 7:
		/* One fewer would be the network's form, valid to ours alone. */
		out.n -= 2 + rnd() % 8;
		snprintf(what, sizeof what, "cut");
		break;
	}
}

/* Copy n of a seed. */
static void
alter_as(uint64_t with, uint64_t n)
{
	seed = with * 0x100000001b3 + n;
	encode();
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

#endif
