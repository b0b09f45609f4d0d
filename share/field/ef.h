#ifndef FIELD_EF_H
#define FIELD_EF_H
/*
 * The degree-4 extension F[x]/(x^4 - 3) of KoalaBear; coefficient 0 first, as in
 * every proof.
 */
#include "field/kb.h"

typedef struct { kb c[4]; } ef;

#define EF_ZERO ((ef){{{0}, {0}, {0}, {0}}})
#define EF_ONE ((ef){{KB_ONE, {0}, {0}, {0}}})

/* a of the base field */
KERNEL ef
ef_from_kb(kb a)
{
	return (ef){{a, {0}, {0}, {0}}};
}

/* a + b */
KERNEL ef
ef_add(ef a, ef b)
{
	for (int i = 0; i < 4; i++)
		a.c[i] = kb_add(a.c[i], b.c[i]);
	return a;
}

/* a - b */
KERNEL ef
ef_sub(ef a, ef b)
{
	for (int i = 0; i < 4; i++)
		a.c[i] = kb_sub(a.c[i], b.c[i]);
	return a;
}

/* -a */
KERNEL ef
ef_neg(ef a)
{
	for (int i = 0; i < 4; i++)
		a.c[i] = kb_neg(a.c[i]);
	return a;
}

/* a + b, b of the base field; so the next two */
KERNEL ef
ef_add_kb(ef a, kb b)
{
	a.c[0] = kb_add(a.c[0], b);
	return a;
}

/* a - b */
KERNEL ef
ef_sub_kb(ef a, kb b)
{
	a.c[0] = kb_sub(a.c[0], b);
	return a;
}

/* a b: four products */
KERNEL ef
ef_mul_kb(ef a, kb b)
{
	for (int i = 0; i < 4; i++)
		a.c[i] = kb_mul(a.c[i], b);
	return a;
}

/* A sum of four products of elements: below 4 p^2 < 2 * 2^32 p, so that taking
 * 2^32 p away once makes it fit for kb_reduce(). */
KERNEL kb
ef_reduce4(uint64_t t)
{
	uint64_t d = t - ((uint64_t)KB_P << 32);

	DEBUG_ASSERT(t < (uint64_t)KB_P << 33);
	return (kb){kb_reduce(t < d ? t : d)};
}

/* a b before its reduction, below p^2 */
KERNEL uint64_t
kb_wide(kb a, kb b)
{
	DEBUG_ASSERT(kb_valid(a) && kb_valid(b));
	return (uint64_t)a.v * b.v;
}

/* 3 a */
KERNEL kb
kb_triple(kb a)
{
	return kb_add(kb_add(a, a), a);
}

/* a b: x^4 = 3 makes the upper coefficients times 3 the lower ones */
KERNEL ef
ef_mul(ef a, ef b)
{
	kb b1 = kb_triple(b.c[1]), b2 = kb_triple(b.c[2]), b3 = kb_triple(b.c[3]);

	return (ef){{
	    ef_reduce4(kb_wide(a.c[0], b.c[0]) + kb_wide(a.c[1], b3) +
		kb_wide(a.c[2], b2) + kb_wide(a.c[3], b1)),
	    ef_reduce4(kb_wide(a.c[0], b.c[1]) + kb_wide(a.c[1], b.c[0]) +
		kb_wide(a.c[2], b3) + kb_wide(a.c[3], b2)),
	    ef_reduce4(kb_wide(a.c[0], b.c[2]) + kb_wide(a.c[1], b.c[1]) +
		kb_wide(a.c[2], b.c[0]) + kb_wide(a.c[3], b3)),
	    ef_reduce4(kb_wide(a.c[0], b.c[3]) + kb_wide(a.c[1], b.c[2]) +
		kb_wide(a.c[2], b.c[1]) + kb_wide(a.c[3], b.c[0])),
	}};
}

/* a a */
KERNEL ef
ef_square(ef a)
{
	kb d0 = kb_add(a.c[0], a.c[0]), d1 = kb_add(a.c[1], a.c[1]);
	kb t2 = kb_triple(a.c[2]), t3 = kb_triple(a.c[3]);

	return (ef){{
	    ef_reduce4(kb_wide(a.c[0], a.c[0]) + kb_wide(d1, t3) +
		kb_wide(a.c[2], t2)),
	    ef_reduce4(kb_wide(d0, a.c[1]) +
		kb_wide(kb_add(a.c[2], a.c[2]), t3)),
	    ef_reduce4(kb_wide(d0, a.c[2]) + kb_wide(a.c[1], a.c[1]) +
		kb_wide(a.c[3], t3)),
	    ef_reduce4(kb_wide(d0, a.c[3]) + kb_wide(d1, a.c[2])),
	}};
}

/* 1/a; 0 gives 0. */
ef ef_inv(ef a);
/* a^e; a^0 is 1. */
ef ef_pow(ef a, uint64_t e);
/* n inverses at some three products each; 0 gives 0.  out may be a. */
void ef_inv_many(ef *out, const ef *a, unsigned long n);

/* Of one residue: each has one representation. */
KERNEL int
ef_eq(ef a, ef b)
{
	return a.c[0].v == b.c[0].v && a.c[1].v == b.c[1].v &&
	    a.c[2].v == b.c[2].v && a.c[3].v == b.c[3].v;
}

/* a = 0 */
KERNEL int
ef_is_zero(ef a)
{
	return !(a.c[0].v | a.c[1].v | a.c[2].v | a.c[3].v);
}

#endif
