/*
 * The CPU backend's loops: each instruction set that this processor has against the
 * field's own functions, on random elements and at the edges of the range.
 */
#include "prover/cpu/kernels.h"
#include "test/lib/tap.h"

#define N 512			/* elements in a plane */
#define COLS 9

static uint64_t seed;

static kb
random_kb(void)
{
	static const uint32_t edge[] = {0, 1, KB_P - 1, KB_P / 2};

	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	if (seed >> 60 == 0)
		return (kb){edge[seed >> 40 & 3]};
	return (kb){(uint32_t)(seed >> 33) % KB_P};
}

static ef
random_ef(void)
{
	return (ef){{random_kb(), random_kb(), random_kb(), random_kb()}};
}

static void
fill(kb *p, size_t n)
{
	while (n--)
		*p++ = random_kb();
}

static ef
get(const kb *p, size_t plane, size_t i)
{
	return (ef){{p[i], p[plane + i], p[2 * plane + i], p[3 * plane + i]}};
}

static ef
fold(ef a, ef b, ef r)
{
	return ef_add(a, ef_mul(r, ef_sub(b, a)));
}

/* What follows is one set of random inputs, and the outputs of one table. */
static kb in[8 * N], in2[4 * N], eq[4 * N], col[COLS][N + 64], out[8 * N];
static ef r;

static int
same(ef a, ef b)
{
	return ef_eq(a, b);
}

static void
test_gkr(const struct cpu_kernels *k)
{
	int good = 1;
	ef s[2] = {random_ef(), random_ef()}, t[2] = {s[0], s[1]};

	k->gkr_add(out, N, in, N, N);
	for (size_t i = 0; i < N / 2; i++) {
		ef n0 = get(in, N, 2 * i), n1 = get(in, N, 2 * i + 1);
		ef d0 = get(in + 4 * N, N, 2 * i);
		ef d1 = get(in + 4 * N, N, 2 * i + 1);

		good &= same(get(out, N, i), ef_add(ef_mul(n0, d1),
		    ef_mul(n1, d0)));
		good &= same(get(out + 4 * N, N, i), ef_mul(d0, d1));
	}
	ok(good, "%s: fractions add up", k->name);

	good = 1;
	k->gkr_fold(out, N, in, N, N, r);
	for (size_t h = 0; h < 2; h++)
		for (size_t i = 0; i < N / 2; i++) {
			size_t from = i / 2 * 4 + i % 2;
			const kb *p = in + h * 4 * N;

			good &= same(get(out + h * 4 * N, N, i),
			    fold(get(p, N, from), get(p, N, from + 2), r));
		}
	ok(good, "%s: pairs of fractions fold", k->name);

	k->gkr_sum(s, in, N, N, eq, N);
	for (size_t i = 0; i < N / 4; i++) {
		ef n[4], d[4], q[2];

		for (size_t j = 0; j < 4; j++) {
			n[j] = get(in, N, 4 * i + j);
			d[j] = get(in + 4 * N, N, 4 * i + j);
		}
		for (int j = 0; j < 2; j++) {
			if (j)
				for (int x = 0; x < 2; x++) {
					n[x] = ef_sub(n[2 + x], n[x]);
					d[x] = ef_sub(d[2 + x], d[x]);
				}
			q[j] = ef_add(ef_add(ef_mul(n[0], d[1]),
			    ef_mul(n[1], d[0])), ef_mul(d[0], d[1]));
		}
		q[0] = ef_sub(q[0], EF_ONE);
		for (int j = 0; j < 2; j++)
			t[j] = ef_add(t[j], ef_mul(q[j], get(eq, N, i)));
	}
	ok(same(s[0], t[0]) && same(s[1], t[1]), "%s: a round's sums", k->name);

	good = 1;
	memcpy(out, in, sizeof in);
	k->gkr_scale(out, N, N, r);
	for (size_t i = 0; i < N; i++)
		good &= same(get(out, N, i), ef_mul(r, get(in, N, i)));
	good &= !memcmp(out + 4 * N, in + 4 * N, 4 * N * sizeof *in);
	ok(good, "%s: numerators scale", k->name);
}

static void
test_fractions(const struct cpu_kernels *k)
{
	const kb *c[COLS];
	struct air_term n[2] = {{3, random_kb()}, {8, random_kb()}};
	struct gkr_term d[COLS];
	struct gkr_fraction f = {random_kb(), random_ef(), 2, COLS, n, d};
	size_t rows = 75, row = 5;
	int good = 1;

	for (int i = 0; i < COLS; i++) {
		c[i] = col[i];
		d[i] = (struct gkr_term){i, random_ef()};
	}
	k->fractions(&f, c, row, rows, 128, r, out, N);
	for (size_t i = 0; i < 128; i++) {
		kb num = f.n0;
		ef den = f.d0;

		for (int j = 0; j < 2; j++)
			num = kb_add(num, kb_mul(n[j].coeff,
			    col[n[j].col][row + i]));
		for (int j = 0; j < COLS; j++)
			den = ef_add(den, ef_mul_kb(d[j].weight,
			    col[j][row + i]));
		good &= same(get(out, N, i), i < rows ? ef_mul_kb(r, num) :
		    EF_ZERO);
		good &= same(get(out + 4 * N, N, i), i < rows ? den : EF_ONE);
	}
	ok(good, "%s: interactions' fractions, 0/1 behind", k->name);

	good = 1;
	{
		ef w[COLS];

		for (int j = 0; j < COLS; j++)
			w[j] = d[j].weight;
		k->combine(out, N, c, row, w, COLS, rows);
		for (size_t i = 0; i < 80; i++) {
			ef s = EF_ZERO;

			for (int j = 0; j < COLS && i < rows; j++)
				s = ef_add(s, ef_mul_kb(w[j], col[j][row + i]));
			good &= same(get(out, N, i), s);
		}
	}
	ok(good, "%s: columns combine", k->name);
}

static void
test_dots(const struct cpu_kernels *k)
{
	ef s = EF_ZERO, t[2] = {EF_ZERO, EF_ZERO}, u[2], v[16], b[CPU_BLOCK];
	ef p[2] = {EF_ZERO, EF_ZERO};
	int good = 1;

	for (size_t n = 100; n < 117; n += 8) {
		s = EF_ZERO;
		for (size_t i = 0; i < n; i++)
			s = ef_add(s, ef_mul_kb(get(eq, N, i), col[0][i]));
		good &= same(s, k->dot_kb(col[0], eq, N, n));
	}
	ok(good, "%s: dot product of a column", k->name);

	for (size_t i = 0; i < 48; i++)
		for (int j = 0; j < 2; j++)
			t[j] = ef_add(t[j], ef_mul(get(eq, N, i),
			    get(in, N, 2 * i + j)));
	k->dot_pairs(u, in, N, eq, N, 48);
	ok(same(u[0], t[0]) && same(u[1], t[1]), "%s: of even and odd elements",
	    k->name);

	s = EF_ZERO;
	for (size_t i = 0; i < CPU_BLOCK; i++) {
		b[i] = random_ef();
		if (i < 37)
			s = ef_add(s, ef_mul(b[i], get(eq, N, i)));
	}
	ok(same(s, k->dot_block(b, 37, eq, N)), "%s: of a block", k->name);

	good = 1;
	k->dot16(v, col[0], eq, N, 30);
	for (size_t j = 0; j < 16; j++) {
		s = EF_ZERO;
		for (size_t i = 0; i < 30; i++)
			s = ef_add(s, ef_mul_kb(get(eq, N, i),
			    col[0][16 * i + j]));
		good &= same(s, v[j]);
	}
	ok(good, "%s: sixteen residues", k->name);

	for (size_t i = 0; i < 64; i++) {
		ef a0 = get(in, N, 2 * i), a1 = get(in, N, 2 * i + 1);
		ef b0 = get(in2, N, 2 * i), b1 = get(in2, N, 2 * i + 1);

		p[0] = ef_add(p[0], ef_mul(a0, b0));
		p[1] = ef_add(p[1], ef_mul(ef_sub(a1, a0), ef_sub(b1, b0)));
	}
	k->product_sum(u, in, in2, N, 64);
	ok(same(u[0], p[0]) && same(u[1], p[1]), "%s: products of neighbours",
	    k->name);
}

static void
test_folds(const struct cpu_kernels *k)
{
	kb o[3][CPU_BLOCK];
	int good = 1;

	k->points(o[0], o[1], o[2], col[0]);
	for (size_t i = 0; i < CPU_BLOCK; i++)
		for (int x = 0; x < 3; x++)
			good &= kb_eq(o[x][i], kb_add(col[0][2 * i],
			    kb_mul(kb_from(2 * x), kb_sub(col[0][2 * i + 1],
			    col[0][2 * i]))));
	ok(good, "%s: a pair's values at 0, 2 and 4", k->name);

	good = 1;
	k->fold_kb(out, N, col[0], 48, r);
	for (size_t i = 0; i < 48; i++)
		good &= same(get(out, N, i), fold(ef_from_kb(col[0][2 * i]),
		    ef_from_kb(col[0][2 * i + 1]), r));
	memcpy(out, in, sizeof in);
	k->fold(out, N, out, N, 112, r);
	for (size_t i = 0; i < 112; i++)
		good &= same(get(out, N, i), fold(get(in, N, 2 * i),
		    get(in, N, 2 * i + 1), r));
	k->fold_coeff(out, N, in, N, 48, r);
	for (size_t i = 0; i < 48; i++)
		good &= same(get(out, N, i), ef_add(get(in, N, 2 * i),
		    ef_mul(r, get(in, N, 2 * i + 1))));
	ok(good, "%s: folds", k->name);

	good = 1;
	memcpy(out, in, sizeof in);
	k->scale(out, N, in2, N, 53, r);
	for (size_t i = 0; i < 64; i++)
		good &= same(get(out, N, i), i < 53 ? ef_mul(r,
		    get(in2, N, i)) : get(in, N, i));
	ok(good, "%s: scales, and writes no further", k->name);
}

static void
test_code(const struct cpu_kernels *k)
{
	kb even[4 * 32], odd[4 * 32], half = kb_inv(kb_from(2));
	int good = 1;

	for (size_t n = 1; n <= 32; n *= 2) {
		for (size_t i = 0; i < 4; i++)
			k->split(even + 32 * i, odd + 32 * i, in + N * i, n);
		k->fold_codeword(out, N, even, odd, 32, col[0], n, r);
		for (size_t i = 0; i < n; i++) {
			ef a = get(in, N, 2 * i), b = get(in, N, 2 * i + 1);

			good &= same(get(out, N, i), ef_add(
			    ef_mul_kb(ef_add(a, b), half), ef_mul(r,
			    ef_mul_kb(ef_sub(a, b), col[0][i]))));
		}
	}
	ok(good, "%s: codewords split and fold", k->name);

	good = 1;
	for (size_t n = 1; n <= 128; n *= 2) {
		memcpy(out, in, sizeof in);
		k->eq_double(out, N, n, 0, n, r);
		for (size_t i = 0; i < n; i++) {
			ef a = get(in, N, i), hi = ef_mul(r, a);

			good &= same(get(out, N, n + i), hi);
			good &= same(get(out, N, i), ef_sub(a, hi));
		}
		k->eq_halve(out, N, n);
		for (size_t i = 0; i < n && n > 1; i++)
			good &= i >= n / 2 || same(get(out, N, i), ef_sub(
			    ef_add(get(in, N, 2 * i), get(in, N, 2 * i + 1)),
			    ef_mul(r, ef_add(get(in, N, 2 * i),
			    get(in, N, 2 * i + 1)))));
	}
	ok(good, "%s: tables of eq grow and shrink", k->name);
}

int
main(void)
{
	static const char *const name[] = {"scalar", "avx2", "avx512"};

	for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
		const struct cpu_kernels *k = cpu_kernels_by_name(name[i]);

		if (!k) {
			tap_skip("%s: not on this processor", name[i]);
			continue;
		}
		seed = 1;
		fill(in, sizeof in / sizeof *in);
		fill(in2, sizeof in2 / sizeof *in2);
		fill(eq, sizeof eq / sizeof *eq);
		fill(col[0], sizeof col / sizeof(kb));
		r = random_ef();
		test_gkr(k);
		test_fractions(k);
		test_dots(k);
		test_folds(k);
		test_code(k);
	}
	return done_testing();
}
