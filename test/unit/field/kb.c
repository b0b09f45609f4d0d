#include "field/ef.h"
#include "test/lib/splitmix.h"
#include "test/lib/tap.h"

static uint64_t seed = 1;

static uint32_t
rnd(void)
{
	return (uint32_t)(splitmix64(&seed) % KB_P);
}

static ef
ef_of(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	return (ef){{kb_from(a), kb_from(b), kb_from(c), kb_from(d)}};
}

static ef
ef_rnd(void)
{
	return ef_of(rnd(), rnd(), rnd(), rnd());
}

static uint32_t
mulmod(uint32_t a, uint32_t b)
{
	return (uint32_t)((uint64_t)a * b % KB_P);
}

/* Edge values and random ones, against plain remainders. */
static void
base(void)
{
	static const uint32_t edge[] = {0, 1, 2, 127, 1u << 24, KB_P / 2,
	    KB_P / 2 + 1, KB_P - 2, KB_P - 1};
	int n = sizeof edge / sizeof *edge, bad = 0;

	for (int i = 0; i < 5000; i++) {
		uint32_t x = i < n * n ? edge[i / n] : rnd();
		uint32_t y = i < n * n ? edge[i % n] : rnd();
		kb a = kb_from(x), b = kb_from(y);

		bad += a.v >= KB_P || kb_to(a) != x;
		bad += kb_to(kb_add(a, b)) != ((uint64_t)x + y) % KB_P;
		bad += kb_to(kb_sub(a, b)) != ((uint64_t)x + KB_P - y) % KB_P;
		bad += kb_to(kb_neg(a)) != (KB_P - x) % KB_P;
		bad += kb_to(kb_mul(a, b)) != mulmod(x, y);
		bad += x && kb_to(kb_mul(kb_inv(a), a)) != 1;
	}
	ok(!bad, "arithmetic equals that of remainders");
	ok(kb_to(kb_from(UINT32_MAX)) == UINT32_MAX % KB_P &&
	    kb_to(kb_from64(UINT64_MAX)) == UINT64_MAX % KB_P,
	    "kb_from and kb_from64 reduce");
	ok(kb_eq(kb_inv(KB_ZERO), KB_ZERO) && kb_to(KB_ONE) == 1,
	    "the inverse of 0 is 0, KB_ONE is 1");
	ok(kb_eq(kb_root(24), kb_pow(kb_from(3), (KB_P - 1) >> 24)) &&
	    kb_eq(kb_root(1), kb_from(KB_P - 1)) &&
	    kb_eq(kb_root(0), KB_ONE), "roots of unity come from 3");
}

static void
inverses(void)
{
	static kb a[1500], b[1500];
	static ef x[700], y[700];
	int bad = 0;

	for (int i = 0; i < 1500; i++)
		a[i] = b[i] = i % 7 ? kb_from(rnd()) : KB_ZERO;
	kb_inv_many(b, b, 1500);
	for (int i = 0; i < 1500; i++)
		bad += !kb_eq(b[i], kb_inv(a[i]));
	ok(!bad, "kb_inv_many in place, zeros among them");
	for (int i = 0; i < 700; i++)
		x[i] = i % 9 ? ef_rnd() : EF_ZERO;
	ef_inv_many(y, x, 700);
	for (int i = bad = 0; i < 700; i++)
		bad += !ef_eq(y[i], ef_inv(x[i])) ||
		    (i % 9 && !ef_eq(ef_mul(x[i], y[i]), EF_ONE));
	ok(!bad, "ef_inv_many, and x / x = 1");
}

static ef
slow_mul(ef a, ef b)
{
	kb t[7] = {{0}};

	for (int i = 0; i < 4; i++)
		for (int j = 0; j < 4; j++)
			t[i + j] = kb_add(t[i + j], kb_mul(a.c[i], b.c[j]));
	for (int i = 0; i < 3; i++)
		t[i] = kb_add(t[i], kb_mul(kb_from(3), t[i + 4]));
	return (ef){{t[0], t[1], t[2], t[3]}};
}

/* Expected values: the independent python companion of the specification. */
static void
extension(void)
{
	ef a = ef_of(1, 2, 3, 4), b = ef_of(5, 6, 7, KB_P - 8);
	ef top = {{{KB_P - 1}, {KB_P - 1}, {KB_P - 1}, {KB_P - 1}}};
	int bad = 0;

	ok(ef_eq(ef_mul(a, b), ef_of(92, 28, KB_P - 62, 44)), "a product");
	ok(ef_eq(ef_inv(a), ef_of(476435702, 408373459, 502227710, 126094261)),
	    "an inverse");
	ok(ef_eq(ef_pow(a, 12345678901234567),
	    ef_of(1264055079, 573323856, 343208005, 342389085)), "a power");
	ok(ef_is_zero(ef_inv(EF_ZERO)), "the inverse of 0 is 0");
	bad += !ef_eq(ef_mul(top, top), slow_mul(top, top));
	bad += !ef_eq(ef_square(top), slow_mul(top, top));
	for (int i = 0; i < 2000; i++) {
		a = ef_rnd();
		b = ef_rnd();
		bad += !ef_eq(ef_mul(a, b), slow_mul(a, b));
		bad += !ef_eq(ef_square(a), slow_mul(a, a));
		bad += !ef_eq(ef_mul_kb(a, b.c[0]),
		    ef_mul(a, ef_from_kb(b.c[0])));
		bad += !ef_eq(ef_sub(ef_add(a, b), b), a);
		bad += !ef_is_zero(ef_add(ef_neg(a), a));
	}
	ok(!bad, "products and squares equal the schoolbook's");
}

int
main(void)
{
	plan(11);
	base();
	inverses();
	extension();
	return done_testing();
}
