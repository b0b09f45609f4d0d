#ifndef TEST_AIR_SEARCH_H
#define TEST_AIR_SEARCH_H
/*
 * Which constraints does a trace need?  Of each constraint of a chip, removed in turn:
 * a row is sought that all the others let pass and that it alone refused.
 *
 * Rows that hold are altered: one cell; two cells that the constraint reads; and
 * along directions that, to first order, change that constraint and nothing else
 * (the constraints' derivatives at the row, reduced by columns; then the true values
 * are looked at).  A row found is of one of these kinds, the last the best:
 *
 *	PROGRAM	preprocessed cells were altered: another program's row
 *	LOOKUP	a lookup refuses it too
 *	OPEN	lookups have their rows, other messages change: it would pass once the
 *		rows that they go to agree
 *	WRITTEN	nothing changes but the value of words that it writes: the trace with
 *		that row in it would pass where the word is overwritten unread (an
 *		overwriting row takes any old value)
 *	FREE	the messages are the same: the trace with that row in it would pass
 *
 * The others, and those with a lookup, are the survivors.  Some follow from one other constraint, which is shown
 * at random rows; of the rest a table says why, and a test fails both where
 * one is not in its table and where one there is no survivor.
 */
#include "air/air.h"
#include "test/tap.h"

#define MAX_ROWS 64		/* of a chip */
#define MAX_PLAIN 12		/* of them, with the Booleans of one before */
#define SEARCH_VALUES 128

#define ZERO UINT32_MAX
#define LINEAR 2
/* Chips of more cells have fewer rows, which are not mended. */
#define NARROW 200
#define MIDDLE 300
#define MIDDLE_ROWS 24
#define WIDE_ROWS 3
#define TRIES 360

enum found { NONE, PROGRAM, LOOKUP, OPEN, WRITTEN, FREE, FOUND_COUNT };

/* A survivor, of those that follow from no other one. */
struct known {
	const char *chip;
	unsigned first, last;		/* constraints */
	const char *why;
};
/* How many constraints are 0 at every row, as the stock chips have them. */
struct zeros { const char *chip; unsigned n; };

/* Rows that are hard to come by: cells to set, or to add to, in a row where `of` is
 * 1; in a row of zeros, and public values of zeros, where it is NULL. */
#define WITNESS_CELLS 16
struct witness {
	const char *chip, *of;
	struct witness_cell { const char *cell; uint32_t value; bool add; }
	    set[WITNESS_CELLS];
};

/* main: main cells, then preprocessed ones; or public values. */
struct sample { kb *main, *pv; };
struct subject {
	const struct air_chip *chip;
	bool of_public;			/* the public values, as a chip without columns */
	const void *own;		/* the test's */
	const struct known *known;	/* ends with a NULL chip */
	unsigned width;			/* of a row */
	unsigned cells;			/* the first of them: those of a trace */
	unsigned nrows;
	struct sample row[MAX_ROWS];
	size_t plain;			/* rows offered that are like one before */
	uint64_t booleans[MAX_ROWS];	/* of the rows, a hash */
	bool *boolean;			/* cells that a constraint reads alone */
	/* Of each constraint: the first that is a multiple of it at every row, itself
	 * mostly, or ZERO where it is 0 at every row.  Copies are removed together. */
	uint32_t *first;
	uint8_t *found;			/* an enum found of each first */
	uint8_t *reads;			/* [constraint][cell]: does it? LINEAR: so */
	uint32_t *gives, *turn;		/* see find_givers() */
	unsigned nturns;
	unsigned nzero, ncopies;
	unsigned left;			/* firsts that are less than WRITTEN */
};


/* Each chip has its own, so that threads change nothing. */
static _Thread_local uint64_t seed = 4;

static uint64_t
rnd(void)
{
	uint64_t z = seed += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static kb
rnd_kb(void)
{
	return kb_from((uint32_t)(rnd() % KB_P));
}

static void
random_cells(kb *cell, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		cell[i] = rnd_kb();
}

static void *
get(size_t n, size_t size)
{
	void *p = calloc(n + 1, size);

	must(p);
	return p;
}

/* A row's constraints, in order. */
static void
eval(const struct subject *s, const kb *row, const kb *pv, kb *value)
{
	const struct air_chip *c = s->chip;

	if (s->of_public)
		air_eval_row(c, NULL, NULL, row, value);
	else
		air_eval_row(c, row, row + c->main_width, pv, value);
}

static kb
affine(const struct air_chip *c, const struct air_affine *f, const kb *row)
{
	return air_affine_row(f, c->main_width, row, row + c->main_width);
}

static bool
narrow(const struct subject *s)
{
	return s->width <= NARROW && !s->of_public;
}

static const struct known *
known_of(const struct subject *s, unsigned k)
{
	for (const struct known *w = s->known; w && w->chip; w++)
		if (!strcmp(w->chip, s->chip->name) && w->first <= k &&
		    k <= w->last)
			return w;
	return NULL;
}

/* ---- is a row one that all but one constraint let pass? ---- */

static bool
lookup_holds(const kb *k)
{
	uint32_t v[4];

	for (int i = 0; i < 4; i++)
		v[i] = kb_to(k[i]);
	if (v[0] == AIR_OP_RANGE)
		return v[2] <= 16 && v[1] < 1u << v[2] && v[3] == 0;
	if (v[2] > 255 || v[3] > 255)
		return false;
	switch (v[0]) {
	case AIR_OP_AND: return v[1] == (v[2] & v[3]);
	case AIR_OP_OR: return v[1] == (v[2] | v[3]);
	case AIR_OP_XOR: return v[1] == (v[2] ^ v[3]);
	case AIR_OP_U8RANGE: return v[1] == 0;
	case AIR_OP_LTU: return v[1] == (v[2] < v[3]);
	case AIR_OP_MSB: return v[1] == v[2] >> 7 && v[3] == 0;
	}
	return false;
}

/* Has a message changed, and in more than the value of a word that is written? */
static enum found
message_kind(const struct air_chip *c, const struct air_interaction *x,
    const kb *before, const kb *after)
{
	kb m = affine(c, &x->mult, after), old = affine(c, &x->mult, before);
	bool written = x->kind == AIR_MEMORY && !x->send && x->nvalues == 9;
	enum found kind = FREE;
	kb v[SEARCH_VALUES], w;

	must(x->nvalues <= SEARCH_VALUES);
	for (unsigned k = 0; m.v && k < x->nvalues; k++) {
		v[k] = affine(c, &x->value[k], after);
		w = affine(c, &x->value[k], before);
		if (v[k].v == w.v)
			continue;
		kind = written && k >= 5 && kb_to(v[k]) < 65536 &&
		    kind == FREE ? WRITTEN : kind;
		if (!written || k < 5 || kb_to(v[k]) >= 65536)
			kind = OPEN;
	}
	if (x->kind == AIR_BYTE)
		return m.v && !lookup_holds(v) ? LOOKUP : FREE;
	return m.v == old.v ? kind : OPEN;
}

/* Of an altered row whose constraints hold but for one. */
static enum found
kind_of(const struct subject *s, const kb *before, const kb *after)
{
	const struct air_chip *c = s->chip;
	enum found least = FREE;

	for (unsigned i = 0; i < c->nsends + c->nreceives; i++) {
		enum found kind = message_kind(c, &c->interaction[i], before,
		    after);

		least = kind < least ? kind : least;
	}
	if (memcmp(before + s->cells, after + s->cells,
	    (s->width - s->cells) * sizeof *after))
		least = PROGRAM;
	return least;
}

/* Notes what the altered row shows. */
static void
look(struct subject *s, const struct sample *r, const kb *altered, kb *value)
{
	unsigned n = 0, at = 0;
	enum found kind;

	eval(s, altered, r->pv, value);
	for (unsigned i = 0; i < s->chip->nconstraints && n < 2; i++)
		if (value[i].v && (n == 0 || s->first[i] != at)) {
			n++;
			at = s->first[i];
		}
	if (n != 1 || s->found[at] >= WRITTEN)
		return;
	kind = kind_of(s, r->main, altered);
	if (kind > s->found[at]) {
		s->found[at] = kind;
		s->left -= kind >= WRITTEN;
	}
}

/* Which constraints are the same, by their values at two random rows. */
static void
find_copies(struct subject *s)
{
	const struct air_chip *c = s->chip;
	kb *row = get(s->width, sizeof *row), *value[2];
	kb pv[AIR_PUBLIC_VALUES];

	for (int i = 0; i < 2; i++) {
		random_cells(row, s->width);
		random_cells(pv, AIR_PUBLIC_VALUES);
		value[i] = get(c->nconstraints, sizeof **value);
		eval(s, row, pv, value[i]);
	}
	for (unsigned k = 0; k < c->nconstraints; k++) {
		unsigned i = 0;

		while (i < k && (s->first[i] == ZERO ||
		    kb_mul(value[0][i], value[1][k]).v !=
		    kb_mul(value[1][i], value[0][k]).v))
			i++;
		s->first[k] = value[0][k].v ? i : ZERO;
		s->nzero += s->first[k] == ZERO;
		s->ncopies += value[0][k].v && i < k;
	}
	s->left = c->nconstraints - s->nzero - s->ncopies;
	free(row);
	free(value[0]);
	free(value[1]);
}

/* Which cells each constraint reads, at a random row. */
static void
find_cells(struct subject *s)
{
	const struct air_chip *c = s->chip;
	kb *row = get(s->width, sizeof *row);
	kb *before = get(c->nconstraints, sizeof *before);
	kb *after = get(c->nconstraints, sizeof *after);
	kb *twice = get(c->nconstraints, sizeof *twice);
	kb pv[AIR_PUBLIC_VALUES];

	random_cells(pv, AIR_PUBLIC_VALUES);
	s->reads = get((size_t)c->nconstraints * s->width, 1);
	random_cells(row, s->width);
	eval(s, row, pv, before);
	for (unsigned j = 0; j < s->width; j++) {
		kb old = row[j];

		row[j] = kb_add(old, KB_ONE);
		eval(s, row, pv, after);
		row[j] = kb_add(row[j], KB_ONE);
		eval(s, row, pv, twice);
		row[j] = old;
		for (unsigned k = 0; k < c->nconstraints; k++)
			s->reads[(size_t)k * s->width + j] =
			    before[k].v == after[k].v ? 0 :
			    kb_sub(twice[k], after[k]).v ==
			    kb_sub(after[k], before[k]).v ? LINEAR : 1;
	}
	free(row);
	free(before);
	free(after);
	free(twice);
}

/* The cells, of the first `of`, that constraint k reads. */
static unsigned
cells_of(const struct subject *s, unsigned k, unsigned of, uint32_t *cell,
    unsigned max)
{
	unsigned n = 0;

	for (unsigned j = 0; j < of && n < max; j++)
		if (s->reads[(size_t)k * s->width + j])
			cell[n++] = j;
	return n;
}

/* Does constraint k read all that j reads? */
static bool
reads_all(const struct subject *s, unsigned k, unsigned j)
{
	const uint8_t *a = s->reads + (size_t)k * s->width;
	const uint8_t *b = s->reads + (size_t)j * s->width;

	for (unsigned i = 0; i < s->width; i++)
		if (b[i] && !a[i])
			return false;
	return true;
}

/* ---- one cell, two cells ---- */

static kb
add_int(kb x, int32_t k)
{
	return kb_add(x, kb_from(k < 0 ? KB_P - (uint32_t)-k : (uint32_t)k));
}

/* 2^16 * 32512 is -1, and 2^8 * 8323072: carries that are no bits. */
static kb
variant(kb old, unsigned i)
{
	static const int32_t step[] = {1, -1, 2, 256, -256, 65536, -65536,
		32512, -32512, 8323072, -8323072};

	if (i < 11)
		return add_int(old, step[i]);
	if (i < 14)
		return kb_from(i - 11);
	return i == 14 ? kb_from((uint32_t)(rnd() % 65536)) : rnd_kb();
}
#define VARIANTS 16

static void
one_cell(struct subject *s, const struct sample *r, kb *row, kb *value)
{
	for (unsigned j = 0; j < s->width; j++) {
		for (unsigned i = 0; i < VARIANTS; i++) {
			row[j] = variant(r->main[j], i);
			if (row[j].v != r->main[j].v)
				look(s, r, row, value);
		}
		row[j] = r->main[j];
	}
}

static void
two_cells(struct subject *s, const struct sample *r, kb *row, kb *value)
{
	uint32_t cell[16];

	for (unsigned k = 0; k < s->chip->nconstraints; k++) {
		unsigned n = s->found[k] || s->first[k] != k ? 0 :
		    cells_of(s, k, s->width, cell, 16);

		for (unsigned a = 0; a < n; a++)
			for (unsigned b = 0; b < a; b++)
				for (unsigned i = 0; i < 36; i++) {
					uint32_t x = cell[a], y = cell[b];

					row[x] = variant(r->main[x], 10 + i % 6);
					row[y] = variant(r->main[y], 10 + i / 6);
					look(s, r, row, value);
					row[x] = r->main[x];
					row[y] = r->main[y];
				}
	}
}

/* ---- directions ---- */

/* Columns: a cell each; rows: derivatives that must vanish, then the combination of
 * cells that the column has become. */
struct matrix {
	unsigned n, m, height;		/* height = m + n */
	unsigned ncells;
	kb *cell;			/* column after column */
	uint32_t *index;		/* scratch: entries that are not 0 */
	int32_t *pivot;			/* of each column: its row, or -1 */
};

static kb *
column(const struct matrix *a, unsigned j)
{
	return a->cell + (size_t)j * a->height;
}

/* The constraints' derivatives at the row: they are of degree 3 at most. */
static void
derivatives(const struct subject *s, struct matrix *a, const kb *pv, kb *row)
{
	const struct air_chip *c = s->chip;
	static const int32_t step[3] = {1, -1, 2};
	kb half = kb_inv(kb_from(2)), sixth = kb_inv(kb_from(6));
	kb *f[4];

	for (int k = 0; k < 4; k++)
		f[k] = get(c->nconstraints, sizeof **f);
	eval(s, row, pv, f[3]);
	for (unsigned j = 0; j < s->cells; j++) {
		kb old = row[j];

		for (int k = 0; k < 3; k++) {
			row[j] = kb_add(old, kb_from(step[k] < 0 ?
			    KB_P - 1 : (uint32_t)step[k]));
			eval(s, row, pv, f[k]);
		}
		row[j] = old;
		for (unsigned i = 0; i < c->nconstraints; i++) {
			kb odd = kb_sub(f[0][i], f[1][i]);
			kb even = kb_add(f[0][i], f[1][i]), cube;

			/* f(x) = d + a x + b x^2 + c x^3: odd = 2a + 2c,
			 * even = 2d + 2b, f(2) = d + 2a + 4b + 8c */
			cube = kb_sub(f[2][i], kb_add(even, even));
			for (int k = 0; k < 3; k++)
				cube = kb_add(cube, f[3][i]);
			cube = kb_mul(kb_sub(cube, odd), sixth);
			column(a, j)[i] = kb_sub(kb_mul(odd, half), cube);
		}
	}
	for (int k = 0; k < 4; k++)
		free(f[k]);
}

static unsigned
add_affine(struct matrix *a, unsigned at, const struct air_affine *f)
{
	for (uint32_t i = 0; a->cell && i < f->n; i++)
		if (f->term[i].col < a->ncells)
			column(a, f->term[i].col)[at] = f->term[i].coeff;
	return at + 1;
}

/* Interactions that must stay: lookups, or others.  Returns the rows. */
static unsigned
add_messages(struct matrix *a, const struct air_chip *c, const kb *row,
    bool lookups, bool others)
{
	unsigned at = c->nconstraints;

	for (unsigned i = 0; i < c->nsends + c->nreceives; i++) {
		const struct air_interaction *x = &c->interaction[i];

		if (x->kind == AIR_BYTE ? !lookups : !others)
			continue;
		at = add_affine(a, at, &x->mult);
		if (!affine(c, &x->mult, row).v)
			continue;
		for (unsigned k = 0; k < x->nvalues; k++)
			at = add_affine(a, at, &x->value[k]);
	}
	return at;
}

static void
eliminate(struct matrix *a, unsigned row, unsigned j)
{
	kb *p = column(a, j), inverse = kb_inv(p[row]);
	unsigned n = 0;

	for (unsigned i = 0; i < a->height; i++)
		if (p[i].v) {
			p[i] = kb_mul(p[i], inverse);
			a->index[n++] = i;
		}
	for (unsigned k = 0; k < a->n; k++) {
		kb *q = column(a, k), by = q[row];

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
	const kb *p = column(a, j);
	unsigned n = 0;

	for (unsigned i = 0; i < a->height; i++)
		n += p[i].v != 0;
	return n;
}

/* Reduced column echelon form. */
static void
reduce(struct matrix *a)
{
	for (unsigned row = 0; row < a->m; row++) {
		unsigned best = a->n, least = UINT32_MAX;

		for (unsigned j = 0; j < a->n; j++) {
			unsigned n;

			if (a->pivot[j] >= 0 || !column(a, j)[row].v)
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

/* Along a column whose only derivative is that of one constraint. */
static void
follow(struct subject *s, const struct sample *r, const struct matrix *a,
    unsigned j, kb *row, kb *value)
{
	const kb *d = column(a, j) + a->m;

	for (unsigned i = 0; i < 40; i++) {
		kb t = i < 30 ? kb_from(i / 2 + 1) : i < 36 ?
		    kb_from(1u << (i - 29) * 4) : rnd_kb();

		if (i < 30 && i % 2)
			t = kb_neg(t);
		for (unsigned k = 0; k < a->n; k++)
			row[k] = kb_add(r->main[k], kb_mul(t, d[k]));
		look(s, r, row, value);
	}
	memcpy(row, r->main, a->n * sizeof *row);
}

static void
directions(struct subject *s, const struct sample *r, bool lookups,
    bool others, kb *row, kb *value)
{
	const struct air_chip *c = s->chip;
	struct matrix a = {.n = s->cells, .ncells = s->cells};

	a.m = add_messages(&a, c, row, lookups, others);
	a.height = a.m + a.n;
	a.cell = get((size_t)a.n * a.height, sizeof *a.cell);
	a.index = get(a.height, sizeof *a.index);
	a.pivot = get(a.n, sizeof *a.pivot);
	derivatives(s, &a, r->pv, row);
	add_messages(&a, c, row, lookups, others);
	for (unsigned j = 0; j < a.n; j++) {
		a.pivot[j] = -1;
		column(&a, j)[a.m + j] = KB_ONE;
	}
	reduce(&a);
	for (unsigned j = 0; j < a.n; j++) {
		bool only = a.pivot[j] >= 0 &&
		    a.pivot[j] < (int32_t)c->nconstraints;
		uint32_t k = only ? s->first[a.pivot[j]] : 0;

		for (unsigned i = 0; i < a.m && only; i++)
			only = !column(&a, j)[i].v ||
			    (i < c->nconstraints && s->first[i] == k);
		if (only && s->found[k] < WRITTEN)
			follow(s, r, &a, j, row, value);
	}
	free(a.cell);
	free(a.index);
	free(a.pivot);
}

/* ---- one constraint broken, the others mended ---- */

/* One step of Newton's for all constraints but those like k, where the cells in
 * fixed[] stay (and lookups): exact where they are linear in the rest. */
static bool
mend(struct subject *s, const struct sample *r, unsigned k, bool lookups,
    const bool *fixed, kb *row, kb *value)
{
	const struct air_chip *c = s->chip;
	struct matrix a = {.n = s->cells + 1, .ncells = s->cells};
	bool good = true;

	a.m = add_messages(&a, c, r->main, lookups, false);
	a.height = a.m + a.n;
	a.cell = get((size_t)a.n * a.height, sizeof *a.cell);
	a.index = get(a.height, sizeof *a.index);
	a.pivot = get(a.n, sizeof *a.pivot);
	derivatives(s, &a, r->pv, row);
	add_messages(&a, c, r->main, lookups, false);
	eval(s, row, r->pv, value);
	for (unsigned j = 0; j < a.n; j++) {
		kb *p = column(&a, j);

		a.pivot[j] = j + 1 < a.n && !fixed[j] ? -1 : 0;
		if (j + 1 == a.n)
			memcpy(p, value, c->nconstraints * sizeof *p);
		else if (fixed[j])
			memset(p, 0, a.m * sizeof *p);
		else
			p[a.m + j] = KB_ONE;
		for (unsigned i = 0; i < c->nconstraints; i++)
			if (s->first[i] == k)
				p[i] = (kb){0};
	}
	reduce(&a);
	for (unsigned i = 0; i < c->nconstraints; i++)
		good = good && !column(&a, a.n - 1)[i].v;
	for (unsigned j = 0; good && j + 1 < a.n; j++)
		row[j] = kb_add(row[j], column(&a, a.n - 1)[a.m + j]);
	free(a.cell);
	free(a.index);
	free(a.pivot);
	return good;
}

/* Its own cells that are altered first, one at least, and others near. */
struct near { uint32_t cell[256]; unsigned own, all; };

static void
broken(struct subject *s, const struct sample *r, unsigned k,
    const struct near *near, unsigned try, kb *row, kb *value)
{
	bool *fixed = get(s->width, sizeof *fixed);
	unsigned n = 1 + try / 3 % 4;

	/* Lookups stay; or most cells do; or none. */
	for (unsigned j = 0; try % 3 == 1 && j < s->cells; j++)
		fixed[j] = rnd() % 8 < 5;
	for (unsigned i = 0; i < n; i++) {
		uint32_t j = near->cell[rnd() % (i ? near->all : near->own)];

		row[j] = rnd() % 2 && kb_to(row[j]) < 2 ?
		    kb_sub(KB_ONE, row[j]) :
		    variant(r->main[j], rnd() % VARIANTS);
		fixed[j] = true;
	}
	eval(s, row, r->pv, value);
	for (unsigned i = 0; i < 3 && value[k].v; i++) {
		if (!mend(s, r, k, try % 3 == 0, fixed, row, value))
			break;
		look(s, r, row, value);
		eval(s, row, r->pv, value);
	}
	memcpy(row, r->main, s->width * sizeof *row);
	free(fixed);
}

/* A cell of its own, and one near, by a carry that is no bit. */
static void
carried(struct subject *s, const struct sample *r, const struct near *near,
    kb *row, kb *value)
{
	for (unsigned a = 0; a < near->own; a++)
		for (unsigned b = 0; b < near->all; b++)
			for (int i = 0; i < 8 && near->cell[a] !=
			    near->cell[b]; i++) {
				uint32_t x = near->cell[a], y = near->cell[b];

				row[x] = add_int(row[x], i & 1 ? 1 : -1);
				row[y] = add_int(row[y], (i & 2 ? 1 : -1) *
				    (i & 4 ? 32512 : 8323072));
				look(s, r, row, value);
				row[x] = r->main[x];
				row[y] = r->main[y];
			}
}

/* Cells of the constraints that read one of its own. */
static unsigned
neighbours(const struct subject *s, unsigned k, uint32_t *cell, unsigned own,
    unsigned max)
{
	unsigned n = own;

	for (unsigned i = 0; i < s->chip->nconstraints; i++) {
		uint32_t other[16];
		unsigned m = 0, h = 0;
		bool shared = false;

		if (s->first[i] == i && i != k)
			m = cells_of(s, i, s->cells, other, 16);
		for (h = 0; h < m * own && !shared; h++)
			shared = other[h / own] == cell[h % own];
		for (h = 0; h < m && shared && n < max; h++)
			cell[n++] = other[h];
	}
	return n;
}

/* Of wide chips: a cell of a constraint, and one of the next. */
static void
carries(struct subject *s, const struct sample *r, kb *row, kb *value)
{
	struct near near;

	for (unsigned k = 0; k + 1 < s->chip->nconstraints; k++) {
		if (s->first[k] != k || s->found[k] > LOOKUP)
			continue;
		near.own = cells_of(s, k, s->cells, near.cell, 24);
		if (near.own == 24)
			continue;
		near.all = near.own + cells_of(s, k + 1, s->cells,
		    near.cell + near.own, 24);
		carried(s, r, &near, row, value);
	}
}

static void
mended(struct subject *s, const struct sample *r, unsigned tries, kb *row,
    kb *value)
{
	struct near near;

	for (unsigned k = 0; k < s->chip->nconstraints; k++) {
		if (s->first[k] != k || s->found[k] > LOOKUP)
			continue;
		if (known_of(s, k) && r > s->row + 2)
			continue;
		near.own = cells_of(s, k, s->cells, near.cell, 64);
		near.all = near.own ?
		    neighbours(s, k, near.cell, near.own, 256) : 0;
		carried(s, r, &near, row, value);
		for (unsigned t = 0; t < tries && near.own &&
		    s->found[k] <= LOOKUP; t++)
			broken(s, r, k, &near, t, row, value);
	}
}

/* ---- one constraint broken, what is computed from it computed again ---- */

/* Which cell each constraint gives, of those that it is linear in, as one that no
 * other reads but those that are given later: s->turn has these constraints, what is
 * given first first.  Constraints of one cell give none. */
static void
find_givers(struct subject *s)
{
	unsigned n = s->chip->nconstraints, left = 0;
	unsigned *readers = get(s->cells, sizeof *readers);
	bool *gone = get(n, sizeof *gone), more = true;
	uint32_t cell[2], *last = get(n, sizeof *last);

	s->gives = get(n, sizeof *s->gives);
	s->turn = get(n, sizeof *s->turn);
	for (unsigned k = 0; k < n; k++) {
		s->gives[k] = ZERO;
		gone[k] = s->first[k] != k ||
		    cells_of(s, k, s->cells, cell, 2) < 2;
		for (unsigned j = 0; j < s->cells && !gone[k]; j++)
			readers[j] += s->reads[(size_t)k * s->width + j] != 0;
	}
	while (more) {
		more = false;
		for (unsigned k = 0; k < n; k++) {
			const uint8_t *r = s->reads + (size_t)k * s->width;
			unsigned j = 0;

			while (j < s->cells && !(r[j] == LINEAR &&
			    readers[j] == 1))
				j++;
			if (gone[k] || j == s->cells)
				continue;
			s->gives[k] = j;
			last[left++] = k;
			more = gone[k] = true;
			for (j = 0; j < s->cells; j++)
				readers[j] -= r[j] != 0;
		}
	}
	for (unsigned i = 0; i < left; i++)
		s->turn[i] = last[left - 1 - i];
	s->nturns = left;
	free(readers);
	free(gone);
	free(last);
}

/* Constraint j is made 0 by the cell that it gives. */
static bool
give(const struct subject *s, unsigned j, const kb *pv, kb *row, kb *value)
{
	kb *cell = row + s->gives[j], old = *cell, before = value[j], slope;

	*cell = kb_add(old, KB_ONE);
	eval(s, row, pv, value);
	slope = kb_sub(value[j], before);
	if (slope.v)
		*cell = kb_sub(old, kb_mul(before, kb_inv(slope)));
	eval(s, row, pv, value);
	return !value[j].v;
}

static void
compute_again(struct subject *s, const struct sample *r, unsigned k,
    unsigned from, kb x, kb *row, kb *value)
{
	bool good = true;

	row[from] = x;
	eval(s, row, r->pv, value);
	for (unsigned i = 0; i < s->nturns && good; i++) {
		unsigned j = s->turn[i];

		if (j != k && s->gives[j] != from && value[j].v)
			good = give(s, j, r->pv, row, value);
	}
	if (good)
		look(s, r, row, value);
	memcpy(row, r->main, s->width * sizeof *row);
}

static void
computed(struct subject *s, const struct sample *r, kb *row, kb *value)
{
	uint32_t cell[64];

	for (unsigned k = 0; k < s->chip->nconstraints; k++) {
		unsigned n = s->first[k] != k || s->found[k] > LOOKUP ? 0 :
		    cells_of(s, k, s->cells, cell, 64);

		if (n && s->gives[k] != ZERO) {
			cell[0] = s->gives[k];
			n = 1;
		}
		for (unsigned i = 0; i < n && i < 4; i++) {
			uint32_t j = cell[i];

			compute_again(s, r, k, j, add_int(row[j], 1), row,
			    value);
			compute_again(s, r, k, j, add_int(row[j], -1), row,
			    value);
		}
	}
}

/* ---- rows made by hand ---- */

static unsigned
cell_by_name(const struct subject *s, const char *name)
{
	char is[200];
	unsigned j = 0;

	for (; j < s->cells; j++) {
		air_column_name(s->chip, j, is, sizeof is);
		if (!strcmp(is, name))
			break;
	}
	must(j < s->cells);
	return j;
}

static void
witness_row(struct subject *s, const struct witness *w, const struct sample *r)
{
	kb *row = get(s->width, sizeof *row);
	kb *value = get(s->chip->nconstraints, sizeof *value);

	memcpy(row, r->main, s->width * sizeof *row);
	for (unsigned i = 0; i < WITNESS_CELLS && w->set[i].cell; i++) {
		kb *cell = row + cell_by_name(s, w->set[i].cell);
		kb x = kb_from(w->set[i].value);

		*cell = w->set[i].add ? kb_add(*cell, x) : x;
	}
	look(s, r, row, value);
	free(row);
	free(value);
}

static void
witness(struct subject *s, const struct witness *w)
{
	kb pv[AIR_PUBLIC_VALUES] = {{0}};
	struct sample zeros = {get(s->width, sizeof(kb)), pv};

	if (!w->of)
		witness_row(s, w, &zeros);
	for (unsigned i = 0; w->of && i < s->nrows; i++)
		if (kb_to(s->row[i].main[cell_by_name(s, w->of)]) == 1)
			witness_row(s, w, &s->row[i]);
	free(zeros.main);
}

static void
alter(struct subject *s, const struct sample *r)
{
	kb *row = get(s->width, sizeof *row);
	kb *value = get(s->chip->nconstraints, sizeof *value);

	memcpy(row, r->main, s->width * sizeof *row);
	one_cell(s, r, row, value);
	for (unsigned i = 0; i < 4 && s->left; i++)
		directions(s, r, i % 2 == 0, i / 2 == 0, row, value);
	if (narrow(s)) {
		two_cells(s, r, row, value);
		mended(s, r, TRIES, row, value);
	} else {
		carries(s, r, row, value);
	}
	computed(s, r, row, value);
	free(row);
	free(value);
}

/* ---- constraints that follow from one other ---- */

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

/* Where a polynomial is 0, of which the values at 0, 1, 2 and 3 are given: of degree 1
 * or 2, with roots; else none. */
static unsigned
find_roots(kb root[static 2], const kb f[static 4])
{
	kb d1 = kb_sub(f[1], f[0]), d2 = kb_sub(f[2], f[1]);
	kb d3 = kb_sub(f[3], f[2]), half = kb_inv(kb_from(2)), a, b, s;

	if (kb_sub(d3, d2).v != kb_sub(d2, d1).v)
		return 0;
	a = kb_mul(kb_sub(d2, d1), half);
	b = kb_sub(d1, a);
	if (!a.v) {
		if (b.v)
			*root = kb_neg(kb_mul(f[0], kb_inv(b)));
		return b.v != 0;
	}
	s = kb_sub(kb_mul(b, b), kb_mul(kb_from(4), kb_mul(a, f[0])));
	if (!square_root(&s, s))
		return 0;
	a = kb_inv(kb_add(a, a));
	root[0] = kb_mul(kb_sub(s, b), a);
	root[1] = kb_neg(kb_mul(kb_add(s, b), a));
	return 2;
}

/* Where constraint j is 0 by this cell, the others as in row, is k?  1: it is, 0: not,
 * -1: no such place. */
static int
follows_at(const struct subject *s, unsigned k, unsigned j, unsigned cell,
    const kb *pv, kb *row, kb *value)
{
	kb f[4], root[2];
	unsigned n;

	for (uint32_t i = 0; i < 4; i++) {
		row[cell] = kb_from(i);
		eval(s, row, pv, value);
		f[i] = value[j];
	}
	n = find_roots(root, f);
	for (unsigned i = 0; i < n; i++) {
		row[cell] = root[i];
		eval(s, row, pv, value);
		must(!value[j].v);
		if (value[k].v)
			return 0;
	}
	return n ? 1 : -1;
}

/* At random rows with constraint j at 0 by each of its cells, two of each, with all
 * roots, so that no factor of it is left out: is k 0 there? */
static bool
follows(const struct subject *s, unsigned k, unsigned j, kb *row, kb *value)
{
	kb pv[AIR_PUBLIC_VALUES];
	uint32_t cell[64];
	unsigned n = cells_of(s, j, s->width, cell, 64);

	if (n == 64)
		return false;
	for (unsigned i = 0; i < n; i++) {
		unsigned good = 0;

		for (unsigned try = 0; try < 20 && good < 2; try++) {
			int got;

			random_cells(row, s->width);
			random_cells(pv, AIR_PUBLIC_VALUES);
			got = follows_at(s, k, j, cell[i], pv, row, value);
			if (!got)
				return false;
			good += got > 0;
		}
		if (good < 2)
			return false;
	}
	return n > 0;
}

/* Another constraint such that, where it is 0, constraint k is; or -1. */
static int
follows_from(const struct subject *s, unsigned k)
{
	kb *row = get(s->width, sizeof *row);
	kb *value = get(s->chip->nconstraints, sizeof *value);
	int from = -1;

	for (unsigned j = 0; j < s->chip->nconstraints && from < 0; j++)
		if (s->first[j] == j && j != k && reads_all(s, k, j) &&
		    follows(s, k, j, row, value))
			from = (int)j;
	free(row);
	free(value);
	return from;
}

/* ---- subjects ---- */

static void
find_booleans(struct subject *s)
{
	uint32_t cell[2];

	s->boolean = get(s->width, sizeof *s->boolean);
	for (unsigned k = 0; k < s->chip->nconstraints; k++)
		if (s->first[k] == k &&
		    cells_of(s, k, s->width, cell, 2) == 1)
			s->boolean[cell[0]] = true;
}

/* c: a chip, or a machine's public values. */
static void
subject_init(struct subject *s, const struct air_chip *c,
    const struct known *known, const void *own)
{
	*s = (struct subject){.chip = c, .known = known, .own = own};
	s->of_public = c->main_width + c->prep_width == 0;
	s->cells = s->of_public ? AIR_PUBLIC_VALUES : c->main_width;
	s->width = s->of_public ? AIR_PUBLIC_VALUES :
	    c->main_width + c->prep_width;
	s->first = get(c->nconstraints, sizeof *s->first);
	s->found = get(c->nconstraints, 1);
	find_cells(s);
	find_copies(s);
	find_booleans(s);
	find_givers(s);
}

/* Where a row goes: rows whose Booleans are new are kept, of the others some. */
static unsigned
place(struct subject *s, const kb *row)
{
	uint64_t hash = 1;
	unsigned at;

	for (unsigned j = 0; j < s->width; j++)
		if (s->boolean[j])
			hash = (hash ^ row[j].v) * 0x9e3779b97f4a7c15u;
	for (at = 0; at < s->nrows && s->booleans[at] != hash; at++)
		;
	if (at < s->nrows)
		at = s->plain++ < MAX_PLAIN ? s->nrows : MAX_ROWS;
	if (at < MAX_ROWS)
		s->booleans[at] = hash;
	return at;
}

/* A row that holds: of s->width cells. */
static void
subject_offer(struct subject *s, const kb *row, const kb *pv)
{
	unsigned at = place(s, row);

	if (at == MAX_ROWS)
		return;
	s->nrows++;
	s->row[at].main = get(s->width, sizeof *row);
	s->row[at].pv = get(AIR_PUBLIC_VALUES, sizeof *pv);
	memcpy(s->row[at].main, row, s->width * sizeof *row);
	memcpy(s->row[at].pv, pv, AIR_PUBLIC_VALUES * sizeof *pv);
}

/* Do all constraints hold at the rows offered?  How many do not. */
static unsigned
subject_unsound(const struct subject *s)
{
	kb *value = get(s->chip->nconstraints, sizeof *value);
	unsigned bad = 0;

	for (unsigned i = 0; i < s->nrows; i++) {
		eval(s, s->row[i].main, s->row[i].pv, value);
		for (unsigned k = 0; k < s->chip->nconstraints; k++)
			if (value[k].v) {
				bad++;
				break;
			}
	}
	free(value);
	return bad;
}

static void
subject_search(struct subject *s, const struct witness *w, size_t nwitnesses)
{
	unsigned rows = narrow(s) || s->of_public ? MAX_ROWS :
	    s->width <= MIDDLE ? MIDDLE_ROWS : WIDE_ROWS;

	for (size_t i = 0; i < nwitnesses; i++)
		if (!strcmp(w[i].chip, s->chip->name))
			witness(s, &w[i]);
	for (unsigned i = 0; i < s->nrows && i < rows && s->left; i++)
		alter(s, &s->row[i]);
}

struct tally {
	unsigned constraints, zero, copies, found[FOUND_COUNT], survivors,
	    follow, explained;
};

/* Does no trace of the program need constraint k? */
static bool
survives(const struct subject *s, unsigned k)
{
	uint32_t cell;

	return s->found[k] == NONE || s->found[k] == LOOKUP ||
	    (s->found[k] == PROGRAM && cells_of(s, k, s->cells, &cell, 1));
}

/* One survivor: does it follow from another, or is it known?  Else it is wrong. */
static unsigned
explain(const struct subject *s, unsigned k, bool tell, struct tally *n)
{
	const struct known *why = known_of(s, k);
	int from = follows_from(s, k);

	n->survivors++;
	if (from >= 0)
		n->follow++;
	else if (why)
		n->explained++;
	if (why && from >= 0)
		diag("%s: constraint %u is in the table, but follows from %d",
		    s->chip->name, k, from);
	else if (!why && from < 0 && tell)
		diag("%s: constraint %u at %s survives%s", s->chip->name, k,
		    s->chip->constraint_at[k], s->found[k] == LOOKUP ?
		    ", with a lookup" : "");
	return (why != NULL) == (from >= 0);
}

/* all: every survivor must be known.  Else they are counted only: where the search is
 * too short, its not finding a row shows nothing. */
static bool
subject_report(const struct subject *s, bool all, unsigned zeros,
    struct tally *sum)
{
	const struct air_chip *c = s->chip;
	struct tally n = {.constraints = c->nconstraints, .zero = s->nzero,
		.copies = s->ncopies};
	unsigned wrong = subject_unsound(s), open = 0;

	for (unsigned k = 0; k < c->nconstraints; k++) {
		bool stale = known_of(s, k) &&
		    (s->first[k] != k || !survives(s, k));

		if (stale && all)
			diag("%s: constraint %u is in the table, but is no "
			    "survivor", c->name, k);
		wrong += stale && all;
		if (s->first[k] != k)
			continue;
		n.found[s->found[k]]++;
		if (survives(s, k))
			open += explain(s, k, all, &n);
	}
	if (all)
		wrong += open + (s->nzero != zeros);
	for (size_t i = 0; i < sizeof n / sizeof(unsigned); i++)
		((unsigned *)sum)[i] += ((unsigned *)&n)[i];
	return ok(wrong == 0, "%s: %u constraints, %u of them 0, %u copies; %u "
	    "free, %u written, %u open, %u with a lookup, %u of a program; of "
	    "%u survivors %u follow from another, %u are explained, of %u nothing "
	    "is known (%u rows)",
	    c->name, n.constraints, n.zero, n.copies, n.found[FREE],
	    n.found[WRITTEN], n.found[OPEN], n.found[LOOKUP],
	    n.found[PROGRAM], n.survivors, n.follow, n.explained,
	    n.survivors - n.follow - n.explained, s->nrows);
}

static void
tally_report(const struct tally *n, unsigned chips)
{
	diag("%u constraints of %u chips, %u of them 0, %u copies; %u free, %u "
	    "written, %u open, %u with a lookup, %u of a program; of %u "
	    "survivors %u follow from another, %u are explained",
	    n->constraints, chips, n->zero, n->copies, n->found[FREE],
	    n->found[WRITTEN], n->found[OPEN], n->found[LOOKUP],
	    n->found[PROGRAM], n->survivors, n->follow, n->explained);
}

#endif
