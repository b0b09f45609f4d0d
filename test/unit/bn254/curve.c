/*
 * Fields, groups and the pairing, against Python's integers
 * (test/vectors/snark/bn254.py), and what holds whatever the numbers.
 */
#include "base/hex.h"
#include "bn254/pairing.h"
#include "test/lib/tap.h"

#define VECTORS "test/vectors/snark/bn254.tsv"

static fq
to_fq(const char *hex)
{
	char digits[65] = "";
	uint8_t b[32];
	fq a;

	strncat(digits, hex, 64);
	must(hex_decode(b, 32, digits) == 0 && fq_from_be(&a, b) == 0);
	return a;
}

static int
is_fq(fq a, const char *want, const char *what)
{
	uint8_t b[32];

	fq_to_be(b, a);
	return is_hex(b, 32, want, "fq %s", what);
}

/* By powers of w: 0, 2, 4 are c0, 1, 3, 5 c1. */
static fq2 *
coefficient(fq12 *a, int i)
{
	return i % 2 ? &a->c1.c[i / 2] : &a->c0.c[i / 2];
}

static fq12
to_fq12(const char *hex)
{
	fq12 a;

	for (int i = 0; i < 6; i++, hex += 128)
		*coefficient(&a, i) = (fq2){to_fq(hex + 64), to_fq(hex)};
	return a;
}

static int
is_fq12(fq12 a, const char *want, const char *what)
{
	uint8_t b[384];

	for (int i = 0; i < 6; i++) {
		fq_to_be(b + 64 * i, coefficient(&a, i)->c1);
		fq_to_be(b + 64 * i + 32, coefficient(&a, i)->c0);
	}
	return is_hex(b, sizeof b, want, "%s", what);
}

static bn254_fr
to_fr(const char *hex)
{
	uint8_t b[32];
	bn254_fr k;

	must(hex_decode(b, 32, hex) == 0 && bn254_fr_from_be(&k, b) == 0);
	return k;
}

static struct g2
g2_times(struct g2 p, const char *k)
{
	uint64_t e[4];

	bn254_fr_to_limbs(e, to_fr(k));
	return g2_mul(&p, e);
}

static struct g1
g1_times(struct g1 p, const char *k)
{
	bn254_fr e = to_fr(k);

	return g1_sum(&p, &e, 1);
}

static void
test_fq(char **f)
{
	fq a = to_fq(f[1]), b = to_fq(f[2]), s;

	is_fq(fq_add(a, b), f[3], "sum");
	is_fq(fq_sub(a, b), f[4], "difference");
	is_fq(fq_mul(a, b), f[5], "product");
	is_fq(fq_inv(a), f[6], "inverse");
	is_fq(fq_halve(a), f[7], "half");
	ok(fq_is_large(a) != fq_is_large(fq_neg(a)), "a or -a is large");
	ok(fq_sqrt(&s, fq_square(a)) == 0 &&
	    (fq_eq(s, a) || fq_eq(s, fq_neg(a))), "root of a square");
	ok(fq_sqrt(&s, fq_neg(fq_square(a))) < 0, "none of its negative");
}

static void
test_fq12(char **f)
{
	fq12 a = to_fq12(f[1]), b = to_fq12(f[2]), t, u;
	fq2 l0 = b.c0.c[0], l1 = b.c0.c[1], l3 = b.c1.c[2], s;

	fq12_mul(&t, &a, &b);
	is_fq12(t, f[3], "fq12 product");
	fq12_inv(&t, &a);
	is_fq12(t, f[4], "fq12 inverse");
	fq12_frobenius(&t, &a);
	is_fq12(t, f[5], "fq12 Frobenius");
	fq12_square(&t, &a);
	fq12_mul(&u, &a, &a);
	ok(memcmp(&t, &u, sizeof t) == 0, "fq12 square");
	fq12_mul_line(&t, &a, l0, l1, l3);
	memset(&b, 0, sizeof b);
	b.c0.c[0] = l0;
	b.c1.c[0] = l1;
	b.c1.c[1] = l3;
	fq12_mul(&u, &a, &b);
	ok(memcmp(&t, &u, sizeof t) == 0, "fq12 times a line");
	ok(fq2_sqrt(&s, fq2_square(l0)) == 0 &&
	    fq2_eq(fq2_square(s), fq2_square(l0)), "fq2 root");
}

static void
test_conjugate(void)
{
	char hex[12 * 64 + 1];
	fq12 a, t;

	for (int i = 0; i < 12 * 64; i++)
		hex[i] = i % 64 == 0 ? '1' : "0123456789abcdef"[i * i / 7 % 16];
	hex[12 * 64] = '\0';
	a = t = to_fq12(hex);
	for (int i = 0; i < 6; i++)
		fq12_frobenius(&t, &t);
	fq12_conj(&a, &a);
	ok(memcmp(&a, &t, sizeof a) == 0, "six times Frobenius conjugates");
	fq12_conj(&t, &t);
	fq12_inv(&t, &t);
	fq12_mul(&t, &t, &a);		/* a^(q^6 - 1) */
	a = t;
	fq12_frobenius(&t, &t);
	fq12_frobenius(&t, &t);
	fq12_mul(&a, &a, &t);		/* to the q^2 + 1 */
	fq12_square(&t, &a);
	fq12_cyclotomic_square(&a, &a);
	ok(memcmp(&a, &t, sizeof a) == 0, "cyclotomic square");
}

static void
test_roots(void)
{
	fq2 a = {fq_from_u64(5), FQ_ZERO}, b = {fq_neg(a.c0), FQ_ZERO}, s;
	int squares = 0;

	ok(fq2_sqrt(&s, FQ2_ZERO) == 0 && fq2_is_zero(s), "root of 0");
	ok(fq2_sqrt(&s, a) == 0 && fq2_eq(fq2_square(s), a), "of 5");
	ok(fq2_sqrt(&s, b) == 0 && fq2_eq(fq2_square(s), b), "of -5");
	for (uint64_t i = 1; i <= 200; i++) {
		a = (fq2){fq_from_u64(i), fq_from_u64(i * i + 1)};
		if (fq2_sqrt(&s, a) == 0)
			squares += fq2_eq(fq2_square(s), a) ? 1 : 1000;
	}
	ok(squares > 70 && squares < 130, "of 200 others %d are squares",
	    squares);
}

static void
test_g1(char **f)
{
	struct g1 p = g1_times(g1_generator(), f[1]), q, s[3];
	bn254_fr k[3];
	uint8_t raw[G1_RAW], packed[G1_PACKED];
	struct err e = {0};

	g1_write(raw, &p);
	is_hex(raw, G1_RAW, f[2], "g1 multiple");
	ok(g1_read(&q, raw, "it", &e) == 0 && g1_eq(&p, &q), "g1 read");
	memcpy(packed, raw, 32);
	packed[0] |= fq_is_large(p.y) ? 0xc0 : 0x80;
	ok(g1_unpack(&q, packed, "it", &e) == 0 && g1_eq(&p, &q),
	    "g1 unpacked");
	packed[0] ^= 0x40;
	q = g1_neg(p);
	ok(g1_unpack(&s[0], packed, "it", &e) == 0 && g1_eq(&s[0], &q),
	    "with the other flag its negative");
	packed[0] &= 0x3f;
	ok(g1_unpack(&q, packed, "it", &e) < 0, "no flag: %s", e.msg);
	packed[0] |= 0x40;
	ok(g1_unpack(&q, packed, "it", &e) < 0, "infinity's flag: %s", e.msg);
	raw[63] ^= 1;
	ok(g1_read(&q, raw, "it", &e) < 0 && e.status == EX_NO, "%s", e.msg);
	memset(raw, 0, sizeof raw);
	ok(g1_read(&q, raw, "it", &e) < 0 && e.status == EX_NO, "zeros: %s",
	    e.msg);
	memset(raw, 0xff, sizeof raw);
	ok(g1_read(&q, raw, "it", &e) < 0 && e.status == EX_NO, "ones: %s",
	    e.msg);

	/* k p + (r - k) p; p + p - 2 p, which meets every case of adding */
	s[0] = s[1] = p;
	k[0] = to_fr(f[1]);
	k[1] = bn254_fr_neg(k[0]);
	q = g1_sum(s, k, 2);
	ok(q.infinity, "g1: a sum that is infinity");
	k[0] = k[1] = bn254_fr_one();
	k[2] = bn254_fr_from_u64(2);
	s[2] = g1_neg(p);
	q = g1_sum(s, k, 3);
	ok(q.infinity, "g1: another");
	s[2] = g1_sum(s, k, 2);
	q = g1_sum(s, k + 2, 1);
	ok(g1_eq(&q, &s[2]) && !q.infinity && g1_on_curve(&q), "p + p is 2 p");
}

static void
test_g2(char **f)
{
	struct g2 p = g2_times(g2_generator(), f[1]), q;
	uint8_t raw[G2_RAW], packed[G2_PACKED];
	struct err e = {0};

	g2_write(raw, &p);
	is_hex(raw, G2_RAW, f[2], "g2 multiple");
	ok(g2_read(&q, raw, "it", &e) == 0 && fq2_eq(q.x, p.x) &&
	    fq2_eq(q.y, p.y), "g2 read");
	memcpy(packed, raw, G2_PACKED);
	packed[0] |= fq2_is_large(p.y) ? 0xc0 : 0x80;
	ok(g2_unpack(&q, packed, "it", &e) == 0 && fq2_eq(q.y, p.y),
	    "g2 unpacked");
	packed[0] ^= 0x40;
	ok(g2_unpack(&q, packed, "it", &e) == 0 &&
	    fq2_eq(q.y, fq2_neg(p.y)), "with the other flag its negative");
	raw[127] ^= 1;
	ok(g2_read(&q, raw, "it", &e) < 0 && e.status == EX_NO, "%s", e.msg);
	raw[127] ^= 1;
	raw[0] |= 0x40;
	ok(g2_read(&q, raw, "it", &e) < 0 && e.status == EX_NO, "%s", e.msg);
}

/* On the twist, and what g2_read says of the subgroup. */
static void
test_twist(char **f)
{
	static const uint64_t order[4] = {
		0x43e1f593f0000001u, 0x2833e84879b97091u,
		0xb85045b68181585du, 0x30644e72e131a029u
	};
	bool inside = strcmp(f[0], "subgroup") == 0;
	uint8_t raw[G2_RAW], packed[G2_PACKED];
	struct g2 p, q;
	struct err e = {0};

	must(hex_decode(raw, sizeof raw, f[1]) == 0);
	p = (struct g2){
		{to_fq(f[1] + 64), to_fq(f[1])},
		{to_fq(f[1] + 192), to_fq(f[1] + 128)}, false
	};
	ok(g2_on_curve(&p), "a point of the twist");
	ok(g2_in_subgroup(&p) == inside, "%s the subgroup",
	    inside ? "in" : "outside");
	q = g2_mul(&p, order);
	ok(q.infinity == inside, "as its order says");
	ok((g2_read(&q, raw, "it", &e) == 0) == inside && (inside ||
	    e.status == EX_NO), "when read: %s", e.msg);
	memcpy(packed, raw, G2_PACKED);
	packed[0] |= 0x80;
	ok((g2_unpack(&q, packed, "it", &e) == 0) == inside && (inside ||
	    e.status == EX_DATAERR), "when unpacked: %s", e.msg);
}

static void
test_pairing(char **f)
{
	struct g1 p[3] = {g1_times(g1_generator(), f[1])};
	struct g2 q = g2_times(g2_generator(), f[2]);
	struct g2_lines l[2];
	const struct g2_lines *lines[3] = {&l[0], &l[1], &l[1]};
	bn254_fr k = bn254_fr_mul(to_fr(f[1]), to_fr(f[2]));
	fq12 r;

	ok(g2_lines(&l[0], &q), "lines of a point of the subgroup");
	pairing(&r, p, lines, 1);
	is_fq12(r, f[3], "pairing");
	ok(!pairing_is_one(p, lines, 1), "is not one");

	/* e(a P, b Q) = e(a b P, Q) = e(P, Q)^(a b - 1) e(P, Q) */
	q = g2_generator();
	ok(g2_lines(&l[1], &q), "lines of a point of the subgroup");
	p[2] = g1_generator();
	k = bn254_fr_sub(bn254_fr_one(), k);
	p[1] = g1_sum(&p[2], &k, 1);
	p[2] = g1_neg(p[2]);
	ok(pairing_is_one(p, lines, 3), "bilinear");
	p[2].infinity = true;
	ok(!pairing_is_one(p, lines, 3), "not without one of its terms");
	l[0].infinity = p[1].infinity = true;
	ok(pairing_is_one(p, lines, 3), "infinity gives one, on either side");
}

/* What is no point, by the check that tells. */
#define REFUSED(call, eclass, reason) do { \
	struct err e = {0}; \
	ok((call) < 0 && e.status == (eclass) && \
	    strstr(e.msg, reason) != NULL, "%s", e.msg); \
} while (0)

static void
test_encodings(void)
{
	struct g1 p = g1_generator();
	struct g2 q = g2_generator();
	uint8_t good[G2_RAW], raw[G2_RAW], packed[G2_PACKED];

	g1_write(good, &p);
	for (int i = 0; i < 2; i++) {
		memcpy(raw, good, G1_RAW);
		memset(raw + 32 * i, 0xff, 32);
		REFUSED(g1_read(&p, raw, "g1", &e), EX_NO, "not below q");
	}
	memset(packed, 0xff, G1_PACKED);
	packed[0] = 0xbf;
	REFUSED(g1_unpack(&p, packed, "g1", &e), EX_DATAERR, "not below q");

	g2_write(good, &q);
	for (int i = 0; i < 4; i++) {
		memcpy(raw, good, G2_RAW);
		memset(raw + 32 * i, 0xff, 32);
		REFUSED(g2_read(&q, raw, "g2", &e), EX_NO, "not below q");
	}
	memcpy(raw, good, G2_RAW);
	raw[G2_RAW - 1] ^= 1;
	REFUSED(g2_read(&q, raw, "g2", &e), EX_NO, "not on the curve");
	for (int flag = 0; flag < 0x80; flag += 0x40) {
		memcpy(packed, good, G2_PACKED);
		packed[0] |= (uint8_t)flag;
		REFUSED(g2_unpack(&q, packed, "g2", &e), EX_DATAERR,
		    "no flag of a point");
	}
	for (int i = 0; i < 2; i++) {
		memcpy(packed, good, G2_PACKED);
		memset(packed + 32 * i, 0xff, 32);
		packed[0] = 0x80 | (packed[0] & 0x3f);
		REFUSED(g2_unpack(&q, packed, "g2", &e), EX_DATAERR,
		    "not below q");
	}
}

/* Of small coordinates about half belong to no point. */
static void
test_no_point(void)
{
	uint8_t packed[G2_PACKED];
	int none1 = 0, none2 = 0;
	struct err e;
	struct g1 p;
	struct g2 q;

	for (int x = 1; x <= 40; x++) {
		memset(packed, 0, sizeof packed);
		packed[0] = 0x80;
		packed[31] = packed[63] = (uint8_t)x;
		none1 += g1_unpack(&p, packed, "g1", &e) < 0 &&
		    strcmp(e.msg, "g1 is not on the curve") == 0;
		none2 += g2_unpack(&q, packed, "g2", &e) < 0 &&
		    strcmp(e.msg, "g2 is not on the curve") == 0;
	}
	ok(none1 > 8 && none1 < 32, "x of no point of G1: %d of 40", none1);
	ok(none2 > 8 && none2 < 32, "of the twist: %d", none2);
}

static const struct { const char *name; void (*test)(char **f); } tests[] = {
	{"fq", test_fq}, {"fq12", test_fq12}, {"g1", test_g1}, {"g2", test_g2},
	{"twist", test_twist}, {"subgroup", test_twist},
	{"pairing", test_pairing},
};

static void
test_line(char *line)
{
	char *f[9] = {strtok(line, "\t\n")};

	for (size_t i = 1; i < 9; i++)
		f[i] = strtok(NULL, "\t\n");
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		if (strcmp(f[0], tests[i].name) == 0) {
			tests[i].test(f);
			return;
		}
	ok(0, "no test for %s", f[0]);
}

int
main(void)
{
	FILE *in = fopen(VECTORS, "r");
	char *line = NULL;
	size_t cap = 0;
	int n = 0;

	if (in == NULL)
		tap_skip_all("cannot open " VECTORS);
	while (getline(&line, &cap, in) > 0)
		if (line[0] != '#') {
			test_line(line);
			n++;
		}
	free(line);
	fclose(in);
	is_int(n, 22, "lines of vectors");
	test_conjugate();
	test_roots();
	test_encodings();
	test_no_point();
	return done_testing();
}
