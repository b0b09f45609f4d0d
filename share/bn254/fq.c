#include "bn254/fq.h"

fq
fq_halve(fq a)
{
	uint64_t odd = -(a.m.v[0] & 1);
	unsigned char carry = 0;

	for (int i = 0; i < 4; i++)	/* below 2q < 2^255 */
		a.m.v[i] = mont4_adc(a.m.v[i], fq_modulus.p[i] & odd, &carry);
	for (int i = 0; i < 3; i++)
		a.m.v[i] = a.m.v[i] >> 1 | a.m.v[i + 1] << 63;
	a.m.v[3] >>= 1;
	return a;
}

fq
fq_inv(fq a)
{
	return (fq){mont4_inv(&fq_modulus, a.m)};
}

int
fq_sqrt(fq *r, fq a)
{
	/* check: (q + 1) / 4; q == 3 mod 4 */
	static const uint64_t e[4] = {
		0x4f082305b61f3f52u, 0x65e05aa45a1c72a3u,
		0x6e14116da0605617u, 0x0c19139cb84c680au
	};
	fq s = {mont4_pow(&fq_modulus, a.m, e)};

	if (!fq_eq(fq_square(s), a))
		return -1;
	*r = s;
	return 0;
}

bool
fq_is_large(fq a)
{
	/* check: (q - 1) / 2 */
	static const uint64_t half[4] = {
		0x9e10460b6c3e7ea3u, 0xcbc0b548b438e546u,
		0xdc2822db40c0ac2eu, 0x183227397098d014u
	};
	unsigned char borrow = 0;
	uint64_t x[4];

	mont4_to(&fq_modulus, x, a.m);
	for (int i = 0; i < 4; i++)
		mont4_sbb(half[i], x[i], &borrow);
	return borrow;
}

int
fq_from_be(fq *a, const uint8_t in[32])
{
	uint64_t x[4] = {0};

	for (unsigned i = 0; i < 32; i++)
		x[i / 8] |= (uint64_t)in[31 - i] << 8 * (i % 8);
	if (!mont4_below(&fq_modulus, x))
		return -1;
	a->m = mont4_from(&fq_modulus, x);
	return 0;
}

void
fq_to_be(uint8_t out[32], fq a)
{
	uint64_t x[4];

	mont4_to(&fq_modulus, x, a.m);
	for (unsigned i = 0; i < 32; i++)
		out[31 - i] = (uint8_t)(x[i / 8] >> 8 * (i % 8));
}
