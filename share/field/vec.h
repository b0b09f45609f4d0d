#ifndef FIELD_VEC_H
#define FIELD_VEC_H
/*
 * Vectors of VN lanes of 32 bits (VN = 2^VN_LOG), by what the compiler was told: AVX-512
 * (16), AVX2 (8), or plain C (1), as suits a thread of CUDA too.  A loop is written over
 * them once, in a file that is compiled once for each (air/block_kernel.inc,
 * prover/cpu/kernels.inc, poly/poseidon2_lanes.inc, poly/ntt_lanes.inc); which of them runs
 * is field/isa.h's to say.
 *
 *	vec	VN lanes.  What they hold, the name of an operation says:
 *	v_*	elements of the field, each in [0, p); in memory, of any alignment
 *	s_*	elements that may be negative: signed numbers, each in (-p, p) unless
 *		stated, equal mod p to what they stand for
 *	u_*	plain integers mod 2^32: u_set, u_add, u_sub, u_and, u_min, u_shl,
 *		u_shr, and u_sar, which is signed
 *	wide	VN numbers of 64 bits
 *	w_*	of each lane: w_of and w_same (all lanes are equal) take the lanes as low
 *		halves, of which alone the products w_mulu (unsigned) and w_muls (signed)
 *		depend; w_high moves the high halves down, w_join makes them lanes again;
 *		w_add, w_sub
 *
 * lanes_*.h have these for one instruction set, besides:
 *
 *	v_load(p), v_store(p, a)		the VN elements at p
 *	v_split(a, b, &even, &odd)		even and odd elements of the 2 VN in a, b
 *	v_merge(even, odd, &a, &b)		the opposite
 *
 * Extension elements (ve_*) are four vectors, coefficient k of each lane in c[k]; in
 * memory, four planes.  A sum of four products stays below 4 p^2 < 2 * 2^32 p, so
 * that one subtraction makes it fit for Montgomery reduction.
 */
#include <stddef.h>
#include <string.h>

#include "field/ef.h"

#if defined(__AVX512F__) && defined(__AVX512VL__)
#include "field/lanes_avx512.h"
#elif defined(__AVX2__)
#include "field/lanes_avx2.h"
#else
#include "field/lanes_one.h"
#endif

/* ---- what assertions ask ---- */

/* All lanes are below `bound`. */
DEBUG_FUNCTION int
u_below(vec a, uint32_t bound)
{
	kb t[VN];
	int good = 1;

	v_store(t, a);
	for (int i = 0; i < VN; i++)
		good &= t[i].v < bound;
	return good;
}

/* All lanes are elements. */
DEBUG_FUNCTION int
v_valid(vec a)
{
	return u_below(a, KB_P);
}

/* All lanes are equal. */
DEBUG_FUNCTION int
u_alike(vec a)
{
	kb t[VN];
	int good = 1;

	v_store(t, a);
	for (int i = 1; i < VN; i++)
		good &= t[i].v == t[0].v;
	return good;
}

/* All lanes, signed, are above -bound and below bound. */
DEBUG_FUNCTION int
s_within(vec a, int64_t bound)
{
	kb t[VN];
	int good = 1;

	v_store(t, a);
	for (int i = 0; i < VN; i++)
		good &= -bound < (int32_t)t[i].v && (int32_t)t[i].v < bound;
	return good;
}

#define W_COUNT (sizeof(wide) / sizeof(uint64_t))

/* All numbers are below `bound`. */
DEBUG_FUNCTION int
w_below(wide a, uint64_t bound)
{
	uint64_t t[W_COUNT];
	int good = 1;

	memcpy(t, &a, sizeof t);
	for (size_t i = 0; i < W_COUNT; i++)
		good &= t[i] < bound;
	return good;
}

/* All numbers, signed, are from -bound to bound. */
DEBUG_FUNCTION int
w_within(wide a, int64_t bound)
{
	int64_t t[W_COUNT];
	int good = 1;

	memcpy(t, &a, sizeof t);
	for (size_t i = 0; i < W_COUNT; i++)
		good &= -bound <= t[i] && t[i] <= bound;
	return good;
}

/* ---- elements ---- */

/* All lanes alike. */
KERNEL vec
v_set(kb a)
{
	return u_set(a.v);
}

#if VN == 1 && !defined(__CUDACC__)
/* a + b mod p. */
KERNEL vec
v_add(vec a, vec b)
{
	return kb_add(a, b);
}

/* a - b mod p. */
KERNEL vec
v_sub(vec a, vec b)
{
	return kb_sub(a, b);
}
#else
/* A minimum of unsigned numbers: what is too large or has gone below 0 loses. */
KERNEL vec
v_add(vec a, vec b)
{
	vec s = u_add(a, b);

	DEBUG_ASSERT(v_valid(a) && v_valid(b));
	return u_min(s, u_sub(s, u_set(KB_P)));
}

/* a - b mod p. */
KERNEL vec
v_sub(vec a, vec b)
{
	vec d = u_sub(a, b);

	DEBUG_ASSERT(v_valid(a) && v_valid(b));
	return u_min(d, u_add(d, u_set(KB_P)));
}
#endif

/* Products of elements, below p^2. */
KERNEL wide
w_mul(vec a, vec b)
{
	DEBUG_ASSERT(v_valid(a) && v_valid(b));
	return w_mulu(w_of(a), w_of(b));
}

/* The same where all lanes of b are equal. */
KERNEL wide
w_mul_set(vec a, vec b)
{
	DEBUG_ASSERT(v_valid(a) && v_valid(b) && u_alike(b));
	return w_mulu(w_of(a), w_same(b));
}

/* Takes 2^32 p away where t is not below it; t < 2 * 2^32 p. */
KERNEL wide
w_fit(wide t)
{
	DEBUG_ASSERT(w_below(t, (uint64_t)KB_P << 33));
	return lanes_fit(t);
}

/* Montgomery reduction of t < 2 * 2^32 p: t / 2^32 mod p, in [0, p). */
KERNEL vec
w_reduce(wide t)
{
#if VN == 1 && !defined(__CUDACC__)
	return (kb){kb_reduce(w_fit(t))};
#else
	const vec p = u_set(KB_P);
	wide m = w_mulu(w_mulu(t, w_same(u_set(KB_NINV))), w_same(p));
	vec hi = w_join(t), u = w_join(m);

	DEBUG_ASSERT(w_below(t, (uint64_t)KB_P << 33));
	hi = u_sub(u_min(hi, u_sub(hi, p)), u);
	return u_min(hi, u_add(hi, p));
#endif
}

/* a b */
KERNEL vec
v_mul(vec a, vec b)
{
	return w_reduce(w_mul(a, b));
}

/* ---- signed ---- */

/* (-p, p) -> [0, p) */
KERNEL vec
s_fit(vec a)
{
	DEBUG_ASSERT(s_within(a, KB_P));
	return u_min(a, u_add(a, u_set(KB_P)));
}

/* Montgomery reduction of |t| <= 2^31 p: t / 2^32 mod p, in the high halves and in
 * (-p, p). */
KERNEL wide
s_reduce(wide t)
{
	DEBUG_ASSERT(w_within(t, (int64_t)KB_P << 31));
	return w_sub(t, w_muls(w_muls(t, w_same(u_set(KB_NINV))),
	    w_same(u_set(KB_P))));
}

/* Of any signed a where b is in (-p, p), or the other way round: in (-p, p). */
KERNEL vec
s_mul(vec a, vec b)
{
	return w_join(s_reduce(w_muls(w_of(a), w_of(b))));
}

/* The same where all lanes of b are equal. */
KERNEL vec
s_mul_set(vec a, vec b)
{
	DEBUG_ASSERT(u_alike(b));
	return w_join(s_reduce(w_muls(w_of(a), w_same(b))));
}

/* ---- sums ---- */

/* The sum of all lanes. */
KERNEL kb
v_sum(vec a)
{
	kb t[VN], s = KB_ZERO;

	v_store(t, a);
	for (int i = 0; i < VN; i++)
		s = kb_add(s, t[i]);
	return s;
}

typedef struct { vec c[4]; } vece;

/* All lanes alike. */
KERNEL vece
ve_set(ef a)
{
	return (vece){{v_set(a.c[0]), v_set(a.c[1]), v_set(a.c[2]), v_set(a.c[3])}};
}

/* VN elements in planes, plane k at p + k * plane. */
KERNEL vece
ve_load(const kb *p, size_t plane)
{
	return (vece){{v_load(p), v_load(p + plane), v_load(p + 2 * plane),
	    v_load(p + 3 * plane)}};
}

/* The same, back. */
KERNEL void
ve_store(kb *p, size_t plane, vece a)
{
	for (int k = 0; k < 4; k++)
		v_store(p + k * plane, a.c[k]);
}

/* a + b */
KERNEL vece
ve_add(vece a, vece b)
{
	for (int k = 0; k < 4; k++)
		a.c[k] = v_add(a.c[k], b.c[k]);
	return a;
}

/* a - b */
KERNEL vece
ve_sub(vece a, vece b)
{
	for (int k = 0; k < 4; k++)
		a.c[k] = v_sub(a.c[k], b.c[k]);
	return a;
}

/* a b */
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

/* a b, b of the base field. */
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

/* s += a b */
KERNEL void
vacc_add(vacc *s, vec a, vece b)
{
	for (int k = 0; k < 4; k++)
		s->c[k] = w_fit(w_add(s->c[k], w_mul(a, b.c[k])));
}

/* The same where all lanes of b are equal. */
KERNEL void
vacc_add_set(vacc *s, vec a, ef b)
{
	for (int k = 0; k < 4; k++)
		s->c[k] = w_fit(w_add(s->c[k], w_mul_set(a, v_set(b.c[k]))));
}

/* What has been summed up. */
KERNEL vece
vacc_get(const vacc *s)
{
	return (vece){{w_reduce(s->c[0]), w_reduce(s->c[1]),
	    w_reduce(s->c[2]), w_reduce(s->c[3])}};
}

/* The sum of all lanes. */
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

/* The first n < VN lanes. */
KERNEL void
v_store_some(kb *p, vec a, size_t n)
{
	kb t[VN];

	v_store(t, a);
	for (size_t i = 0; i < n && i < VN; i++)
		p[i] = t[i];
}

/* Even and odd elements of 2 VN at p. */
KERNEL void
v_load2(const kb *p, vec *a, vec *b)
{
	v_split(v_load(p), v_load(p + VN), a, b);
}

/* The four residues of the indices of 4 VN at p. */
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
