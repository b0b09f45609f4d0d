/*
 * The end of lanes_avx2.h and lanes_avx512.h, in LANES_OP()'s instructions.  Of 64-bit
 * numbers those of even lanes are in e, those of odd ones in o.
 */
typedef struct { vec e, o; } wide;

/* x in all lanes. */
KERNEL vec
u_set(uint32_t x)
{
	return LANES_OP(set1_epi32)((int)x);
}

/* a + b mod 2^32. */
KERNEL vec
u_add(vec a, vec b)
{
	return LANES_OP(add_epi32)(a, b);
}

/* a - b mod 2^32. */
KERNEL vec
u_sub(vec a, vec b)
{
	return LANES_OP(sub_epi32)(a, b);
}

/* The smaller, unsigned. */
KERNEL vec
u_min(vec a, vec b)
{
	return LANES_OP(min_epu32)(a, b);
}

/* Shifts take constants. */
#define u_shl(a, n) LANES_OP(slli_epi32)(a, n)
#define u_shr(a, n) LANES_OP(srli_epi32)(a, n)
#define u_sar(a, n) LANES_OP(srai_epi32)(a, n)

#define w_zero ((wide){u_set(0), u_set(0)})

/* Each lane as a low half.  What the high halves hold does not matter to
 * products. */
KERNEL wide
w_of(vec a)
{
	return (wide){a, LANES_OP(srli_epi64)(a, 32)};
}

/* The same where all lanes of a are equal: no shift. */
KERNEL wide
w_same(vec a)
{
	return (wide){a, a};
}

/* The high halves as lanes. */
KERNEL vec
w_join(wide a)
{
	return lanes_join(a.e, a.o);
}

/* The high halves, moved down. */
KERNEL wide
w_high(wide a)
{
	return (wide){LANES_OP(srli_epi64)(a.e, 32),
	    LANES_OP(srli_epi64)(a.o, 32)};
}

/* a + b mod 2^64. */
KERNEL wide
w_add(wide a, wide b)
{
	return (wide){LANES_OP(add_epi64)(a.e, b.e),
	    LANES_OP(add_epi64)(a.o, b.o)};
}

/* a - b mod 2^64. */
KERNEL wide
w_sub(wide a, wide b)
{
	return (wide){LANES_OP(sub_epi64)(a.e, b.e),
	    LANES_OP(sub_epi64)(a.o, b.o)};
}

/* Products of the low halves, unsigned. */
KERNEL wide
w_mulu(wide a, wide b)
{
	return (wide){LANES_OP(mul_epu32)(a.e, b.e),
	    LANES_OP(mul_epu32)(a.o, b.o)};
}

/* Products of the low halves, signed. */
KERNEL wide
w_muls(wide a, wide b)
{
	return (wide){LANES_OP(mul_epi32)(a.e, b.e),
	    LANES_OP(mul_epi32)(a.o, b.o)};
}

/* t or t - 2^32 p, whichever is smaller: from below 2^33 p to below 2^32 p. */
KERNEL wide
lanes_fit(wide t)
{
	const vec k = LANES_SET64((uint64_t)KB_P << 32);

	return (wide){lanes_min64(t.e, LANES_OP(sub_epi64)(t.e, k)),
	    lanes_min64(t.o, LANES_OP(sub_epi64)(t.o, k))};
}
