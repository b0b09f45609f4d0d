#ifndef PROVER_VEC_H
#define PROVER_VEC_H
/*
 * Vectors of VN field elements for the CPU backend's inner loops, by what the
 * compiler was told: AVX-512 (16), AVX2 (8), or plain C (1).  A loop written over
 * them once (cpu_kernels.inc) is compiled once for each.
 *
 * Extension elements are four vectors, coefficient k of each lane in c[k]; in
 * memory, four planes.  A sum of four products stays below 4 p^2 < 2 * 2^32 p, so
 * that one subtraction makes it fit for Montgomery reduction.
 */
#include "field/ef.h"

#if defined(__AVX512F__) && defined(__AVX512VL__)
#include <immintrin.h>
#define VN 16
typedef __m512i v;
typedef struct { __m512i e, o; } vw;	/* 64-bit values of even and odd lanes */

#define V_OP(name) _mm512_##name
#define V_ODD 0xaaaa
#define V_SET64(x) _mm512_set1_epi64(x)
#define v_blend_odd(e, o) _mm512_mask_blend_epi32(V_ODD, e, o)
#define v_min32(a, b) _mm512_min_epu32(a, b)
#define v_min64(a, b) _mm512_min_epu64(a, b)

static inline v
v_load(const kb *p)
{
	return _mm512_loadu_si512(p);
}

static inline void
v_store(kb *p, v a)
{
	_mm512_storeu_si512(p, a);
}

/* Even and odd elements of the 2 VN in a, b. */
static inline void
v_split(v a, v b, v *even, v *odd)
{
	const v ie = _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12,
	    10, 8, 6, 4, 2, 0);
	const v io = _mm512_set_epi32(31, 29, 27, 25, 23, 21, 19, 17, 15, 13,
	    11, 9, 7, 5, 3, 1);

	*even = _mm512_permutex2var_epi32(a, ie, b);
	*odd = _mm512_permutex2var_epi32(a, io, b);
}

/* The opposite of v_split. */
static inline void
v_merge(v even, v odd, v *a, v *b)
{
	const v ia = _mm512_set_epi32(23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2,
	    17, 1, 16, 0);
	const v ib = _mm512_set_epi32(31, 15, 30, 14, 29, 13, 28, 12, 27, 11,
	    26, 10, 25, 9, 24, 8);

	*a = _mm512_permutex2var_epi32(even, ia, odd);
	*b = _mm512_permutex2var_epi32(even, ib, odd);
}

#elif defined(__AVX2__)
#include <immintrin.h>
#define VN 8
typedef __m256i v;
typedef struct { __m256i e, o; } vw;

#define V_OP(name) _mm256_##name
#define V_SET64(x) _mm256_set1_epi64x(x)
#define v_blend_odd(e, o) _mm256_blend_epi32(e, o, 0xaa)
#define v_min32(a, b) _mm256_min_epu32(a, b)

static inline v
v_min64(v a, v b)
{
	const v top = _mm256_set1_epi64x((long long)0x8000000000000000ull);
	v gt = _mm256_cmpgt_epi64(_mm256_xor_si256(a, top),
	    _mm256_xor_si256(b, top));

	return _mm256_blendv_epi8(a, b, gt);
}

static inline v
v_load(const kb *p)
{
	return _mm256_loadu_si256((const __m256i *)p);
}

static inline void
v_store(kb *p, v a)
{
	_mm256_storeu_si256((__m256i *)p, a);
}

static inline void
v_split(v a, v b, v *even, v *odd)
{
	const v ix = _mm256_set_epi32(7, 5, 3, 1, 6, 4, 2, 0);
	v x = _mm256_permutevar8x32_epi32(a, ix);	/* a's even | odd */
	v y = _mm256_permutevar8x32_epi32(b, ix);

	*even = _mm256_permute2x128_si256(x, y, 0x20);
	*odd = _mm256_permute2x128_si256(x, y, 0x31);
}

static inline void
v_merge(v even, v odd, v *a, v *b)
{
	v lo = _mm256_unpacklo_epi32(even, odd);
	v hi = _mm256_unpackhi_epi32(even, odd);

	*a = _mm256_permute2x128_si256(lo, hi, 0x20);
	*b = _mm256_permute2x128_si256(lo, hi, 0x31);
}

#else
#define VN 1
typedef uint32_t v;
typedef uint64_t vw;

static inline v
v_load(const kb *p)
{
	return p->v;
}

static inline void
v_store(kb *p, v a)
{
	p->v = a;
}

static inline void
v_split(v a, v b, v *even, v *odd)
{
	*even = a;
	*odd = b;
}

static inline void
v_merge(v even, v odd, v *a, v *b)
{
	*a = even;
	*b = odd;
}
#endif

#if VN > 1

static inline v
v_set(kb a)
{
	return V_OP(set1_epi32)((int)a.v);
}

static inline v
v_add(v a, v b)
{
	v s = V_OP(add_epi32)(a, b);

	return v_min32(s, V_OP(sub_epi32)(s, v_set((kb){KB_P})));
}

static inline v
v_sub(v a, v b)
{
	v d = V_OP(sub_epi32)(a, b);

	return v_min32(d, V_OP(add_epi32)(d, v_set((kb){KB_P})));
}

static inline vw
vw_mul(v a, v b)
{
	return (vw){V_OP(mul_epu32)(a, b), V_OP(mul_epu32)(
	    V_OP(srli_epi64)(a, 32), V_OP(srli_epi64)(b, 32))};
}

/* The same where all lanes of b are equal. */
static inline vw
vw_mul_set(v a, v b)
{
	return (vw){V_OP(mul_epu32)(a, b),
	    V_OP(mul_epu32)(V_OP(srli_epi64)(a, 32), b)};
}

static inline vw
vw_add(vw a, vw b)
{
	return (vw){V_OP(add_epi64)(a.e, b.e), V_OP(add_epi64)(a.o, b.o)};
}

/* Montgomery reduction of values below 2 * 2^32 p. */
static inline v
vw_reduce(vw t)
{
	const v p = v_set((kb){KB_P}), ninv = v_set((kb){KB_NINV});
	v me = V_OP(mul_epu32)(t.e, ninv), mo = V_OP(mul_epu32)(t.o, ninv);
	v ue = V_OP(mul_epu32)(me, p), uo = V_OP(mul_epu32)(mo, p);
	v hi = v_blend_odd(V_OP(srli_epi64)(t.e, 32), t.o);
	v u = v_blend_odd(V_OP(srli_epi64)(ue, 32), uo);

	hi = v_min32(hi, V_OP(sub_epi32)(hi, p));
	hi = V_OP(sub_epi32)(hi, u);
	return v_min32(hi, V_OP(add_epi32)(hi, p));
}

/* Takes 2^32 p away from what is not below it; for values below 2 * 2^32 p. */
static inline vw
vw_fit(vw t)
{
	const v k = V_SET64((long long)((uint64_t)KB_P << 32));

	return (vw){v_min64(t.e, V_OP(sub_epi64)(t.e, k)),
	    v_min64(t.o, V_OP(sub_epi64)(t.o, k))};
}

#define vw_zero ((vw){V_OP(set1_epi32)(0), V_OP(set1_epi32)(0)})

#else

static inline v
v_set(kb a)
{
	return a.v;
}

static inline v
v_add(v a, v b)
{
	return kb_add((kb){a}, (kb){b}).v;
}

static inline v
v_sub(v a, v b)
{
	return kb_sub((kb){a}, (kb){b}).v;
}

static inline vw
vw_mul(v a, v b)
{
	return (uint64_t)a * b;
}

static inline vw
vw_mul_set(v a, v b)
{
	return (uint64_t)a * b;
}

static inline vw
vw_add(vw a, vw b)
{
	return a + b;
}

static inline vw
vw_fit(vw t)
{
	uint64_t d = t - ((uint64_t)KB_P << 32);

	return t < d ? t : d;
}

static inline v
vw_reduce(vw t)
{
	return kb_reduce(vw_fit(t));
}

#define vw_zero ((vw)0)
#endif

static inline v
v_mul(v a, v b)
{
	return vw_reduce(vw_mul(a, b));
}

static inline kb
v_sum(v a)	/* of all lanes */
{
	kb t[VN], s = KB_ZERO;

	v_store(t, a);
	for (int i = 0; i < VN; i++)
		s = kb_add(s, t[i]);
	return s;
}

typedef struct { v c[4]; } ve;

static inline ve
ve_set(ef a)
{
	return (ve){{v_set(a.c[0]), v_set(a.c[1]), v_set(a.c[2]), v_set(a.c[3])}};
}

static inline ve
ve_load(const kb *p, size_t plane)
{
	return (ve){{v_load(p), v_load(p + plane), v_load(p + 2 * plane),
	    v_load(p + 3 * plane)}};
}

static inline void
ve_store(kb *p, size_t plane, ve a)
{
	for (int k = 0; k < 4; k++)
		v_store(p + k * plane, a.c[k]);
}

static inline ve
ve_add(ve a, ve b)
{
	for (int k = 0; k < 4; k++)
		a.c[k] = v_add(a.c[k], b.c[k]);
	return a;
}

static inline ve
ve_sub(ve a, ve b)
{
	for (int k = 0; k < 4; k++)
		a.c[k] = v_sub(a.c[k], b.c[k]);
	return a;
}

static inline ve
ve_mul(ve a, ve b)
{
	ve r, t = b;	/* t = 3 b */

	for (int k = 1; k < 4; k++)
		t.c[k] = v_add(v_add(b.c[k], b.c[k]), b.c[k]);
	for (int k = 0; k < 4; k++) {
		vw s = vw_mul(a.c[0], b.c[k]);

		for (int i = 1; i < 4; i++)
			s = vw_add(s, vw_mul(a.c[i],
			    i <= k ? b.c[k - i] : t.c[k - i + 4]));
		r.c[k] = vw_reduce(s);
	}
	return r;
}

/* The same where all lanes of b are equal; b3 is 3 b. */
static inline ve
ve_mul_set(ve a, const ve *b, const ve *b3)
{
	ve r;

	for (int k = 0; k < 4; k++) {
		vw s = vw_mul_set(a.c[0], b->c[k]);

		for (int i = 1; i < 4; i++)
			s = vw_add(s, vw_mul_set(a.c[i],
			    i <= k ? b->c[k - i] : b3->c[k - i + 4]));
		r.c[k] = vw_reduce(s);
	}
	return r;
}

static inline ve
ve_mul_v(ve a, v b)
{
	for (int k = 0; k < 4; k++)
		a.c[k] = v_mul(a.c[k], b);
	return a;
}

/* Running sums of products of a v and a ve. */
typedef struct { vw c[4]; } vacc;

#define vacc_zero ((vacc){{vw_zero, vw_zero, vw_zero, vw_zero}})

static inline void
vacc_add(vacc *s, v a, ve b)
{
	for (int k = 0; k < 4; k++)
		s->c[k] = vw_fit(vw_add(s->c[k], vw_mul(a, b.c[k])));
}

static inline void
vacc_add_set(vacc *s, v a, ef b)
{
	for (int k = 0; k < 4; k++)
		s->c[k] = vw_fit(vw_add(s->c[k], vw_mul_set(a, v_set(b.c[k]))));
}

static inline ve
vacc_get(const vacc *s)
{
	return (ve){{vw_reduce(s->c[0]), vw_reduce(s->c[1]),
	    vw_reduce(s->c[2]), vw_reduce(s->c[3])}};
}

static inline ef
ve_sum(ve a)
{
	return (ef){{v_sum(a.c[0]), v_sum(a.c[1]), v_sum(a.c[2]), v_sum(a.c[3])}};
}

/* At most n < VN elements; zeros for the rest. */
static inline v
v_load_some(const kb *p, size_t n)
{
	kb t[VN] = {{0}};

	for (size_t i = 0; i < n && i < VN; i++)
		t[i] = p[i];
	return v_load(t);
}

static inline void
v_store_some(kb *p, v a, size_t n)
{
	kb t[VN];

	v_store(t, a);
	for (size_t i = 0; i < n && i < VN; i++)
		p[i] = t[i];
}

/* Even and odd elements of 2 VN at p, and the four residues of 4 VN. */
static inline void
v_load2(const kb *p, v *a, v *b)
{
	v_split(v_load(p), v_load(p + VN), a, b);
}

static inline void
v_load4(const kb *p, v r[4])
{
	v a, b, c, d;

	v_load2(p, &a, &b);
	v_load2(p + 2 * VN, &c, &d);
	v_split(a, c, &r[0], &r[2]);
	v_split(b, d, &r[1], &r[3]);
}

#endif
