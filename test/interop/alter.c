/*
 * Altered copies of a proof, for verifiers to be compared on:
 *
 *	alter PROOF PREFIX SEED FIRST COUNT
 *
 * writes PREFIX.N.bin for N from FIRST on, and PREFIX.list with lines "N<TAB>what".
 * Copy N is the same whatever FIRST and COUNT are.  Standard output is of no use.
 */
#include <stdio.h>

#include "base/io.h"
#include "stark/container.h"
#include "test/unit/stark_places.h"

#define PROOF_CAP ((size_t)1 << 28)

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

/* What stark_places.h calls when an alteration is made: the chosen one is kept. */
static size_t seen, chosen;

static int
refused(struct err *e)
{
	if (seen++ == chosen)
		encode();
	e->msg[0] = '\0';
	return 1;
}

static void
read_proof(struct arena *a, const struct byte_vec *in)
{
	struct err e;

	if (proof_mode(&proof.mode, in->v, in->n, &e))
		die_err(&e);
	if (proof.mode == PROOF_CORE) {
		if (core_proof_read(&proof.core, a, in->v, in->n, &e))
			die_err(&e);
		proof.shard = proof.core.shard;
		proof.nshards = proof.core.nshards;
		proof.public_values = &proof.core.public_values;
		proof.version = &proof.core.version;
		return;
	}
	if (compressed_proof_read(&proof.compressed, a, in->v, in->n, &e))
		die_err(&e);
	proof.shard = &proof.compressed.proof.shard;
	proof.nshards = 1;
	proof.public_values = &proof.compressed.tail.public_values;
	proof.version = &proof.compressed.tail.version;
}

static void
walk(void)
{
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

	seen = chosen = 0;
	alter_place(p, &e);
	snprintf(what, sizeof what, "field: %s", p->kind);
}

static void
alter_length(void)
{
	struct shard_proof *p = &proof.shard[rnd() % proof.nshards];
	size_t n;

	seen = 0;
	chosen = SIZE_MAX;
	shorten_shard(p);
	n = seen;
	seen = 0;
	chosen = rnd() % n;
	shorten_shard(p);
	snprintf(what, sizeof what, "length %zu", chosen);
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

static void
alter_shards(void)
{
	size_t n = proof.nshards;

	if (proof.mode == PROOF_CORE && n > 1) {
		SWAP(proof.shard[0], proof.shard[n - 1]);
		encode();
		SWAP(proof.shard[0], proof.shard[n - 1]);
	} else if (proof.mode == PROOF_CORE) {
		proof.core.nshards = 0;
		encode();
		proof.core.nshards = n;
	} else {
		proof.compressed.proof.vk_path.n--;
		encode();
		proof.compressed.proof.vk_path.n++;
	}
	snprintf(what, sizeof what, "shards, or the key's path");
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

static void
alter(uint64_t n)
{
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

static uint64_t
number(const char *s)
{
	return strtoull(s, NULL, 10);
}

int
main(int argc, char **argv)
{
	struct byte_vec in;
	struct arena a;
	struct err e;
	char path[4096];
	FILE *list;

	progname = "alter";
	if (argc != 6)
		die(EX_USAGE, "usage: alter PROOF PREFIX SEED FIRST COUNT");
	if (read_file(argv[1], PROOF_CAP, &in.v, &in.n, &e))
		die_err(&e);
	arena_init(&a, core_proof_ceiling(in.n));
	read_proof(&a, &in);
	walk();
	snprintf(path, sizeof path, "%s.list", argv[2]);
	list = fopen(path, "w");
	if (list == NULL)
		die(EX_CANTCREAT, "cannot create %s:", path);
	for (uint64_t i = 0; i < number(argv[5]); i++) {
		uint64_t n = number(argv[4]) + i;

		seed = number(argv[3]) * 0x100000001b3 + n;
		alter(n);
		snprintf(path, sizeof path, "%s.%llu.bin", argv[2],
		    (unsigned long long)n);
		if (out_file(path, OUT_BINARY, -1, out.v, out.n, &e))
			die_err(&e);
		fprintf(list, "%llu\t%s\n", (unsigned long long)n, what);
	}
	if (fclose(list))
		die(EX_IOERR, "cannot write the list:");
	free(out.v);
	free(in.v);
	arena_free(&a);
	return 0;
}
