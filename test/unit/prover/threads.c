/*
 * The prover's kernels as threads of CUDA run them: one index at a time, shuffled, in
 * the form that suits a thread.  They give what this processor's lanes give, which
 * prover_kernels.c holds to the field's own functions; zerocheck's, what the plain
 * evaluators of a row and of a point give.
 */
#define VEC_THREAD
#include "prover/kernels.h"

#include "prover/cpu/kernels.h"
#include "test/lib/kernels.h"
#include "test/lib/tap.h"

#define N 512			/* elements in a plane */
#define COLS 9

static const struct cpu_kernels *k;
static kb *in, *in2, *eq, *cells;
static const kb *col[COLS];
static kb *a, *b;		/* outputs: threads', lanes' */
static ef r;
static vece x, x3;

static int
same(void)
{
	int good = !memcmp(a, b, 8 * N * sizeof *a);

	for (size_t i = 0; i < 8 * N; i++)
		a[i] = b[i] = random_kb();
	memcpy(a, b, 8 * N * sizeof *a);
	return good;
}

static int
same_sums(const vece *s, const ef *t, int n)
{
	int good = 1;

	for (int i = 0; i < n; i++)
		good &= ef_eq(ve_sum(s[i]), t[i]);
	return good;
}

/* Two sums. */
#define NOTHING {ve_set(EF_ZERO), ve_set(EF_ZERO)}

static void
test_gkr(void)
{
	struct air_term n[2] = {{3, random_kb()}, {8, random_kb()}};
	struct gkr_term d[COLS];
	struct gkr_fraction f = {random_kb(), random_ef(), 2, COLS, n, d};
	vece s[2] = NOTHING;
	ef t[2] = {EF_ZERO, EF_ZERO};

	for (uint32_t j = 0; j < COLS; j++)
		d[j] = (struct gkr_term){j, random_ef()};
	{ EACH_SHUFFLED(i, 128)
		if (i < 75)
			fractions_at(&f, col, 5, &x, a, N, i, 1);
		else
			fraction_none_at(a, N, i); }
	k->fractions(&f, col, 5, 75, 128, r, b, N);
	ok(same(), "fractions");

	{ EACH_SHUFFLED(i, N / 2)
		gkr_add_at(a, N, in, N, i); }
	k->gkr_add(b, N, in, N, N);
	ok(same(), "they add up");

	{ EACH_SHUFFLED(i, N)
		scale_at(a, N, a, N, i, &x, &x3, 1); }
	k->gkr_scale(b, N, N, r);
	ok(same(), "they scale");

	{ EACH_SHUFFLED(i, N / 4)
		gkr_sum_at(s, in, N, eq, N, i); }
	k->gkr_sum(t, in, N, N, eq, N);
	ok(same_sums(s, t, 2), "a round's sums");

	for (int h = 0; h < 2; h++) {
		EACH_SHUFFLED(i, N / 4)
			gkr_fold_at(a + 4 * h * N, N, in + 4 * h * N, N, i, &x,
			    &x3);
	}
	k->gkr_fold(b, N, in, N, N, r);
	ok(same(), "pairs fold");
}

static void
test_sums(void)
{
	vece s[2] = NOTHING, u[1] = {ve_set(EF_ZERO)};
	vacc h[16], c = vacc_zero;
	ef t[2], v[16], block[CPU_BLOCK];
	int good = 1;

	{ EACH_SHUFFLED(i, 117)
		dot_kb_at(&c, in, eq, N, i, 1); }
	t[0] = k->dot_kb(in, eq, N, 117);
	u[0] = vacc_get(&c);
	ok(same_sums(u, t, 1), "a column's dot product");

	{ EACH_SHUFFLED(i, 48)
		dot_pairs_at(s, in, N, eq, N, i); }
	k->dot_pairs(t, in, N, eq, N, 48);
	ok(same_sums(s, t, 2), "of even and odd elements");

	for (int i = 0; i < CPU_BLOCK; i++)
		block[i] = random_ef();
	u[0] = ve_set(EF_ZERO);
	{ EACH_SHUFFLED(i, 37)
		dot_ef_at(u, block, eq, N, i); }
	t[0] = k->dot_block(block, 37, eq, N);
	ok(same_sums(u, t, 1), "of elements");

	for (int j = 0; j < 16; j++)
		h[j] = vacc_zero;
	{ EACH_SHUFFLED(i, 16 * 30)
		dot16_at(&h[i % 16], in, eq, N, i / 16, (int)(i % 16)); }
	k->dot16(v, in, eq, N, 30);
	for (int j = 0; j < 16; j++)
		good &= ef_eq(v[j], ve_sum(vacc_get(&h[j])));
	ok(good, "of sixteen residues");

	s[0] = s[1] = ve_set(EF_ZERO);
	{ EACH_SHUFFLED(i, 64)
		product_sum_at(s, in, in2, N, i); }
	k->product_sum(t, in, in2, N, 64);
	ok(same_sums(s, t, 2), "products of neighbours");
}

static void
test_variables(void)
{
	kb o[3][CPU_BLOCK];
	int good = 1;

	k->points(o[0], o[1], o[2], in);
	for (size_t i = 0; i < CPU_BLOCK; i++) {
		vec p[3];

		v_points(in[2 * i], in[2 * i + 1], p);
		for (int j = 0; j < 3; j++)
			good &= kb_eq(p[j], o[j][i]);
	}
	ok(good, "values at 0, 2 and 4");

	{ EACH_SHUFFLED(i, 48)
		fold_kb_at(a, N, in, i, &x); }
	k->fold_kb(b, N, in, 48, r);
	ok(same(), "cells fold");

	{ EACH_SHUFFLED(i, 112)
		fold_at(a, N, in, N, i, &x, &x3); }
	k->fold(b, N, in, N, 112, r);
	ok(same(), "elements fold");

	{ EACH_SHUFFLED(i, 48)
		fold_coeff_at(a, N, in, N, i, &x, &x3); }
	k->fold_coeff(b, N, in, N, 48, r);
	ok(same(), "coefficients fold");

	for (size_t n = good = 1; n <= 128; n *= 2) {
		EACH_SHUFFLED(i, n)
			eq_double_at(a, N, n, i, &x, &x3, 1);
		k->eq_double(b, N, n, 0, n, r);
		good &= same();
	}
	ok(good, "tables of eq grow");

	for (size_t n = good = 1; n <= 128; n *= 2) {
		for (int p = 0; p < 4; p++) {
			EACH_SHUFFLED(i, n)
				eq_halve_at(a + p * N, in + p * N, i);
		}
		memcpy(b, in, 4 * N * sizeof *b);
		k->eq_halve(b, N, n);
		for (int p = 0; p < 4; p++)
			good &= !memcmp(a + p * N, b + p * N, n * sizeof *a);
	}
	memcpy(a, b, 8 * N * sizeof *a);
	ok(good, "and shrink");
}

static void
test_columns(void)
{
	ef w[COLS];
	int good = 1;

	for (int j = 0; j < COLS; j++)
		w[j] = random_ef();
	{ EACH_SHUFFLED(i, 80)
		combine_at(a, N, col, 0, w, COLS, i, 1); }
	k->combine(b, N, col, 0, w, COLS, 80);
	ok(same(), "columns combine");

	for (size_t n = 1; n <= 64; n *= 2) {
		{ EACH_SHUFFLED(i, n)
			split_at(a, a + N, in, i); }
		k->split(b, b + N, in, n);
		good &= same();
		{ EACH_SHUFFLED(i, n)
			fold_codeword_at(a, N, in, in2, N, cells, i, &x, &x3,
			    1); }
		k->fold_codeword(b, N, in, in2, N, cells, n, r);
		good &= same();
		{ EACH_SHUFFLED(i, n)
			scale_at(a, N, in, N, i, &x, &x3, 1); }
		k->scale(b, N, in, N, n, r);
		good &= same();
	}
	ok(good, "codewords split and fold");
}

/* ---- zerocheck ---- */

#define ROWS 13

/* Pair i of a column's cells at 2x. */
static ef
at(const kb *p, size_t stride, int planes, size_t i, int t)
{
	ef v[2] = {EF_ZERO, EF_ZERO};

	for (int j = 0; j < 2; j++)
		for (int p4 = 0; p4 < planes && 2 * i + j < ROWS; p4++)
			v[j].c[p4] = p[p4 * stride + 2 * i + j];
	return ef_add(v[0], ef_mul_kb(ef_sub(v[1], v[0]), kb_from(2 * t)));
}

static int
zerocheck(const struct air_chip *c, int extension)
{
	const struct air_block *p = c->block;
	unsigned width = c->main_width + c->prep_width;
	int planes = extension ? 4 : 1, good = 1;
	size_t size = planes * ROWS;
	kb *value = random_cells(width * size), *pv = random_cells(
	    AIR_PUBLIC_VALUES);
	kb *scalar = random_cells(p->nscalars + 1);
	kb *slot = random_cells(planes * p->nslots + 1);
	const kb **column = malloc((width + 1) * sizeof *column);
	ef *weight = malloc((c->nconstraints + 1) * sizeof *weight);
	ef *row = malloc((width + 1) * sizeof *row), alpha = random_ef();
	kb *base = random_cells(width + 1);
	struct zerocheck_chip z = {p->insn, p->n, p->nslots, scalar, weight,
	    column, ROWS, ROWS, eq, N};

	block_scalars(p, pv, scalar);
	for (unsigned j = 0; j < width; j++)
		column[j] = value + j * size;
	for (unsigned i = c->nconstraints; i-- > 0;)
		weight[i] = i + 1 == c->nconstraints ? EF_ONE :
		    ef_mul(weight[i + 1], alpha);
	for (int t = 0; t < 3; t++) {
		vece s[1] = {ve_set(EF_ZERO)};
		ef want = EF_ZERO;

		for (size_t i = 0; i < (ROWS + 1) / 2; i++) {
			ef e = {{eq[i], eq[N + i], eq[2 * N + i],
			    eq[3 * N + i]}};

			for (unsigned j = 0; j < width; j++) {
				row[j] = at(column[j], ROWS, planes, i, t);
				base[j] = row[j].c[0];
			}
			want = ef_add(want, ef_mul(e, extension ?
			    air_fold_point(c, row, row + c->main_width, pv,
			    alpha) : air_fold_row(c, base,
			    base + c->main_width, pv, alpha)));
		}
		EACH_SHUFFLED(i, (ROWS + 1) / 2)
			s[0] = ve_add(s[0], extension ?
			    zerocheck_ef_at(&z, t, i, slot, 1) :
			    zerocheck_kb_at(&z, t, i, slot, 1));
		good &= same_sums(s, &want, 1);
	}
	free(value);
	free(pv);
	free(scalar);
	free(slot);
	free(column);
	free(weight);
	free(row);
	free(base);
	return good;
}

static void
test_zerocheck(void)
{
	const struct air_machine *m = air_machine_riscv();

	for (int extension = 0; extension < 2; extension++) {
		int good = 1;

		for (unsigned i = 0; i < m->nchips; i++) {
			const char *name = m->chip[i].name;
			const struct air_chip *c = air_chip_by_name(m, name,
			    strlen(name));
			int g = zerocheck(c, extension);

			if (!g)
				diag("%s", name);
			good &= g;
		}
		ok(good, "constraints of every chip, %s", extension ?
		    "elements" : "cells");
	}
}

int
main(void)
{
	k = cpu_kernels();
	in = random_cells(8 * N);
	in2 = random_cells(4 * N);
	eq = random_cells(4 * N);
	cells = random_cells(COLS * N);
	a = random_cells(8 * N);
	b = random_cells(8 * N);
	for (int j = 0; j < COLS; j++)
		col[j] = cells + j * N;
	r = random_ef();
	x = ve_set(r);
	x3 = ve_triple(x);
	diag("lanes: %s", k->name);
	same();
	test_gkr();
	test_sums();
	test_variables();
	test_columns();
	test_zerocheck();
	free(in);
	free(in2);
	free(eq);
	free(cells);
	free(a);
	free(b);
	return done_testing();
}
