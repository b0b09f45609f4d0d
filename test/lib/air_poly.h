#ifndef TEST_LIB_AIR_POLY_H
#define TEST_LIB_AIR_POLY_H
/*
 * A chip's constraints as polynomials, written out; and a row under alteration, of
 * which only what reads a changed cell is computed again.
 *
 * Variables: 0 is the constant 1, 1 + j cell j (main cells, then preprocessed ones),
 * 1 + width + i public value i.  Of public values as a chip without columns, cell j
 * is public value j, and there are no others.
 *
 * polys_make() of a chip; polys_free().  They are read by any number of threads, each
 * with its own struct altered: altered_init() makes it all zeros; altered_base() puts
 * a row in it; altered_set() changes a cell, altered_reset() undoes all changes;
 * altered_free().  Out of memory, a degree above 5, or above 3 in one variable: must()
 * fails.
 */
#include <stdlib.h>
#include <string.h>

#include "air/air.h"

/* A product of variables, the first the largest, then 0: 12 bits each. */
struct mono { uint64_t key; kb coeff; };
#define MONO_VARS 5
#define MONO_BITS 12
#define MONO_VAR(key, i) \
	((uint32_t)((key) >> MONO_BITS * (MONO_VARS - 1 - (i)) & 0xfff))

struct poly { uint32_t n, cap; struct mono *m; };	/* by falling keys */

struct occurrence { uint32_t poly, mono; };

struct polys {
	const struct air_chip *chip;
	unsigned width, nvars, n;
	struct poly *of;		/* each constraint */
	/* Of variable v: at[start[v]] up to at[start[v + 1]], by rising poly. */
	uint32_t *start;
	struct occurrence *at;
};

/* n zeros of a size, and one: never NULL. */
void *poly_get(size_t n, size_t size);

/* The constraints that take[] says; all others are 0. */
void polys_make(struct polys *p, const struct air_chip *c);

/* After those that are of no interest were emptied. */
void polys_link(struct polys *p);

/* What polys_make() and polys_link() took. */
void polys_free(struct polys *p);

/* At x: x[v] of variable v, x[0] is 1. */
kb poly_value(const struct poly *p, const kb *x);

/* How often v is in it. */
unsigned mono_degree(uint64_t key, uint32_t v);

/* The monomial as coeff * x[v]^degree: that coefficient. */
kb mono_rest(const struct mono *m, uint32_t v, const kb *x);

/* Constraint k as a polynomial in v, x else: c[0] + c[1] t + c[2] t^2 + c[3] t^3. */
void poly_in(const struct polys *p, unsigned k, uint32_t v, const kb *x, kb c[4]);

/* A row under alteration. */
struct altered {
	const struct polys *p;
	kb *x, *base;			/* variables; as they were */
	kb *value;			/* of each constraint */
	uint32_t *bad, *bad_at;		/* constraints that are not 0; where + 1 */
	unsigned nbad;
	uint32_t *changed;		/* cells that were set */
	bool *is_changed;
	unsigned nchanged;
};

/* All zeros; altered_free() in the end. */
void altered_init(struct altered *a, const struct polys *p);

/* What altered_init() took. */
void altered_free(struct altered *a);

/* pv: NULL of the public values, of which row has them. */
void altered_base(struct altered *a, const kb *row, const kb *pv);

/* Changes a cell, and what reads it. */
void altered_set(struct altered *a, uint32_t cell, kb to);

/* A cell as it is. */
kb altered_cell(const struct altered *a, uint32_t cell);

/* As altered_base() had it. */
void altered_reset(struct altered *a);

#endif
