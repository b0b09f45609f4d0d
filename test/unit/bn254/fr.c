/* BN254's scalars, against Python's integers and against themselves. */
#include "base/err.h"
#include "base/hex.h"
#include "bn254/fr.h"
#include "test/lib/tap.h"

#define A "1d066a255517b7fd8bddd3a93f7804ef7f8fcde48bb4c37a59a09a1a97052816"
#define B "30644e72e131a029b85045b68181585d2833e84879b97090988d4c0704e0f52f"
#define P "30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001"
#define P_1 "30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000000"

static bn254_fr
fr(const char *hex)
{
	uint8_t b[32];
	bn254_fr x = BN254_FR_ZERO;

	if (hex_decode(b, sizeof b, hex) || bn254_fr_from_be(&x, b))
		ok(0, "%s is an element", hex);
	return x;
}

static int
is(bn254_fr x, const char *want, const char *what)
{
	uint8_t b[32];

	bn254_fr_to_be(b, x);
	return is_hex(b, 32, want, "%s", what);
}

static void
known(void)
{
	bn254_fr a = fr(A), b = fr(B);

	is(bn254_fr_add(a, b), "1d066a255517b7fd8bddd3a93f7804ef7f8fcde48bb4c3"
	    "79ae4bf08dabe61d44", "sum");
	is(bn254_fr_sub(a, b), "1d066a255517b7fd8bddd3a93f7804ef7f8fcde48bb4c3"
	    "7b04f543a7822432e8", "difference");
	is(bn254_fr_mul(a, b), "21cb6789db49367686c36d46ef4cfc0226de54edc2ccef"
	    "f492c8af1af69f03b8", "product");
	is(bn254_fr_inv(a), "0dd2ed5333ca99f177938608e4a631083fdac05873eb963d3"
	    "42f6085efb510a5", "inverse");
	is(bn254_fr_pow(a, (uint64_t[4]){5}), "275d23b255330f03cb9a1236b77ffb1"
	    "a6c1d302bd6eade9861fec129e4b1f245", "fifth power");
	is(bn254_fr_neg(bn254_fr_one()), P_1, "minus one");
	is(bn254_fr_neg(BN254_FR_ZERO), "00000000000000000000000000000000000000"
	    "00000000000000000000000000", "minus zero");
	is(bn254_fr_from_u64(0x123456789abcdef0), "000000000000000000000000000"
	    "000000000000000000000123456789abcdef0", "a small number");
}

static void
range(void)
{
	uint8_t b[32], le[32];
	bn254_fr x, y;

	must(hex_decode(b, 32, P) == 0);
	ok(bn254_fr_from_be(&x, b) == -1, "p is no element");
	b[31]--;
	ok(bn254_fr_from_be(&x, b) == 0, "p - 1 is one");
	for (int i = 0; i < 32; i++)
		le[i] = b[31 - i];
	ok(bn254_fr_from_le(&y, le) == 0 && bn254_fr_eq(x, y),
	    "the other way round too");
	memset(b, 0, sizeof b);
	bn254_fr_to_le(b, x);
	ok(memcmp(b, le, 32) == 0, "and back");
	memset(b, 0xff, sizeof b);
	ok(bn254_fr_from_be(&x, b) == -1 && bn254_fr_from_le(&x, b) == -1,
	    "ones are no element");
}

static void
laws(void)
{
	bn254_fr x = fr(A), y = fr(B), z = fr(P_1);
	int bad = 0;

	for (int i = 0; i < 1000; i++) {
		bn254_fr s = bn254_fr_add(x, y), d = bn254_fr_sub(x, y);
		bn254_fr l = bn254_fr_mul(s, d), r = bn254_fr_sub(
		    bn254_fr_square(x), bn254_fr_square(y));

		bad += !bn254_fr_eq(l, r);
		bad += !bn254_fr_eq(bn254_fr_mul(bn254_fr_mul(x, y), z),
		    bn254_fr_mul(x, bn254_fr_mul(y, z)));
		bad += i % 50 == 0 && !bn254_fr_eq(bn254_fr_one(),
		    bn254_fr_mul(s, bn254_fr_inv(s)));
		bad += !mont4_below(&bn254_fr_modulus, l.m.v);
		x = y;
		y = z;
		z = bn254_fr_add(l, bn254_fr_from_u64((uint64_t)i));
	}
	is_int(bad, 0, "laws of a field, on a thousand triples");
	ok(bn254_fr_is_zero(bn254_fr_inv(BN254_FR_ZERO)), "0 gives 0");
}

int
main(void)
{
	known();
	range();
	laws();
	return done_testing();
}
