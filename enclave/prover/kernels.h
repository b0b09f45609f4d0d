#ifndef PROVER_KERNELS_H
#define PROVER_KERNELS_H
/*
 * Kernels (base/kernel.h) of the prover's phases over the vectors of field/vec.h: what is
 * read and written belongs to VN indices from i on.  The CPU's loops (cpu/kernels.inc)
 * and CUDA's threads (gpu/) call them; cpu/kernels.h has the shapes and what is
 * computed.  Those that sum add their indices' part to a running sum.  left: how many
 * indices there still are from i on, where that may be fewer than VN; a thread passes 1.
 */
#include "air/block_kernels.h"
#include "prover/backend.h"

/* Elements in planes at p, n of them and zeros where n < VN: nothing beyond is
 * read. */
KERNEL vece
ve_load_n(const kb *p, size_t plane, size_t n)
{
	if (n >= VN)
		return ve_load(p, plane);
	return (vece){{v_load_some(p, n), v_load_some(p + plane, n),
	    v_load_some(p + 2 * plane, n), v_load_some(p + 3 * plane, n)}};
}

/* The opposite: writes n elements where n < VN. */
KERNEL void
ve_store_n(kb *p, size_t plane, vece a, size_t n)
{
	for (int k = 0; k < 4; k++)
		if (n >= VN)
			v_store(p + k * plane, a.c[k]);
		else
			v_store_some(p + k * plane, a.c[k], n);
}

/* Field elements at p, n of them and zeros where n < VN. */
KERNEL vec
v_load_n(const kb *p, size_t n)
{
	return n >= VN ? v_load(p) : v_load_some(p, n);
}

/* 3 a, which multiplications by a constant want beside it. */
KERNEL vece
ve_triple(vece a)
{
	return ve_add(ve_add(a, a), a);
}

/* Even and odd elements of 2 VN. */
KERNEL void
ve_load2(const kb *p, size_t plane, vece *a, vece *b)
{
	for (int k = 0; k < 4; k++)
		v_load2(p + k * plane, &a->c[k], &b->c[k]);
}

/* a + r (b - a) */
KERNEL vece
ve_fold(vece a, vece b, const vece *r, const vece *r3)
{
	return ve_add(a, ve_mul_set(ve_sub(b, a), r, r3));
}

/* ---- LogUp-GKR ---- */

/* Row row + i's fraction, its numerator times lambda. */
KERNEL void
fractions_at(const struct gkr_fraction *f, const kb *const *col, size_t row,
    const vece *lambda, kb *out, size_t plane, size_t i, size_t left)
{
	vec num = v_set(f->n0);
	vacc den = vacc_zero;

	for (unsigned t = 0; t < f->nn; t++)
		num = v_add(num, v_mul(v_load_n(col[f->n[t].col] + row + i,
		    left), v_set(f->n[t].coeff)));
	for (unsigned t = 0; t < f->nd; t++)
		vacc_add_set(&den, v_load_n(col[f->d[t].col] + row + i, left),
		    f->d[t].weight);
	ve_store(out + i, plane, ve_mul_v(*lambda, num));
	ve_store(out + 4 * plane + i, plane, ve_add(vacc_get(&den),
	    ve_set(f->d0)));
}

/* 0/1 in row i alone. */
KERNEL void
fraction_none_at(kb *out, size_t plane, size_t i)
{
	for (int k = 0; k < 8; k++)
		out[k * plane + i] = k == 4 ? KB_ONE : KB_ZERO;
}

/* Output row i, of rows 2i and 2i + 1. */
KERNEL void
gkr_add_at(kb *out, size_t oplane, const kb *in, size_t plane, size_t i)
{
	const kb *den = in + 4 * plane;
	vece n0, n1, d0, d1;

	ve_load2(in + 2 * i, plane, &n0, &n1);
	ve_load2(den + 2 * i, plane, &d0, &d1);
	ve_store(out + i, oplane, ve_add(ve_mul(n0, d1), ve_mul(n1, d0)));
	ve_store(out + 4 * oplane + i, oplane, ve_mul(d0, d1));
}

/* t[i] times c; c3 is 3 c.  For scaling numerators, and tables. */
KERNEL void
scale_at(kb *out, size_t oplane, const kb *in, size_t plane, size_t i,
    const vece *c, const vece *c3, size_t left)
{
	ve_store_n(out + i, oplane, ve_mul_set(ve_load_n(in + i, plane, left), c,
	    c3), left);
}

/* Rows 4i .. 4i + 3 of half a table: of pairs 2i and 2i + 1. */
KERNEL void
load_pairs(const kb *in, size_t plane, vece r[4])
{
	for (int k = 0; k < 4; k++) {
		vec t[4];

		v_load4(in + k * plane, t);
		for (int j = 0; j < 4; j++)
			r[j].c[k] = t[j];
	}
}

/* Rows 4i .. 4i + 3, weight i: n0 d1 + n1 d0 + d0 d1 - 1 at 0, and its leading
 * coefficient. */
KERNEL void
gkr_sum_at(vece s[2], const kb *in, size_t plane, const kb *eq, size_t eplane,
    size_t i)
{
	vece n[4], d[4], e = ve_load(eq + i, eplane), a, b, p, q;

	load_pairs(in + 4 * i, plane, n);
	load_pairs(in + 4 * plane + 4 * i, plane, d);
	a = ve_add(ve_mul(n[0], d[1]), ve_mul(d[0], ve_add(n[1], d[1])));
	s[0] = ve_add(s[0], ve_mul(e, ve_sub(a, ve_set(EF_ONE))));
	p = ve_sub(d[2], d[0]);
	q = ve_sub(d[3], d[1]);
	b = ve_add(ve_mul(ve_sub(n[2], n[0]), q),
	    ve_mul(p, ve_add(ve_sub(n[3], n[1]), q)));
	s[1] = ve_add(s[1], ve_mul(e, b));
}

/* Output rows 2i and 2i + 1 of half a table (numerators or denominators), of rows 4i ..
 * 4i + 3. */
KERNEL void
gkr_fold_at(kb *out, size_t oplane, const kb *in, size_t plane, size_t i,
    const vece *r, const vece *r3)
{
	vece n[4], a, b;

	load_pairs(in + 4 * i, plane, n);
	a = ve_fold(n[0], n[2], r, r3);
	b = ve_fold(n[1], n[3], r, r3);
	for (int k = 0; k < 4; k++) {
		vec lo, hi;

		v_merge(a.c[k], b.c[k], &lo, &hi);
		v_store(out + k * oplane + 2 * i, lo);
		v_store(out + k * oplane + 2 * i + VN, hi);
	}
}

/* ---- sums ---- */

/* Adds eq[i] v[i]. */
KERNEL void
dot_kb_at(vacc *s, const kb *v, const kb *eq, size_t eplane, size_t i,
    size_t left)
{
	vacc_add(s, v_load_n(v + i, left), ve_load_n(eq + i, eplane, left));
}

/* Adds eq[i] v[2i] to s[0], eq[i] v[2i + 1] to s[1]. */
KERNEL void
dot_pairs_at(vece s[2], const kb *v, size_t plane, const kb *eq, size_t eplane,
    size_t i)
{
	vece x, y, e = ve_load(eq + i, eplane);

	ve_load2(v + 2 * i, plane, &x, &y);
	s[0] = ve_add(s[0], ve_mul(e, x));
	s[1] = ve_add(s[1], ve_mul(e, y));
}

/* Adds eq[i] v[i]; v is not in planes. */
KERNEL void
dot_ef_at(vece *s, const ef *v, const kb *eq, size_t eplane, size_t i)
{
	vece x;

	v_load4((const kb *)(v + i), x.c);
	*s = ve_add(*s, ve_mul(x, ve_load(eq + i, eplane)));
}

/* Of sums over all i of eq[i] v[16 i + h], those of VN residues from h on. */
KERNEL void
dot16_at(vacc *s, const kb *v, const kb *eq, size_t eplane, size_t i, int h)
{
	vacc_add_set(s, v_load(v + 16 * i + h), (ef){{eq[i], eq[eplane + i],
	    eq[2 * eplane + i], eq[3 * eplane + i]}});
}

/* Adds a[2i] b[2i], and (a[2i + 1] - a[2i]) (b[2i + 1] - b[2i]): the products'
 * value at 0 and leading coefficient. */
KERNEL void
product_sum_at(vece s[2], const kb *a, const kb *b, size_t plane, size_t i)
{
	vece a0, a1, b0, b1;

	ve_load2(a + 2 * i, plane, &a0, &a1);
	ve_load2(b + 2 * i, plane, &b0, &b1);
	s[0] = ve_add(s[0], ve_mul(a0, b0));
	s[1] = ve_add(s[1], ve_mul(ve_sub(a1, a0), ve_sub(b1, b0)));
}

/* ---- a sumcheck's variables ---- */

/* a + t (b - a) for t = 0, 2, 4 */
KERNEL void
v_points(vec a, vec b, vec o[3])
{
	vec d = v_sub(b, a);

	d = v_add(d, d);
	o[0] = a;
	o[1] = v_add(a, d);
	o[2] = v_add(a, v_add(d, d));
}

/* out[i] = in[2i] + r (in[2i + 1] - in[2i]), of field elements. */
KERNEL void
fold_kb_at(kb *out, size_t oplane, const kb *in, size_t i, const vece *r)
{
	vec a, b;
	vece t;

	v_load2(in + 2 * i, &a, &b);
	t = ve_mul_v(*r, v_sub(b, a));
	t.c[0] = v_add(t.c[0], a);
	ve_store(out + i, oplane, t);
}

/* The same of extension elements; r3 is 3 r. */
KERNEL void
fold_at(kb *out, size_t oplane, const kb *in, size_t plane, size_t i,
    const vece *r, const vece *r3)
{
	vece a, b;

	ve_load2(in + 2 * i, plane, &a, &b);
	ve_store(out + i, oplane, ve_fold(a, b, r, r3));
}

/* out[i] = in[2i] + r in[2i + 1]; r3 is 3 r. */
KERNEL void
fold_coeff_at(kb *out, size_t oplane, const kb *in, size_t plane, size_t i,
    const vece *r, const vece *r3)
{
	vece a, b;

	ve_load2(in + 2 * i, plane, &a, &b);
	ve_store(out + i, oplane, ve_add(a, ve_mul_set(b, r, r3)));
}

/* t[n + i] = z t[i], t[i] -= that: eq's table with one more variable in front;
 * n entries before, z3 is 3 z. */
KERNEL void
eq_double_at(kb *t, size_t plane, size_t n, size_t i, const vece *z,
    const vece *z3, size_t left)
{
	vece a = ve_load_n(t + i, plane, left);
	vece hi = ve_mul_set(a, z, z3);

	ve_store_n(t + n + i, plane, hi, left);
	ve_store_n(t + i, plane, ve_sub(a, hi), left);
}

/* Of one plane; an index may run once those below it have, where out is in. */
KERNEL void
eq_halve_at(kb *out, const kb *in, size_t i)
{
	vec a, b;

	v_load2(in + 2 * i, &a, &b);
	v_store(out + i, v_add(a, b));
}

/* ---- a round of zerocheck ---- */

/* A chip, and what a round sums over the pairs of its rows. */
struct zerocheck_chip {
	const struct block_insn *insn;
	size_t ninsn;
	unsigned nslots;
	const kb *scalar;	/* worked out */
	const ef *weight;	/* of each constraint */
	const kb *const *col;	/* main, then preprocessed; planes in later rounds */
	size_t stride;		/* of these */
	size_t rows;
	const kb *eq;		/* of each pair */
	size_t eplane;
};

/* Rows 2i and 2i + 1 of a column at the x-th of the points 0, 2, 4; zeros behind
 * the last row. */
KERNEL vec
zerocheck_point(const kb *p, size_t left, int x)
{
	vec a, b, o[3];

	if (left >= 2 * VN) {
		v_load2(p, &a, &b);
	} else {
		kb t[2 * VN] = {{0}};

		UNROLL(2)
		for (size_t i = 0; i < 2 * VN; i++)
			if (i < left)
				t[i] = p[i];
		v_load2(t, &a, &b);
	}
	v_points(a, b, o);
	return x == 0 ? o[0] : x == 1 ? o[1] : o[2];
}

/* An operand of pair i at the x-th point: a slot, or (from nslots on) a
 * column. */
KERNEL vec
zerocheck_operand_kb(const struct zerocheck_chip *z, uint32_t operand, int x,
    size_t i, const kb *slot, size_t step)
{
	if (operand < z->nslots)
		return v_load(slot + operand * step);
	return zerocheck_point(z->col[operand - z->nslots] + 2 * i,
	    z->rows - 2 * i, x);
}

/*
 * Pair i's constraints at the x-th point, times its weight.  slot: nslots slots, from
 * one to
 * the next `step`, a multiple of VN, for what belongs to this index.  _ef: four planes
 * a slot, one after the other.
 */
KERNEL vece
zerocheck_kb_at(const struct zerocheck_chip *z, int x, size_t i, kb *slot,
    size_t step)
{
	const ef *w = z->weight;
	vacc sum = vacc_zero;

	for (size_t n = 0; n < z->ninsn; n++) {
		const struct block_insn insn = z->insn[n];
		const enum block_opcode op = (enum block_opcode)insn.op;
		vec a, b = v_set(KB_ZERO);

		if (block_binary(op))
			b = zerocheck_operand_kb(z, insn.b, x, i, slot, step);
		else if (op != BLOCK_NEG && op != BLOCK_ASSERT)
			b = v_set(z->scalar[insn.b]);
		if (op == BLOCK_ASSERTS)
			a = b;
		else
			a = zerocheck_operand_kb(z, insn.a, x, i, slot, step);
		if (op == BLOCK_ASSERT || op == BLOCK_ASSERTS)
			vacc_add_set(&sum, a, *w++);
		else
			v_store(slot + insn.dst * step, block_kb(op, a, b));
	}
	return ve_mul(vacc_get(&sum), ve_load(z->eq + i, z->eplane));
}

/* The same of extension elements: four planes a slot, `step` apart. */
KERNEL vece
zerocheck_operand_ef(const struct zerocheck_chip *z, uint32_t operand, int x,
    size_t i, const kb *slot, size_t step)
{
	const kb *p;
	vece r;

	if (operand < z->nslots)
		return ve_load(slot + 4 * operand * step, step);
	p = z->col[operand - z->nslots] + 2 * i;
	for (int k = 0; k < 4; k++)
		r.c[k] = zerocheck_point(p + k * z->stride, z->rows - 2 * i, x);
	return r;
}

/* The same as zerocheck_kb_at() after the first round: columns are in planes,
 * z->stride apart. */
KERNEL vece
zerocheck_ef_at(const struct zerocheck_chip *z, int x, size_t i, kb *slot,
    size_t step)
{
	const ef *w = z->weight;
	vece sum = ve_set(EF_ZERO);

	for (size_t n = 0; n < z->ninsn; n++) {
		const struct block_insn insn = z->insn[n];
		const enum block_opcode op = (enum block_opcode)insn.op;
		vec s = v_set(KB_ZERO);
		vece a = ve_set(EF_ZERO), b = a;

		if (block_binary(op))
			b = zerocheck_operand_ef(z, insn.b, x, i, slot, step);
		else if (op != BLOCK_NEG && op != BLOCK_ASSERT)
			s = v_set(z->scalar[insn.b]);
		if (op == BLOCK_ASSERTS)
			a.c[0] = s;
		else
			a = zerocheck_operand_ef(z, insn.a, x, i, slot, step);
		if (op == BLOCK_ASSERT || op == BLOCK_ASSERTS)
			sum = ve_add(sum, ve_mul(a, ve_set(*w++)));
		else
			ve_store(slot + 4 * insn.dst * step, step,
			    block_ef(op, a, &b, s));
	}
	return ve_mul(sum, ve_load(z->eq + i, z->eplane));
}

/* ---- columns and codewords ---- */

/* out[i] = the sum of w[j] col[j][row + i], j < ncols. */
KERNEL void
combine_at(kb *out, size_t oplane, const kb *const *col, size_t row,
    const ef *w, size_t ncols, size_t i, size_t left)
{
	vacc s = vacc_zero;

	for (size_t j = 0; j < ncols; j++)
		vacc_add_set(&s, v_load_n(col[j] + row + i, left), w[j]);
	ve_store(out + i, oplane, vacc_get(&s));
}

/* even[i] = in[2i], odd[i] = in[2i + 1]. */
KERNEL void
split_at(kb *even, kb *odd, const kb *in, size_t i)
{
	vec a, b;

	v_load2(in + 2 * i, &a, &b);
	v_store(even + i, a);
	v_store(odd + i, b);
}

/* out[i] = (e + o) / 2 + beta (e - o) half_inv[i], e = even[i], o = odd[i]: the codeword
 * of the folded polynomial (sp1-proof(7), BaseFold); beta3 is 3 beta. */
KERNEL void
fold_codeword_at(kb *out, size_t oplane, const kb *even, const kb *odd,
    size_t plane, const kb *half_inv, size_t i, const vece *beta,
    const vece *beta3, size_t left)
{
	const vec half = v_set((kb){KB_ONE.v / 2});
	vece e = ve_load_n(even + i, plane, left);
	vece o = ve_load_n(odd + i, plane, left);
	vec inv = v_load_n(half_inv + i, left);

	ve_store_n(out + i, oplane, ve_add(ve_mul_v(ve_add(e, o), half),
	    ve_mul_set(ve_mul_v(ve_sub(e, o), inv), beta, beta3)), left);
}

#endif
