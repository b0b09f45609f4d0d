#ifndef FIELD_VEC_H
#define FIELD_VEC_H
/*
 * Vectors of VN field elements, by what the compiler was told: AVX-512 (16), AVX2
 * (8), or plain C (1; VEC_THREAD: as suits a thread of CUDA).  A loop is written over them once, in a .inc file, that is
 * compiled once for each (air/block_kernel.inc, prover/cpu/kernels.inc); which of
 * them runs is field/isa.h's to say.
 *
 * Extension elements are four vectors, coefficient k of each lane in c[k]; in
 * memory, four planes.  A sum of four products stays below 4 p^2 < 2 * 2^32 p, so
 * that one subtraction makes it fit for Montgomery reduction.
 */
#include "field/ef.h"

#ifdef __CUDACC__
#define VEC_THREAD
#endif

#if defined(__AVX512F__) && defined(__AVX512VL__)
#include <immintrin.h>
#define VN 16
typedef __m512i vec;

#define V(name) _mm512_##name
#define V_SET64(x) _mm512_set1_epi64(x)
#define v_blend_odd(e, o) _mm512_mask_blend_epi32(0xaaaa, e, o)
#define v_min64(a, b) _mm512_min_epu64(a, b)

KERNEL vec
v_load(const kb *p)
{
	return _mm512_loadu_si512(p);
}

KERNEL void
v_store(kb *p, vec a)
{
	_mm512_storeu_si512(p, a);
}

/* Even and odd elements of the 2 VN in a, b. */
KERNEL void
v_split(vec a, vec b, vec *even, vec *odd)
{
	const vec ie = _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12,
	    10, 8, 6, 4, 2, 0);
	const vec io = _mm512_set_epi32(31, 29, 27, 25, 23, 21, 19, 17, 15, 13,
	    11, 9, 7, 5, 3, 1);

	*even = _mm512_permutex2var_epi32(a, ie, b);
	*odd = _mm512_permutex2var_epi32(a, io, b);
}

/* The opposite of v_split. */
KERNEL void
v_merge(vec even, vec odd, vec *a, vec *b)
{
	const vec ia = _mm512_set_epi32(23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2,
	    17, 1, 16, 0);
	const vec ib = _mm512_set_epi32(31, 15, 30, 14, 29, 13, 28, 12, 27, 11,
	    26, 10, 25, 9, 24, 8);

	*a = _mm512_permutex2var_epi32(even, ia, odd);
	*b = _mm512_permutex2var_epi32(even, ib, odd);
}

#elif defined(__AVX2__)
#include <immintrin.h>
#define VN 8
typedef __m256i vec;

#define V(name) _mm256_##name
#define V_SET64(x) _mm256_set1_epi64x(x)
#define v_blend_odd(e, o) _mm256_blend_epi32(e, o, 0xaa)

/* There is only a signed comparison. */
KERNEL vec
v_min64(vec a, vec b)
{
	const vec top = _mm256_set1_epi64x((long long)0x8000000000000000ull);
	vec gt = _mm256_cmpgt_epi64(_mm256_xor_si256(a, top),
	    _mm256_xor_si256(b, top));

	return _mm256_blendv_epi8(a, b, gt);
}

KERNEL vec
v_load(const kb *p)
{
	return _mm256_loadu_si256((const __m256i *)p);
}

KERNEL void
v_store(kb *p, vec a)
{
	_mm256_storeu_si256((__m256i *)p, a);
}

KERNEL void
v_split(vec a, vec b, vec *even, vec *odd)
{
	const vec ix = _mm256_set_epi32(7, 5, 3, 1, 6, 4, 2, 0);
	vec x = _mm256_permutevar8x32_epi32(a, ix);	/* a's even | odd */
	vec y = _mm256_permutevar8x32_epi32(b, ix);

	*even = _mm256_permute2x128_si256(x, y, 0x20);
	*odd = _mm256_permute2x128_si256(x, y, 0x31);
}

KERNEL void
v_merge(vec even, vec odd, vec *a, vec *b)
{
	vec lo = _mm256_unpacklo_epi32(even, odd);
	vec hi = _mm256_unpackhi_epi32(even, odd);

	*a = _mm256_permute2x128_si256(lo, hi, 0x20);
	*b = _mm256_permute2x128_si256(lo, hi, 0x31);
}

#else
#define VN 1
typedef kb vec;
typedef uint64_t wide;

KERNEL vec
v_load(const kb *p)
{
	return *p;
}

KERNEL void
v_store(kb *p, vec a)
{
	*p = a;
}

KERNEL void
v_split(vec a, vec b, vec *even, vec *odd)
{
	*even = a;
	*odd = b;
}

KERNEL void
v_merge(vec even, vec odd, vec *a, vec *b)
{
	*a = even;
	*b = odd;
}
#endif

#if VN > 1

typedef struct { vec e, o; } wide;	/* 64-bit values of even and odd lanes */

KERNEL vec
v_set(kb a)
{
	return V(set1_epi32)((int)a.v);
}

KERNEL vec
v_add(vec a, vec b)
{
	vec s = V(add_epi32)(a, b);

	return V(min_epu32)(s, V(sub_epi32)(s, v_set((kb){KB_P})));
}

KERNEL vec
v_sub(vec a, vec b)
{
	vec d = V(sub_epi32)(a, b);

	return V(min_epu32)(d, V(add_epi32)(d, v_set((kb){KB_P})));
}

KERNEL wide
w_mul(vec a, vec b)
{
	return (wide){V(mul_epu32)(a, b), V(mul_epu32)(
	    V(srli_epi64)(a, 32), V(srli_epi64)(b, 32))};
}

/* The same where all lanes of b are equal. */
KERNEL wide
w_mul_set(vec a, vec b)
{
	return (wide){V(mul_epu32)(a, b),
	    V(mul_epu32)(V(srli_epi64)(a, 32), b)};
}

KERNEL wide
w_add(wide a, wide b)
{
	return (wide){V(add_epi64)(a.e, b.e), V(add_epi64)(a.o, b.o)};
}

/* Montgomery reduction of values below 2 * 2^32 p. */
KERNEL vec
w_reduce(wide t)
{
	const vec p = v_set((kb){KB_P}), ninv = v_set((kb){KB_NINV});
	vec me = V(mul_epu32)(t.e, ninv), mo = V(mul_epu32)(t.o, ninv);
	vec ue = V(mul_epu32)(me, p), uo = V(mul_epu32)(mo, p);
	vec hi = v_blend_odd(V(srli_epi64)(t.e, 32), t.o);
	vec u = v_blend_odd(V(srli_epi64)(ue, 32), uo);

	hi = V(min_epu32)(hi, V(sub_epi32)(hi, p));
	hi = V(sub_epi32)(hi, u);
	return V(min_epu32)(hi, V(add_epi32)(hi, p));
}

/* Takes 2^32 p away from what is not below it; for values below 2 * 2^32 p. */
KERNEL wide
w_fit(wide t)
{
	const vec k = V_SET64((long long)((uint64_t)KB_P << 32));

	return (wide){v_min64(t.e, V(sub_epi64)(t.e, k)),
	    v_min64(t.o, V(sub_epi64)(t.o, k))};
}

#define w_zero ((wide){V(set1_epi32)(0), V(set1_epi32)(0)})

#else

KERNEL vec
v_set(kb a)
{
	return a;
}

KERNEL wide
w_mul(vec a, vec b)
{
	return (uint64_t)a.v * b.v;
}

KERNEL wide
w_mul_set(vec a, vec b)
{
	return (uint64_t)a.v * b.v;
}

KERNEL wide
w_add(wide a, wide b)
{
	return a + b;
}

#ifdef VEC_THREAD
/* A minimum is one instruction with the addition before it, and halves of 64 bits are
 * registers of their own. */
KERNEL uint32_t
v_least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

KERNEL vec
v_add(vec a, vec b)
{
	uint32_t s = a.v + b.v;

	return (kb){v_least(s, s - KB_P)};
}

KERNEL vec
v_sub(vec a, vec b)
{
	uint32_t d = a.v - b.v;

	return (kb){v_least(d, d + KB_P)};
}

KERNEL wide
w_fit(wide t)
{
	uint32_t h = (uint32_t)(t >> 32);

	return (wide)v_least(h, h - KB_P) << 32 | (uint32_t)t;
}

KERNEL vec
w_reduce(wide t)
{
	uint32_t m = (uint32_t)t * KB_NINV, h = (uint32_t)(t >> 32);
	uint32_t u = (uint32_t)((uint64_t)m * KB_P >> 32);
	uint32_t d = v_least(h, h - KB_P) - u;

	return (kb){v_least(d, d + KB_P)};
}

#else
KERNEL vec
v_add(vec a, vec b)
{
	return kb_add(a, b);
}

KERNEL vec
v_sub(vec a, vec b)
{
	return kb_sub(a, b);
}

KERNEL wide
w_fit(wide t)
{
	uint64_t d = t - ((uint64_t)KB_P << 32);

	return t < d ? t : d;
}

KERNEL vec
w_reduce(wide t)
{
	return (kb){kb_reduce(w_fit(t))};
}
#endif

#define w_zero ((wide)0)
#endif

KERNEL vec
v_mul(vec a, vec b)
{
	return w_reduce(w_mul(a, b));
}

KERNEL kb
v_sum(vec a)	/* of all lanes */
{
	kb t[VN], s = KB_ZERO;

	v_store(t, a);
	for (int i = 0; i < VN; i++)
		s = kb_add(s, t[i]);
	return s;
}

typedef struct { vec c[4]; } vece;

KERNEL vece
ve_set(ef a)
{
	return (vece){{v_set(a.c[0]), v_set(a.c[1]), v_set(a.c[2]), v_set(a.c[3])}};
}

KERNEL vece
ve_load(const kb *p, size_t plane)
{
	return (vece){{v_load(p), v_load(p + plane), v_load(p + 2 * plane),
	    v_load(p + 3 * plane)}};
}

KERNEL void
ve_store(kb *p, size_t plane, vece a)
{
	for (int k = 0; k < 4; k++)
		v_store(p + k * plane, a.c[k]);
}

KERNEL vece
ve_add(vece a, vece b)
{
	for (int k = 0; k < 4; k++)
		a.c[k] = v_add(a.c[k], b.c[k]);
	return a;
}

KERNEL vece
ve_sub(vece a, vece b)
{
	for (int k = 0; k < 4; k++)
		a.c[k] = v_sub(a.c[k], b.c[k]);
	return a;
}

KERNEL vece
ve_mul(vece a, vece b)
{
	vece r, t = b;	/* t = 3 b */

	for (int k = 1; k < 4; k++)
		t.c[k] = v_add(v_add(b.c[k], b.c[k]), b.c[k]);
	for (int k = 0; k < 4; k++) {
		wide s = w_mul(a.c[0], b.c[k]);

		for (int i = 1; i < 4; i++)
			s = w_add(s, w_mul(a.c[i],
			    i <= k ? b.c[k - i] : t.c[k - i + 4]));
		r.c[k] = w_reduce(s);
	}
	return r;
}

/* The same where all lanes of b are equal; b3 is 3 b. */
KERNEL vece
ve_mul_set(vece a, const vece *b, const vece *b3)
{
	vece r;

	for (int k = 0; k < 4; k++) {
		wide s = w_mul_set(a.c[0], b->c[k]);

		for (int i = 1; i < 4; i++)
			s = w_add(s, w_mul_set(a.c[i],
			    i <= k ? b->c[k - i] : b3->c[k - i + 4]));
		r.c[k] = w_reduce(s);
	}
	return r;
}

KERNEL vece
ve_mul_v(vece a, vec b)
{
	for (int k = 0; k < 4; k++)
		a.c[k] = v_mul(a.c[k], b);
	return a;
}

/* Running sums of products of a vec and a vece. */
typedef struct { wide c[4]; } vacc;

#define vacc_zero ((vacc){{w_zero, w_zero, w_zero, w_zero}})

KERNEL void
vacc_add(vacc *s, vec a, vece b)
{
	for (int k = 0; k < 4; k++)
		s->c[k] = w_fit(w_add(s->c[k], w_mul(a, b.c[k])));
}

KERNEL void
vacc_add_set(vacc *s, vec a, ef b)
{
	for (int k = 0; k < 4; k++)
		s->c[k] = w_fit(w_add(s->c[k], w_mul_set(a, v_set(b.c[k]))));
}

KERNEL vece
vacc_get(const vacc *s)
{
	return (vece){{w_reduce(s->c[0]), w_reduce(s->c[1]),
	    w_reduce(s->c[2]), w_reduce(s->c[3])}};
}

KERNEL ef
ve_sum(vece a)
{
	return (ef){{v_sum(a.c[0]), v_sum(a.c[1]), v_sum(a.c[2]), v_sum(a.c[3])}};
}

/* At most n < VN elements; zeros for the rest. */
KERNEL vec
v_load_some(const kb *p, size_t n)
{
	kb t[VN] = {{0}};

	for (size_t i = 0; i < n && i < VN; i++)
		t[i] = p[i];
	return v_load(t);
}

KERNEL void
v_store_some(kb *p, vec a, size_t n)
{
	kb t[VN];

	v_store(t, a);
	for (size_t i = 0; i < n && i < VN; i++)
		p[i] = t[i];
}

/* Even and odd elements of 2 VN at p, and the four residues of 4 VN. */
KERNEL void
v_load2(const kb *p, vec *a, vec *b)
{
	v_split(v_load(p), v_load(p + VN), a, b);
}

KERNEL void
v_load4(const kb *p, vec r[4])
{
	vec a, b, c, d;

	v_load2(p, &a, &b);
	v_load2(p + 2 * VN, &c, &d);
	v_split(a, c, &r[0], &r[2]);
	v_split(b, d, &r[1], &r[3]);
}

#endif
