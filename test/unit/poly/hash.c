#include "poly/challenger.h"
#include "poly/hash.h"
#include "test/lib/tap.h"

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
count(kb *v, uint32_t from, int n)
{
	for (int i = 0; i < n; i++)
		v[i] = kb_from(from + (uint32_t)i);
}

static void
permutation(void)
{
	kb s[16] = {{0}}, v[20];
	digest d, e;

	poseidon2(s);
	ok(IS(s, 16, 145589356, 1876041682, 1734203622, 499355069, 673349476,
	    595701365, 270340205, 131707822, 1236787881, 1085405948, 2065733208,
	    1999012278, 2062318124, 1616707536, 324813015, 749520722),
	    "permutation of zeros");
	count(s, 0, 16);
	poseidon2(s);
	ok(IS(s, 16, 1028402160, 1336023551, 1247226230, 452505083, 576410521,
	    24192935, 496452173, 951188711, 1739107831, 1383428939, 1192826830,
	    1741569479, 278097016, 868568656, 1450886773, 121831630),
	    "permutation of 0 .. 15");
	count(v, 1, 20);
	d = hash_kb(v, 8);
	ok(IS(d.c, 8, 251773399, 413576832, 99587466, 2037263598, 1901175793,
	    1467794067, 1549563946, 1428332759), "hash of 8");
	d = hash_kb(v, 9);
	ok(IS(d.c, 8, 549915231, 578329675, 83430930, 1304911221, 1520093654,
	    1719695691, 695718360, 121432718), "hash of 9");
	d = hash_kb(v, 20);
	ok(IS(d.c, 8, 1425774804, 1063060247, 783955598, 433962758, 2054931709,
	    879643182, 1726085120, 86971786), "hash of 20");
	d = hash_kb(v, 0);
	ok(IS(d.c, 8, 0, 0, 0, 0, 0, 0, 0, 0), "hash of nothing");
	count(d.c, 0, 8);
	count(e.c, 8, 8);
	d = hash_compress(&d, &e);
	ok(IS(d.c, 8, 1028402160, 1336023551, 1247226230, 452505083, 576410521,
	    24192935, 496452173, 951188711), "compression");
	ok(kb_to(poseidon2_diag[0]) == KB_P - 2 &&
	    kb_to(poseidon2_diag[14]) == 1 << 13 &&
	    kb_to(poseidon2_diag[15]) == 1 << 15, "the diagonal skips 2^14");
}

static void
transcript(void)
{
	struct challenger c;
	kb v[19], s[5];
	ef e;

	challenger_init(&c, &hasher_kb);
	count(v, 1, 3);
	challenger_observe_many(&c, v, 3);
	s[0] = challenger_sample(&c);
	s[1] = challenger_sample(&c);
	ok(IS(s, 2, 405443479, 2038760085), "samples");
	e = challenger_sample_ef(&c);
	ok(IS(e.c, 4, 606227577, 1876540101, 1897008509, 992151585),
	    "an extension element, first coefficient first");
	for (uint32_t i = 10; i < 29; i++)
		challenger_observe_u32(&c, i);
	is_int(challenger_sample_bits(&c, 20), 484211, "bits");
	e = challenger_sample_ef(&c);
	ok(IS(e.c, 4, 607215651, 950652727, 1397494548, 1343308047),
	    "an extension element after bits");
	for (int i = 0; i < 5; i++)
		s[i] = challenger_sample(&c);
	ok(IS(s, 5, 1017432092, 2065457994, 1433597051, 1639993385, 1735861774),
	    "samples past the end of the buffer");
}

static void
grinding(void)
{
	static const struct { uint32_t before; unsigned bits;
		uint32_t witness, next; } t[] = {
		{0, 5, 1, 709243879}, {0, 12, 4711, 1760224581},
		{1, 5, 16, 185011737}, {1, 12, 7048, 73676077},
		{7, 5, 5, 1683734493}, {7, 12, 4302, 1549805804},
	};
	struct challenger c, d;

	for (unsigned i = 0; i < sizeof t / sizeof *t; i++) {
		kb v[7], w;
		uint32_t next;

		challenger_init(&c, &hasher_kb);
		count(v, 100, 7);
		challenger_observe_many(&c, v, t[i].before);
		d = c;
		w = challenger_grind(&c, t[i].bits);
		next = kb_to(challenger_sample(&c));
		ok(kb_to(w) == t[i].witness && next == t[i].next,
		    "%u bits after %u observed", t[i].bits, t[i].before);
		ok(challenger_check_pow(&d, t[i].bits, w) &&
		    kb_to(challenger_sample(&d)) == next, "and checked");
	}
	challenger_init(&c, &hasher_kb);
	ok(!challenger_check_pow(&c, 5, KB_ZERO), "a wrong witness is refused");
}

/* Expected values: the independent python companion of the specification. */
int
main(void)
{
	plan(26);
	permutation();
	transcript();
	grinding();
	return done_testing();
}
