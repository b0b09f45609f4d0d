#include "test/lib/air_moves.h"

kb
kb_add_int(kb x, int32_t k)
{
	return kb_add(x, kb_from(k < 0 ? KB_P - (uint32_t)-k : (uint32_t)k));
}

kb
move_variant(kb old, unsigned i)
{
	static const int32_t step[] = {1, -1, 2, 256, -256, 65536, -65536,
		32512, -32512, 8323072, -8323072};

	if (i < 11)
		return kb_add_int(old, step[i]);
	if (i < 14)
		return kb_from(i - 11);
	if (i == 14)
		return kb_neg(KB_ONE);
	return i == 15 ? kb_from((uint32_t)(search_rnd() % 65536)) : search_rnd_kb();
}
/* ---- roots ---- */

/* r^2 = x; false: there is none.  p - 1 = 127 * 2^24; 3 is no square. */
static bool
square_root(kb *r, kb x)
{
	kb z = kb_pow(kb_from(3), 127), b = kb_pow(x, 127);
	unsigned m = 24;

	*r = kb_pow(x, 64);
	while (x.v && !kb_eq(b, KB_ONE)) {
		unsigned i = 0;
		kb t = b;

		for (; !kb_eq(t, KB_ONE); i++)
			t = kb_mul(t, t);
		if (i >= m)
			return false;
		for (t = z; m > i + 1; m--)
			t = kb_mul(t, t);
		m = i;
		z = kb_mul(t, t);
		*r = kb_mul(*r, t);
		b = kb_mul(b, z);
	}
	return true;
}

unsigned
poly_roots(kb root[static 2], const kb f[static 4])
{
	kb a, s;

	if (f[3].v || (!f[2].v && !f[1].v))
		return 0;
	if (!f[2].v) {
		root[0] = kb_neg(kb_mul(f[0], kb_inv(f[1])));
		return 1;
	}
	s = kb_sub(kb_mul(f[1], f[1]), kb_mul(kb_from(4),
	    kb_mul(f[2], f[0])));
	if (!square_root(&s, s))
		return 0;
	a = kb_inv(kb_add(f[2], f[2]));
	root[0] = kb_mul(kb_sub(s, f[1]), a);
	root[1] = kb_neg(kb_mul(kb_add(s, f[1]), a));
	return 2;
}

void
trial_in_cell(const struct trial *t, unsigned k, uint32_t cell, kb f[4])
{
	poly_in(&t->s->polys, k, cell + 1, t->a.x, f);
}

/* ---- one cell, two cells ---- */

void
move_one_cell(struct trial *t)
{
	for (unsigned j = 0; j < t->s->width; j++) {
		kb old = trial_cell(t, j);

		for (unsigned i = 0; i < VARIANTS; i++) {
			trial_set(t, j, move_variant(old, i));
			trial_look(t);
		}
		trial_reset(t);
	}
}

void
move_two_cells(struct trial *t, unsigned k)
{
	const struct list *l = &t->s->reads[k];

	for (unsigned i = 0; i < l->n * l->n * 49 && subject_sought(t->s, k); i++) {
		uint32_t x = l->of[i / 49 / l->n], y = l->of[i / 49 % l->n];

		if (y >= x)
			continue;
		trial_set(t, x, move_variant(trial_cell(t, x), 10 + i % 7));
		trial_set(t, y, move_variant(trial_cell(t, y), 10 + i / 7 % 7));
		trial_look(t);
		trial_reset(t);
	}
}

void
move_carried(struct trial *t, const uint32_t *own, unsigned nown,
    const uint32_t *near, unsigned nnear)
{
	for (unsigned a = 0; a < nown; a++)
		for (unsigned b = 0; b < nnear; b++)
			for (int i = 0; i < 8 && own[a] != near[b]; i++) {
				uint32_t x = own[a], y = near[b];

				trial_set(t, x, kb_add_int(trial_cell(t, x),
				    i & 1 ? 1 : -1));
				trial_set(t, y, kb_add_int(trial_cell(t, y),
				    (i & 2 ? 1 : -1) *
				    (i & 4 ? 32512 : 8323072)));
				trial_look(t);
				trial_reset(t);
			}
}

/* ---- directions ---- */

void
matrix_init(struct matrix *a, unsigned m, unsigned n)
{
	*a = (struct matrix){.n = n, .m = m, .height = m + n};
	a->cell = poly_get((size_t)a->n * a->height, sizeof *a->cell);
	a->index = poly_get(a->height, sizeof *a->index);
	a->pivot = poly_get(a->n, sizeof *a->pivot);
	memset(a->pivot, 0xff, a->n * sizeof *a->pivot);
}

void
matrix_free(struct matrix *a)
{
	free(a->cell);
	free(a->index);
	free(a->pivot);
}

kb *
matrix_column(const struct matrix *a, unsigned j)
{
	return a->cell + (size_t)j * a->height;
}

static void
eliminate(struct matrix *a, unsigned row, unsigned j)
{
	kb *p = matrix_column(a, j), inverse = kb_inv(p[row]);
	unsigned n = 0;

	for (unsigned i = 0; i < a->height; i++)
		if (p[i].v) {
			p[i] = kb_mul(p[i], inverse);
			a->index[n++] = i;
		}
	for (unsigned k = 0; k < a->n; k++) {
		kb *q = matrix_column(a, k), by = q[row];

		if (k == j || !by.v)
			continue;
		for (unsigned i = 0; i < n; i++)
			q[a->index[i]] = kb_sub(q[a->index[i]],
			    kb_mul(by, p[a->index[i]]));
	}
	a->pivot[j] = (int32_t)row;
}

static unsigned
count_nonzero(const struct matrix *a, unsigned j)
{
	const kb *p = matrix_column(a, j);
	unsigned n = 0;

	for (unsigned i = 0; i < a->height; i++)
		n += p[i].v != 0;
	return n;
}

void
matrix_reduce(struct matrix *a)
{
	for (unsigned row = 0; row < a->m; row++) {
		unsigned best = a->n, least = UINT32_MAX;

		for (unsigned j = 0; j < a->n; j++) {
			unsigned n;

			if (a->pivot[j] >= 0 || !matrix_column(a, j)[row].v)
				continue;
			n = count_nonzero(a, j);
			if (n < least) {
				least = n;
				best = j;
			}
		}
		if (best < a->n)
			eliminate(a, row, best);
	}
}

void
system_init(struct system *y, const struct trial *t, const uint32_t *cell,
    unsigned n, bool lookups, bool others)
{
	const struct subject *s = t->s;
	const struct air_chip *c = s->chip;
	bool *has = poly_get(chip_messages(c), sizeof *has);

	*y = (struct system){.t = t, .cell = cell, .ncells = n};
	y->column_of = poly_get(s->width, sizeof *y->column_of);
	y->row_of = poly_get(s->polys.n, sizeof *y->row_of);
	y->constraint = poly_get(s->polys.n, sizeof *y->constraint);
	y->message = poly_get(chip_messages(c), sizeof *y->message);
	for (unsigned j = 0; j < n; j++) {
		uint32_t v = cell[j] + 1;
		const struct list *m = &s->messages[cell[j]];

		y->column_of[cell[j]] = j + 1;
		for (uint32_t i = s->polys.start[v]; i < s->polys.start[v + 1];
		    i++) {
			uint32_t k = s->polys.at[i].poly;

			if (!y->row_of[k]) {
				y->constraint[y->nconstraints++] = k;
				y->row_of[k] = y->nconstraints;
			}
		}
		for (unsigned i = 0; i < m->n; i++)
			has[m->of[i]] = true;
	}
	y->nrows = y->nconstraints;
	for (unsigned i = 0; i < chip_messages(c); i++) {
		const struct air_interaction *x = &c->interaction[i];

		if (!has[i] || !(x->kind == AIR_BYTE ? lookups : others))
			continue;
		y->message[y->nmessages++] = i;
		y->nrows += 1 + (row_affine(c, &x->mult, trial_row(t)).v ?
		    x->nvalues : 0);
	}
	free(has);
}

void
system_free(struct system *y)
{
	free(y->column_of);
	free(y->row_of);
	free(y->constraint);
	free(y->message);
}

static unsigned
add_affine(const struct system *y, struct matrix *a, unsigned at,
    const struct air_affine *f)
{
	for (uint32_t i = 0; i < f->n; i++) {
		uint32_t j = y->column_of[f->term[i].col];

		if (j)
			matrix_column(a, j - 1)[at] = f->term[i].coeff;
	}
	return at + 1;
}

void
system_derivatives(const struct system *y, struct matrix *a)
{
	const struct polys *p = &y->t->s->polys;
	const struct air_chip *c = y->t->s->chip;
	const kb *x = y->t->a.x;
	unsigned at = y->nconstraints;

	for (unsigned j = 0; j < y->ncells; j++) {
		uint32_t v = y->cell[j] + 1;

		for (uint32_t i = p->start[v]; i < p->start[v + 1]; i++) {
			uint32_t k = p->at[i].poly;
			const struct mono *m = &p->of[k].m[p->at[i].mono];
			unsigned d = mono_degree(m->key, v);
			kb r = mono_rest(m, v, x);
			kb *to = &matrix_column(a, j)[y->row_of[k] - 1];

			for (unsigned h = 1; h < d; h++)
				r = kb_mul(r, x[v]);
			*to = kb_add(*to, d > 1 ? kb_mul(r, kb_from(d)) : r);
		}
	}
	for (unsigned i = 0; i < y->nmessages; i++) {
		const struct air_interaction *m =
		    &c->interaction[y->message[i]];

		at = add_affine(y, a, at, &m->mult);
		if (!row_affine(c, &m->mult, trial_row(y->t)).v)
			continue;
		for (unsigned k = 0; k < m->nvalues; k++)
			at = add_affine(y, a, at, &m->value[k]);
	}
	must(at <= a->m);
}

/* Along a column whose only derivative is that of one constraint; d: its cells'
 * parts.  Where the messages stay, the size does not matter. */
static void
follow(struct trial *t, const struct system *y, const kb *d, bool lookups,
    bool exact)
{
	for (unsigned i = 0; i < (lookups && exact ? 4 : 40); i++) {
		kb by = i < 30 ? kb_from(i / 2 + 1) : i < 36 ?
		    kb_from(1u << (i - 29) * 4) : search_rnd_kb();

		if (i < 30 && i % 2)
			by = kb_neg(by);
		for (unsigned k = 0; k < y->ncells; k++)
			if (d[k].v)
				trial_set(t, y->cell[k], kb_add(trial_cell(t,
				    y->cell[k]), kb_mul(by, d[k])));
		trial_look(t);
		trial_reset(t);
	}
}

void
move_directions(struct trial *t, const uint32_t *cell, unsigned n, bool lookups,
    bool others, bool exact)
{
	struct subject *s = t->s;
	struct system y;
	struct matrix a;

	system_init(&y, t, cell, n, lookups, others);
	matrix_init(&a, y.nrows, n);
	system_derivatives(&y, &a);
	for (unsigned j = 0; j < n; j++)
		matrix_column(&a, j)[a.m + j] = KB_ONE;
	matrix_reduce(&a);
	for (unsigned j = 0; j < n; j++) {
		bool only = a.pivot[j] >= 0 &&
		    a.pivot[j] < (int32_t)y.nconstraints;

		if (!only || !subject_sought(s, y.constraint[a.pivot[j]]))
			continue;
		for (unsigned i = 0; i < a.m && only; i++)
			only = !matrix_column(&a, j)[i].v ||
			    i == (unsigned)a.pivot[j];
		if (only)
			follow(t, &y, matrix_column(&a, j) + a.m, lookups, exact);
	}
	matrix_free(&a);
	system_free(&y);
}

/* May the cell join those in[]: is every constraint affine in them all, the others as
 * in the trial's row? */
static bool
stays_affine(const struct trial *t, const bool *in, uint32_t cell)
{
	const struct polys *p = &t->s->polys;
	uint32_t v = cell + 1;

	for (uint32_t i = p->start[v]; i < p->start[v + 1]; i++) {
		uint64_t key = p->of[p->at[i].poly].m[p->at[i].mono].key;
		unsigned degree = mono_degree(key, v);
		bool rest = true;

		for (int h = 0; h < MONO_VARS; h++) {
			uint32_t u = MONO_VAR(key, h);

			if (!u || u == v)
				continue;
			if (u <= p->width && in[u])
				degree++;
			else
				rest = rest && t->a.x[u].v;
		}
		if (degree > 2 || (degree == 2 && rest))
			return false;
	}
	return true;
}

void
move_exactly(struct trial *t, bool lookups, bool others)
{
	struct subject *s = t->s;
	bool *in = poly_get(s->width + 1, sizeof *in);
	uint32_t *order = poly_get(s->cells, sizeof *order), n = 0;

	for (unsigned j = 0; j < s->cells; j++) {
		unsigned i = search_rnd() % (j + 1);

		order[j] = order[i];
		order[i] = j;
	}
	for (unsigned j = 0; j < s->cells; j++)
		if (stays_affine(t, in, order[j])) {
			in[order[j] + 1] = true;
			order[n++] = order[j];
		}
	move_directions(t, order, n, lookups, others, true);
	free(in);
	free(order);
}
