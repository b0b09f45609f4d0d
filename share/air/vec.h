#ifndef AIR_VEC_H
#define AIR_VEC_H
/*
 * VN field elements at a time, by what the compiler was told: AVX-512 (16), AVX2
 * (8) or plain C (1).  block_kernel.inc is written over these once.
 */
#include <string.h>

#include "field/kb.h"

#if defined(__AVX512F__) && defined(__AVX512DQ__)
#include <immintrin.h>
#define VN 16
typedef __m512i vec;
#define V(name) _mm512_##name
#define V_SET64(x) _mm512_set1_epi64(x)
#define V_LOAD(p) _mm512_loadu_si512(p)
#define V_STORE(p, a) _mm512_storeu_si512((void *)(p), a)
#define V_ODDS(even, odd) _mm512_mask_blend_epi32(0xaaaa, even, odd)
#define V_MIN64(a, b) _mm512_min_epu64(a, b)

#elif defined(__AVX2__)
#include <immintrin.h>
#define VN 8
typedef __m256i vec;
#define V(name) _mm256_##name
#define V_SET64(x) _mm256_set1_epi64x(x)
#define V_LOAD(p) _mm256_loadu_si256((const __m256i *)(p))
#define V_STORE(p, a) _mm256_storeu_si256((__m256i *)(p), a)
#define V_ODDS(even, odd) _mm256_blend_epi32(even, odd, 0xaa)
/* There is only a signed comparison. */
static inline vec
V_MIN64(vec a, vec b)
{
	vec top = V_SET64((long long)(1ull << 63));
	vec above = _mm256_cmpgt_epi64(_mm256_xor_si256(a, top),
	    _mm256_xor_si256(b, top));

	return _mm256_blendv_epi8(a, b, above);
}

#else
#define VN 1
typedef kb vec;
#endif

#if VN > 1
typedef struct { vec even, odd; } wide;	/* 64-bit values of the lanes */

static inline vec
v_load(const kb *p)
{
	return V_LOAD(p);
}

static inline void
v_store(kb *p, vec a)
{
	V_STORE(p, a);
}

static inline vec
v_set(kb a)
{
	return V(set1_epi32)((int)a.v);
}

static inline vec
v_add(vec a, vec b)
{
	vec s = V(add_epi32)(a, b);

	return V(min_epu32)(s, V(sub_epi32)(s, v_set((kb){KB_P})));
}

static inline vec
v_sub(vec a, vec b)
{
	vec d = V(sub_epi32)(a, b);

	return V(min_epu32)(d, V(add_epi32)(d, v_set((kb){KB_P})));
}

static inline wide
w_mul(vec a, vec b)
{
	return (wide){V(mul_epu32)(a, b), V(mul_epu32)(V(srli_epi64)(a, 32),
	    V(srli_epi64)(b, 32))};
}

static inline wide
w_add(wide a, wide b)
{
	return (wide){V(add_epi64)(a.even, b.even), V(add_epi64)(a.odd, b.odd)};
}

/* Montgomery reduction of values below 2 * 2^32 p. */
static inline vec
w_reduce(wide t)
{
	vec p = v_set((kb){KB_P}), ninv = v_set((kb){KB_NINV});
	vec ue = V(mul_epu32)(V(mul_epu32)(t.even, ninv), p);
	vec uo = V(mul_epu32)(V(mul_epu32)(t.odd, ninv), p);
	vec high = V_ODDS(V(srli_epi64)(t.even, 32), t.odd);
	vec u = V_ODDS(V(srli_epi64)(ue, 32), uo);

	high = V(min_epu32)(high, V(sub_epi32)(high, p));
	high = V(sub_epi32)(high, u);
	return V(min_epu32)(high, V(add_epi32)(high, p));
}

/* Takes 2^32 p from what is not below it; values below 2 * 2^32 p. */
static inline wide
w_fit(wide t)
{
	vec k = V_SET64((long long)((uint64_t)KB_P << 32));

	return (wide){V_MIN64(t.even, V(sub_epi64)(t.even, k)),
	    V_MIN64(t.odd, V(sub_epi64)(t.odd, k))};
}

#else
typedef uint64_t wide;

static inline vec
v_load(const kb *p)
{
	return *p;
}

static inline void
v_store(kb *p, vec a)
{
	*p = a;
}

static inline vec
v_set(kb a)
{
	return a;
}

static inline vec
v_add(vec a, vec b)
{
	return kb_add(a, b);
}

static inline vec
v_sub(vec a, vec b)
{
	return kb_sub(a, b);
}

static inline wide
w_mul(vec a, vec b)
{
	return (uint64_t)a.v * b.v;
}

static inline wide
w_add(wide a, wide b)
{
	return a + b;
}

static inline wide
w_fit(wide t)
{
	uint64_t d = t - ((uint64_t)KB_P << 32);

	return t < d ? t : d;
}

static inline vec
w_reduce(wide t)
{
	return (kb){kb_reduce(w_fit(t))};
}
#endif

static inline vec
v_mul(vec a, vec b)
{
	return w_reduce(w_mul(a, b));
}

/* a[0] b[0] + .. + a[3] b[3]: below 4 p^2 < 2 * 2^32 p. */
static inline vec
v_dot4(const vec a[4], vec b0, vec b1, vec b2, vec b3)
{
	return w_reduce(w_add(w_add(w_mul(a[0], b0), w_mul(a[1], b1)),
	    w_add(w_mul(a[2], b2), w_mul(a[3], b3))));
}

#endif
