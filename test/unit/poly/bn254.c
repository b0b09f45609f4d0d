/*
 * Poseidon2 over BN254's scalars, its sponges and transcript.  Expected values: the
 * independent python companion of the specification; the permutation of (0, 1, 2) is
 * also the published one of the constants' authors.
 */
#include "base/hex.h"
#include "poly/bn254_hash.h"
#include "poly/challenger.h"
#include "test/lib/tap.h"

static int
is(bn254_fr x, const char *want, const char *what)
{
	uint8_t b[32];

	bn254_fr_to_be(b, x);
	return is_hex(b, 32, want, "%s", what);
}

static void
permutation(void)
{
	bn254_fr s[3];

	for (uint64_t i = 0; i < 3; i++)
		s[i] = bn254_fr_from_u64(i);
	bn254_poseidon2(s);
	is(s[0], "0bb61d24daca55eebcb1929a82650f328134334da98ea4f847f760054f4a"
	    "3033", "permutation of 0, 1, 2");
	is(s[1], "303b6f7c86d043bfcbcc80214f26a30277a15d3f74ca654992defe7ff8d0"
	    "3570", "its second element");
	is(s[2], "1ed25194542b12eef8617361c3ba7c52e660b145994427cc86296242cf76"
	    "6ec8", "its third");
	for (int i = 0; i < 3; i++)
		s[i] = bn254_fr_neg(bn254_fr_one());
	bn254_poseidon2(s);
	is(s[0], "2cb3ba164e837aade429a17d6b9929a676625e975f2ace88f62e7fd79500"
	    "9256", "permutation of -1, -1, -1");
}

static void
numbers(kb v[40])
{
	for (uint32_t i = 0; i < 40; i++)
		v[i] = kb_from((i + 1) * 2654435761u);
}

static void
hashes(void)
{
	static const struct { size_t n; const char *want; } t[] = {
		{0, "000000000000000000000000000000000000000000000000000000000"
		    "0000000"},
		{1, "18affdc46964909e912f237d351580646aa952f5655c2f30e229b64c6"
		    "ac8e7cc"},
		{8, "204eb3fddbfa050867787097a2fc04ab6367c601e93126f69fac59e8c"
		    "4b56962"},
		{9, "0df31da04f9d99852600fd1c00ee7a091e6ff8642f18ff3137e420f15"
		    "333669d"},
		{16, "00ba52d59e8ea5bc6022b66baf4cbf60b5e01e83f5b22ce3e11bb0ce"
		    "9547ab37"},
		{17, "1a7a0b0b3db72f5f75c340a739215e89cfc41ef2e117fa8a1669ae19"
		    "f78e7ca8"},
		{40, "1aec1b6966328dbc9c548c3dd3f7f596ba86f137cd6a5d56cbac7f42"
		    "b2fd7da2"},
	};
	const struct hasher *h = &hasher_bn254;
	any_digest five = {.bn254 = bn254_fr_from_u64(5)}, d, rows[2], in[4];
	any_digest seven = {.bn254 = bn254_fr_from_u64(7)};
	kb v[40], part[4], most[16];
	char what[32];

	numbers(v);
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		snprintf(what, sizeof what, "hash of %zu elements", t[i].n);
		d = hasher_hash(h, v, t[i].n);
		is(d.bn254, t[i].want, what);
	}
	bn254_split(part, d.bn254);
	ok(kb_to(part[0]) == 1332699883 && kb_to(part[1]) == 2104262446 &&
	    kb_to(part[2]) == 1071160943 && kb_to(part[3]) == 49139049,
	    "the last one's limbs");
	for (int i = 0; i < 16; i++)
		most[i] = kb_from(KB_P - 1);
	d = hasher_hash(h, most, 16);
	is(d.bn254, "0166b715d4edd7a7061f8a46e4fd347080ff0bf1819"
	    "3f9d58dbeeff15bb5c832", "hash of the largest elements");
	d = h->compress(&five, &seven);
	is(d.bn254, "0faa2cb5c6b22bdb9225dad8c83231a1e7ca8dd3e92"
	    "3a58d4dc52995005900a5", "compression");

	h->rows(rows, v, 20, 2);
	in[0] = hasher_hash(h, v + 20, 20);
	ok(any_digest_eq(&rows[1], &in[0]), "rows are hashed one by one");
	in[0] = in[3] = five;
	in[1] = in[2] = seven;
	h->layer(rows, in, 2);
	in[0] = h->compress(&seven, &five);
	ok(any_digest_eq(&rows[0], &d) && any_digest_eq(&rows[1], &in[0]),
	    "and layers pair by pair");
}

/* Columns that come in parts: as those that come at once, however many are left. */
static void
absorbing(void)
{
	enum { N = 5, W = 64 };
	static kb cell[W][N];
	const kb *column[W];
	any_digest whole[N], part[N];
	unsigned bad = 0;

	for (uint32_t j = 0; j < W; j++) {
		column[j] = cell[j];
		for (uint32_t i = 0; i < N; i++)
			cell[j][i] = kb_from((j * N + i + 1) * 2654435761u);
	}
	for (size_t w = 25; w <= W; w++)
		for (size_t some = 16; some + 8 < w; some += 16) {
			hasher_bn254.absorb(whole, NULL, column, w, 1, N - 1, true);
			hasher_bn254.absorb(part, NULL, column, some, 1, N - 1,
			    false);
			hasher_bn254.absorb(part, part, column + some, w - some,
			    1, N - 1, true);
			for (int i = 0; i < N - 1; i++)
				bad += !any_digest_eq(&whole[i], &part[i]);
		}
	ok(bad == 0, "columns that come in two parts");
}

static int
equals(const kb *v, const uint32_t *want, int n)
{
	int bad = 0;

	for (int i = 0; i < n; i++)
		bad += kb_to(v[i]) != want[i];
	return !bad;
}
#define IS(v, n, ...) equals(v, (const uint32_t[n]){__VA_ARGS__}, n)

static void
transcript(void)
{
	struct challenger c;
	kb v[40], s[6];
	any_digest d;
	ef e;

	numbers(v);
	d = hasher_hash(&hasher_bn254, v, 40);
	challenger_init(&c, &hasher_bn254);
	challenger_observe_many(&c, v, 3);
	s[0] = challenger_sample(&c);
	s[1] = challenger_sample(&c);
	ok(IS(s, 2, 1788469245, 334729958), "samples");
	e = challenger_sample_ef(&c);
	ok(IS(e.c, 4, 858934612, 1733425793, 1217692727, 867600225),
	    "an extension element");
	for (uint32_t i = 10; i < 37; i++)
		challenger_observe_u32(&c, i);
	is_int(challenger_sample_bits(&c, 20), 728844, "bits");
	challenger_observe_digest(&c, &d);
	e = challenger_sample_ef(&c);
	ok(IS(e.c, 4, 228271565, 729235167, 62016149, 1760807097),
	    "an extension element after a digest");
	for (int i = 0; i < 6; i++)
		s[i] = challenger_sample(&c);
	ok(IS(s, 6, 17146584, 1043387965, 2101594047, 1936046820, 424765140,
	    1516178105), "samples past the end of the buffer");
}

/* The smallest witness that the check accepts, whatever was observed before. */
static void
grinding(void)
{
	unsigned bad = 0;
	kb v[40];

	numbers(v);
	for (unsigned n = 0; n < 40; n += 5)
		for (unsigned bits = 1; bits <= 6; bits += 5) {
			struct challenger before, c, d;
			uint32_t w = 0;
			kb found;

			challenger_init(&before, &hasher_bn254);
			challenger_observe_many(&before, v, n);
			c = before;
			found = challenger_grind(&c, bits);
			do
				d = before;
			while (!challenger_check_pow(&d, bits, kb_from(w++)));
			bad += kb_to(found) != w - 1 ||
			    !kb_eq(challenger_sample(&c), challenger_sample(&d));
		}
	ok(bad == 0, "grinding finds the smallest witness");
}

int
main(void)
{
	permutation();
	hashes();
	absorbing();
	transcript();
	grinding();
	return done_testing();
}
