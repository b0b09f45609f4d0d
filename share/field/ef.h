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

static inline ef ef_from_kb(kb a)
{
	return (ef){{a, {0}, {0}, {0}}};
}

static inline ef ef_add(ef a, ef b)
{
	for (int i = 0; i < 4; i++)
		a.c[i] = kb_add(a.c[i], b.c[i]);
	return a;
}

static inline ef ef_sub(ef a, ef b)
{
	for (int i = 0; i < 4; i++)
		a.c[i] = kb_sub(a.c[i], b.c[i]);
	return a;
}

static inline ef ef_neg(ef a)
{
	for (int i = 0; i < 4; i++)
		a.c[i] = kb_neg(a.c[i]);
	return a;
}

static inline ef ef_add_kb(ef a, kb b)
{
	a.c[0] = kb_add(a.c[0], b);
	return a;
}

static inline ef ef_sub_kb(ef a, kb b)
{
	a.c[0] = kb_sub(a.c[0], b);
	return a;
}

static inline ef ef_mul_kb(ef a, kb b)
{
	for (int i = 0; i < 4; i++)
		a.c[i] = kb_mul(a.c[i], b);
	return a;
}

ef ef_mul(ef a, ef b);
ef ef_square(ef a);
ef ef_inv(ef a);	/* 0 gives 0 */
ef ef_pow(ef a, uint64_t e);
void ef_inv_many(ef *out, const ef *a, unsigned long n);

static inline int ef_eq(ef a, ef b)
{
	return a.c[0].v == b.c[0].v && a.c[1].v == b.c[1].v &&
	    a.c[2].v == b.c[2].v && a.c[3].v == b.c[3].v;
}

static inline int ef_is_zero(ef a)
{
	return !(a.c[0].v | a.c[1].v | a.c[2].v | a.c[3].v);
}

#endif
