/*
 * Which constraints does a trace need?  Of each constraint of each chip, removed in turn:
 * a row is sought that all the others let pass and that it alone refused.
 *
 * Rows that hold, of guests' traces, are altered: one cell; two cells that the constraint
 * reads; and along directions that, to first order, change that constraint and
 * nothing else (the constraints' derivatives at the row, reduced by columns; then the
 * true values are looked at).  A row found is of one of these kinds:
 *
 *	FREE	lookups have their rows, and the messages are the same: the trace
 *		with that row in it would pass
 *	OPEN	lookups have their rows, other messages change: it would pass once the
 *		rows that they go to agree
 *	LOOKUP	a lookup refuses it too
 *
 * What is left are the survivors, which no test row needs; the table says why.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "base/par.h"
#include "prover/witness/public_values.h"
#include "prover/witness/shards.h"
#include "test/tap.h"
#include "vm/vm.h"

#define MAX_CHIPS 128
#define MAX_ROWS 64		/* of a chip */
#define MAX_PLAIN 12		/* of them, with the Booleans of one before */
#define MAX_VALUES 128

#define ZERO UINT32_MAX
#define NARROW 200		/* cells; wider chips have fewer rows, which are not mended */
#define WIDE_ROWS 3
#define SMALL 60		/* chips of the short test */
#define TRIES 150

enum found { NONE, LOOKUP, OPEN, FREE };

struct sample { kb *main, *pv; };
struct subject {
	const struct air_chip *chip;
	const struct trace_chip *trace;
	unsigned nrows;
	struct sample row[MAX_ROWS];
	size_t plain;			/* rows offered that are like one before */
	uint64_t booleans[MAX_ROWS];	/* of the rows, a hash */
	bool *boolean;			/* cells that a constraint reads alone */
	/* Of each constraint: the first that is a multiple of it at every row, itself
	 * mostly, or ZERO where it is 0 at every row.  Copies are removed together. */
	uint32_t *first;
	uint8_t *found;			/* an enum found of each first */
	uint8_t *reads;			/* [constraint][cell]: does it? */
	unsigned nzero, ncopies;
	unsigned left;			/* firsts that are not FREE */
};
static struct subject subjects[MAX_CHIPS];
static unsigned nsubjects;

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

static void *
get(size_t n, size_t size)
{
	void *p = calloc(n + 1, size);

	must(p);
	return p;
}

/* ---- what is known ---- */

#define REAL "b = imm_c or op_a_0: (is_real - 1) b is 0, is_real - b a Boolean"
#define REAL_X0 "is_real (op_a_0 - 1) and (is_real - 1) op_a_0 are 0"
#define ONE_FLAG "flags are Booleans, their sum too: so is the sum of some"
#define ZERO_TEST "x is 0 or not, and then result is 1 or 0, by the other two"
#define NUMBER "flag (amount - i) is 0, so that one flag is not, and their sum is 1"

/* Constraints that no test needs.  implied: since the others imply it, which is an
 * error here where a row shows otherwise. */
static const struct known {
	const char *chip;
	unsigned constraint;
	bool implied;
	const char *why;
} known[] = {
	{"Addw", 0, true, REAL},
	{"AluX0", 0, true, REAL_X0},
	{"Bitwise", 3, true, REAL},
	{"Branch", 15, true, ONE_FLAG},
	{"Branch", 17, true, "a flag makes the sum of all 1"},
	{"Jal", 0, true, REAL},
	{"Jalr", 0, true, REAL},
	{"LoadX0", 7, true, REAL_X0},
	{"Lt", 0, true, "where it is not 0, is_real is 1, and is_sltu a Boolean"},
	{"Lt", 1, true, "is_real - is_slt; and is_slt 1 makes is_real 1"},
	{"Lt", 6, true, "a flag makes the sum of both 1"},
	{"Mul", 34, true, "a flag (is_mulh + is_mulhsu) times a Boolean"},
	{"Mul", 35, true, "a flag times a Boolean"},
	{"Mul", 43, true, "b_sign_extend is a multiple of b_msb"},
	{"Mul", 44, true, "c_sign_extend is a multiple of c_msb"},
	{"ShiftLeft", 0, true, REAL},
	{"ShiftLeft", 14, true, NUMBER},
	{"ShiftLeft", 16, true, NUMBER},
	{"ShiftRight", 4, true, REAL},
	{"ShiftRight", 17, true, NUMBER},
	{"ShiftRight", 19, true, NUMBER},
	{"ShiftRight", 38, true, ONE_FLAG},
	{"SyscallInstrs", 2, true, ZERO_TEST},
	{"SyscallInstrs", 19, true, "is_halt is a multiple of is_real"},
	{"SyscallInstrs", 24, true, "is_halt is a product of two Booleans"},
	{"SyscallInstrs", 39, true, ZERO_TEST},
	{"SyscallInstrs", 42, true, ZERO_TEST},
	{"SyscallInstrs", 59, false, "needs a call of COMMIT_DEFERRED_PROOFS, in "
	    "a shard whose public values know of none"},
	{"SyscallInstrs", 60, true, NUMBER}, {"SyscallInstrs", 61, true, NUMBER},
	{"SyscallInstrs", 62, true, NUMBER}, {"SyscallInstrs", 63, true, NUMBER},
	{"SyscallInstrs", 64, true, NUMBER}, {"SyscallInstrs", 65, true, NUMBER},
	{"SyscallInstrs", 66, true, NUMBER}, {"SyscallInstrs", 67, true, NUMBER},
	{"UType", 0, true, REAL},
	{"MemoryGlobalInit", 3, true, ZERO_TEST},
	{"MemoryGlobalInit", 6, true, ZERO_TEST},
	{"MemoryGlobalInit", 9, true, "is_comp is a product of Booleans"},
	{"MemoryGlobalFinalize", 3, true, ZERO_TEST},
	{"MemoryGlobalFinalize", 6, true, ZERO_TEST},
	{"MemoryGlobalFinalize", 9, true, "is_comp is a product of Booleans"},
	{"ShaExtendControl", 4, true, ZERO_TEST},
	{"ShaCompressControl", 4, true, ZERO_TEST},
	{"ShaCompressControl", 9, true, ZERO_TEST},
};

/* Rows that are hard to come by: cells to set in the first row where `of` is 1, in a
 * row of zeros and public values of zeros where it is NULL. */
static const struct witness {
	const char *chip, *of;
	struct { const char *cell; uint32_t value; } set[4];
} witnesses[] = {
	/* no instruction, and it branches, with pc + 4 = pc + imm */
	{"Branch", NULL, {{"is_branching", KB_P - 1},
	    {"adapter.op_c_imm[0]", 4}, {"next_pc[0]", 4}}},
	/* no instruction: BLT -1 times, BGE once */
	{"Branch", NULL, {{"is_blt", KB_P - 1}, {"is_bge", 1}}},
	/* HALT with the code KB_P, for 0 */
	{"SyscallInstrs", "is_halt", {
	    {"adapter.op_b_memory.prev_value[0]", 1},
	    {"adapter.op_b_memory.prev_value[1]", 0x7f00},
	    {"op_b_range_check.most_sig_limb_lt_top_limb.bit", 0}}},
	/* no call, but a COMMIT of which the public values know nothing */
	{"SyscallInstrs", NULL, {{"is_commit.result", 1}}},
};

static const struct known *
known_of(const struct subject *s, unsigned k)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (!strcmp(known[i].chip, s->chip->name) &&
		    known[i].constraint == k)
			return &known[i];
	return NULL;
}

/* ---- is a row one that all but one constraint let pass? ---- */

struct message_set { unsigned n; kb *v; };	/* mult and values of each */

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

/* FREE, OPEN or LOOKUP, of an altered row whose constraints hold but for one. */
static enum found
kind_of(const struct air_chip *c, const kb *before, const kb *after)
{
	enum found kind = FREE;

	for (unsigned i = 0; i < c->nsends + c->nreceives; i++) {
		const struct air_interaction *x = &c->interaction[i];
		kb m = air_affine_row(&x->mult, c->main_width, after, NULL);
		kb old = air_affine_row(&x->mult, c->main_width, before, NULL);
		kb v[MAX_VALUES];
		bool same = m.v == old.v;

		must(x->nvalues <= MAX_VALUES);
		for (unsigned k = 0; m.v && k < x->nvalues; k++) {
			kb w = air_affine_row(&x->value[k], c->main_width,
			    before, NULL);

			v[k] = air_affine_row(&x->value[k], c->main_width,
			    after, NULL);
			same = same && v[k].v == w.v;
		}
		if (x->kind == AIR_BYTE) {
			if (m.v && !lookup_holds(v))
				return LOOKUP;
		} else if (!same) {
			kind = OPEN;
		}
	}
	return kind;
}

/* Notes what the altered row shows. */
static void
look(struct subject *s, const struct sample *r, const kb *altered, kb *value)
{
	const struct air_chip *c = s->chip;
	unsigned n = 0, at = 0;
	enum found kind;

	air_eval_row(c, altered, NULL, r->pv, value);
	for (unsigned i = 0; i < c->nconstraints && n < 2; i++)
		if (value[i].v && (n == 0 || s->first[i] != at)) {
			n++;
			at = s->first[i];
		}
	if (n != 1 || s->found[at] == FREE)
		return;
	kind = kind_of(c, r->main, altered);
	if (kind > s->found[at]) {
		s->found[at] = kind;
		s->left -= kind == FREE;
	}
}

/* Which constraints are the same, by their values at two random rows. */
static void
find_copies(struct subject *s)
{
	const struct air_chip *c = s->chip;
	kb *row = get(c->main_width, sizeof *row), *value[2];
	kb pv[AIR_PUBLIC_VALUES];

	for (int i = 0; i < 2; i++) {
		for (unsigned j = 0; j < c->main_width; j++)
			row[j] = rnd_kb();
		for (unsigned j = 0; j < AIR_PUBLIC_VALUES; j++)
			pv[j] = rnd_kb();
		value[i] = get(c->nconstraints, sizeof **value);
		air_eval_row(c, row, NULL, pv, value[i]);
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
	kb *row = get(c->main_width, sizeof *row);
	kb *before = get(c->nconstraints, sizeof *before);
	kb *after = get(c->nconstraints, sizeof *after);
	static const kb pv[AIR_PUBLIC_VALUES];

	s->reads = get((size_t)c->nconstraints * c->main_width, 1);
	for (unsigned j = 0; j < c->main_width; j++)
		row[j] = rnd_kb();
	air_eval_row(c, row, NULL, pv, before);
	for (unsigned j = 0; j < c->main_width; j++) {
		kb old = row[j];

		row[j] = kb_add(old, KB_ONE);
		air_eval_row(c, row, NULL, pv, after);
		row[j] = old;
		for (unsigned k = 0; k < c->nconstraints; k++)
			s->reads[(size_t)k * c->main_width + j] =
			    before[k].v != after[k].v;
	}
	free(row);
	free(before);
	free(after);
}

static unsigned
cells_of(const struct subject *s, unsigned k, uint32_t *cell, unsigned max)
{
	unsigned n = 0;

	for (unsigned j = 0; j < s->chip->main_width && n < max; j++)
		if (s->reads[(size_t)k * s->chip->main_width + j])
			cell[n++] = j;
	return n;
}

/* Does constraint k read all that j reads? */
static bool
reads_all(const struct subject *s, unsigned k, unsigned j)
{
	const uint8_t *a = s->reads + (size_t)k * s->chip->main_width;
	const uint8_t *b = s->reads + (size_t)j * s->chip->main_width;

	for (unsigned i = 0; i < s->chip->main_width; i++)
		if (b[i] && !a[i])
			return false;
	return true;
}

/* ---- one cell, two cells ---- */

static kb
variant(kb old, unsigned i)
{
	static const int32_t step[] = {1, -1, 2, 256, -256, 65536, -65536};

	if (i < 7)
		return kb_add(old, kb_from(step[i] < 0 ?
		    KB_P - (uint32_t)-step[i] : (uint32_t)step[i]));
	if (i < 10)
		return kb_from(i - 7);
	return i == 10 ? kb_from((uint32_t)(rnd() % 65536)) : rnd_kb();
}
#define VARIANTS 12

static void
one_cell(struct subject *s, const struct sample *r, kb *row, kb *value)
{
	for (unsigned j = 0; j < s->chip->main_width; j++) {
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
		unsigned n = s->found[k] || s->first[k] != k ? 0 : cells_of(s, k, cell, 16);

		for (unsigned a = 0; a < n; a++)
			for (unsigned b = 0; b < a; b++)
				for (unsigned i = 0; i < 36; i++) {
					uint32_t x = cell[a], y = cell[b];

					row[x] = variant(r->main[x], 5 + i % 6);
					row[y] = variant(r->main[y], 5 + i / 6);
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
derivatives(struct matrix *a, const struct air_chip *c, const kb *pv, kb *row)
{
	static const int32_t step[3] = {1, -1, 2};
	kb half = kb_inv(kb_from(2)), sixth = kb_inv(kb_from(6));
	kb *f[4];

	for (int k = 0; k < 4; k++)
		f[k] = get(c->nconstraints, sizeof **f);
	air_eval_row(c, row, NULL, pv, f[3]);
	for (unsigned j = 0; j < c->main_width; j++) {
		kb old = row[j];

		for (int k = 0; k < 3; k++) {
			row[j] = kb_add(old, kb_from(step[k] < 0 ?
			    KB_P - 1 : (uint32_t)step[k]));
			air_eval_row(c, row, NULL, pv, f[k]);
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
		if (!air_affine_row(&x->mult, c->main_width, row, NULL).v)
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
	struct matrix a = {.n = c->main_width};

	a.m = add_messages(&a, c, row, lookups, others);
	a.height = a.m + a.n;
	a.cell = get((size_t)a.n * a.height, sizeof *a.cell);
	a.index = get(a.height, sizeof *a.index);
	a.pivot = get(a.n, sizeof *a.pivot);
	derivatives(&a, c, r->pv, row);
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
		if (only && s->found[k] != FREE)
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
	struct matrix a = {.n = c->main_width + 1};
	bool good = true;

	a.m = add_messages(&a, c, r->main, lookups, false);
	a.height = a.m + a.n;
	a.cell = get((size_t)a.n * a.height, sizeof *a.cell);
	a.index = get(a.height, sizeof *a.index);
	a.pivot = get(a.n, sizeof *a.pivot);
	derivatives(&a, c, r->pv, row);
	add_messages(&a, c, r->main, lookups, false);
	air_eval_row(c, row, NULL, r->pv, value);
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

static void
broken(struct subject *s, const struct sample *r, unsigned k,
    const uint32_t *cell, unsigned nown, unsigned ncells, unsigned try,
    kb *row, kb *value)
{
	const struct air_chip *c = s->chip;
	bool *fixed = get(c->main_width, sizeof *fixed);
	unsigned n = 1 + try % 4;

	memcpy(row, r->main, c->main_width * sizeof *row);
	for (unsigned i = 0; i < n; i++) {
		uint32_t j = cell[rnd() % (i ? ncells : nown)];

		row[j] = rnd() % 2 && kb_to(row[j]) < 2 ?
		    kb_sub(KB_ONE, row[j]) :
		    variant(r->main[j], rnd() % VARIANTS);
		fixed[j] = true;
	}
	air_eval_row(c, row, NULL, r->pv, value);
	for (unsigned i = 0; i < 3 && value[k].v; i++) {
		if (!mend(s, r, k, try % 2 == 0, fixed, row, value))
			break;
		look(s, r, row, value);
		air_eval_row(c, row, NULL, r->pv, value);
	}
	memcpy(row, r->main, c->main_width * sizeof *row);
	free(fixed);
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
			m = cells_of(s, i, other, 16);
		for (h = 0; h < m * own && !shared; h++)
			shared = other[h / own] == cell[h % own];
		for (h = 0; h < m && shared && n < max; h++)
			cell[n++] = other[h];
	}
	return n;
}

static void
mended(struct subject *s, const struct sample *r, unsigned tries, kb *row,
    kb *value)
{
	uint32_t cell[256];

	for (unsigned k = 0; k < s->chip->nconstraints; k++) {
		unsigned own, all;

		if (s->first[k] != k || s->found[k] > LOOKUP)
			continue;
		if (known_of(s, k) && r > s->row + 2)
			continue;
		own = cells_of(s, k, cell, 64);
		all = own ? neighbours(s, k, cell, own, 256) : 0;
		for (unsigned t = 0; t < tries && own && s->found[k] <= LOOKUP;
		    t++)
			broken(s, r, k, cell, own, all, t, row, value);
	}
}

/* ---- rows made by hand ---- */

static unsigned
cell_by_name(const struct air_chip *c, const char *name)
{
	char is[200];
	unsigned j = 0;

	for (; j < c->main_width; j++) {
		air_column_name(c, j, is, sizeof is);
		if (!strcmp(is, name))
			break;
	}
	must(j < c->main_width);
	return j;
}

static void
witness(struct subject *s, const struct witness *w)
{
	const struct air_chip *c = s->chip;
	kb *zeros = get(c->main_width, sizeof *zeros);
	kb *row = get(c->main_width, sizeof *row);
	kb *value = get(c->nconstraints, sizeof *value);
	kb pv[AIR_PUBLIC_VALUES] = {{0}};
	struct sample r = {zeros, pv};

	for (unsigned i = 0; w->of && i < s->nrows; i++)
		if (kb_to(s->row[i].main[cell_by_name(c, w->of)]) == 1)
			r = s->row[i];
	memcpy(row, r.main, c->main_width * sizeof *row);
	for (unsigned i = 0; i < 4 && w->set[i].cell; i++)
		row[cell_by_name(c, w->set[i].cell)] =
		    kb_from(w->set[i].value);
	look(s, &r, row, value);
	free(zeros);
	free(row);
	free(value);
}

static void
alter(struct subject *s, const struct sample *r)
{
	kb *row = get(s->chip->main_width, sizeof *row);
	kb *value = get(s->chip->nconstraints, sizeof *value);

	memcpy(row, r->main, s->chip->main_width * sizeof *row);
	one_cell(s, r, row, value);
	for (unsigned i = 0; i < 4 && s->left; i++)
		directions(s, r, i % 2 == 0, i / 2 == 0, row, value);
	if (s->chip->main_width <= NARROW) {
		two_cells(s, r, row, value);
		mended(s, r, TRIES, row, value);
	}
	free(row);
	free(value);
}

/* ---- constraints that follow from one other ---- */

/* Moves one cell so that constraint j, where it is linear in it, is 0; false: it
 * is not. */
static bool
solve(const struct air_chip *c, unsigned j, unsigned cell, const kb *pv, kb *row,
    kb *value)
{
	kb f[3], old = row[cell], slope;

	for (int i = 0; i < 3; i++) {
		air_eval_row(c, row, NULL, pv, value);
		f[i] = value[j];
		row[cell] = kb_add(row[cell], KB_ONE);
	}
	slope = kb_sub(f[1], f[0]);
	if (!slope.v || slope.v != kb_sub(f[2], f[1]).v) {
		row[cell] = old;
		return false;
	}
	row[cell] = kb_sub(old, kb_mul(f[0], kb_inv(slope)));
	return true;
}

/* Another constraint such that, where it is 0, constraint k is: at random rows moved
 * there, by any of its cells in turn; or -1. */
static int
follows_from(const struct subject *s, unsigned k)
{
	const struct air_chip *c = s->chip;
	kb *row = get(c->main_width, sizeof *row);
	kb *value = get(c->nconstraints, sizeof *value);
	static const kb pv[AIR_PUBLIC_VALUES];
	uint32_t cell[64];
	int from = -1;

	for (unsigned j = 0; j < c->nconstraints && from < 0; j++) {
		unsigned n, moved = 0;
		bool good = s->first[j] == j && j != k && reads_all(s, k, j);

		n = good ? cells_of(s, j, cell, 64) : 0;
		for (unsigned i = 0; i < 2 * n && good; i++) {
			for (unsigned h = 0; h < c->main_width; h++)
				row[h] = rnd_kb();
			if (!solve(c, j, cell[i / 2], pv, row, value))
				continue;
			moved++;
			air_eval_row(c, row, NULL, pv, value);
			good = !value[k].v;
		}
		if (good && moved)
			from = (int)j;
	}
	free(row);
	free(value);
	return from;
}

/* ---- rows ---- */

static void
find_booleans(struct subject *s)
{
	uint32_t cell[2];

	s->boolean = get(s->chip->main_width, sizeof *s->boolean);
	for (unsigned k = 0; k < s->chip->nconstraints; k++)
		if (s->first[k] == k && cells_of(s, k, cell, 2) == 1)
			s->boolean[cell[0]] = true;
}

/* Where the row goes: rows whose Booleans are new are kept, of the others a sample. */
static unsigned
place(struct subject *s, const kb *row)
{
	uint64_t hash = 1;
	unsigned at;

	for (unsigned j = 0; j < s->chip->main_width; j++)
		if (s->boolean[j])
			hash = (hash ^ row[j].v) * 0x9e3779b97f4a7c15u;
	for (at = 0; at < s->nrows && s->booleans[at] != hash; at++)
		;
	if (at == s->nrows)
		at = s->nrows;
	else if (s->plain++ < MAX_PLAIN)
		at = s->nrows;
	else
		at = MAX_ROWS;
	if (at < MAX_ROWS)
		s->booleans[at] = hash;
	return at;
}

static void
offer(struct subject *s, const struct shard_events *e, size_t i, bool real)
{
	size_t width = s->chip->main_width;
	kb *row = get(width, sizeof *row);
	unsigned at;

	if (real)
		s->trace->row(e, i, row);
	else if (s->trace->pad)
		s->trace->pad(e, i, row);
	at = place(s, row);
	if (at == MAX_ROWS) {
		free(row);
		return;
	}
	s->nrows++;
	s->row[at].main = row;
	s->row[at].pv = get(AIR_PUBLIC_VALUES, sizeof *s->row[at].pv);
	memcpy(s->row[at].pv, e->public_values,
	    AIR_PUBLIC_VALUES * sizeof *s->row[at].pv);
}

static void
offer_shard(const struct shard_events *e)
{
	for (unsigned k = 0; k < nsubjects; k++) {
		struct subject *s = &subjects[k];
		size_t n = s->trace->count(e);

		if (n % 32)
			offer(s, e, n, false);
		for (size_t i = 0; i < n && i < 300; i++)
			offer(s, e, n < 300 ? i : rnd() % n, true);
	}
}

static int
to_file(void *ctx, const void *bytes, size_t len)
{
	return write_all(*(int *)ctx, bytes, len, "records", NULL);
}

static bool
run(const char *input, const struct rv_program *p, uint64_t cut, int fd)
{
	struct vm_config c = {.record = to_file, .ctx = &fd,
		.element_threshold = cut};
	char path[128];
	uint8_t *bytes;
	size_t len;
	struct vm *vm;
	struct err e;
	bool good;

	snprintf(path, sizeof path, "test/guest/inputs/%s.bin", input);
	if (read_file(path, 1 << 24, &bytes, &len, &e) < 0) {
		diag("%s", e.msg);
		return false;
	}
	vm = vm_new(p, &c, &e);
	good = vm && !vm_set_input(vm, bytes, len, &e) &&
	    vm_run(vm)->cause == VM_halted;
	if (vm)
		vm_free(vm);
	free(bytes);
	return good && lseek(fd, 0, SEEK_SET) == 0;
}

static void
offer_guest(const char *guest, const char *input, uint64_t cut)
{
	static const uint32_t nonce[4];
	int fd = memfd_create("records", MFD_CLOEXEC), got = -1;
	struct shard_source source = {0};
	struct shard_events s;
	struct rv_program p;
	uint32_t code;
	char path[128];
	struct err e = {0};

	snprintf(path, sizeof path, "test/guest/%s.elf", guest);
	if (rv_load_file(&p, path, &e) == 0 && run(input, &p, cut, fd) &&
	    shards_open(&source, fd, &p, NULL, &e) == 0)
		while ((got = shards_next(&source, &s, &code, &e)) == 1) {
			must(shard_prepare(&s, &e) == 0);
			public_values_fill(&s, nonce);
			offer_shard(&s);
			shard_events_free(&s);
		}
	ok(got == 0, "rows of %s %s%s", guest, input, e.msg);
	shards_close(&source);
	rv_free(&p);
	close(fd);
}

/* ---- ---- */

static void
prepare(bool longer)
{
	const struct air_machine *m = air_machine_riscv();

	for (const struct trace_chip *t = trace_chips; t->name; t++) {
		const struct air_chip *c = air_chip_by_name(m, t->name,
		    strlen(t->name));
		struct subject *s = &subjects[nsubjects];

		must(c && c->prep_width == 0);
		if (c->nconstraints == 0 || (!longer && c->main_width > SMALL))
			continue;
		*s = (struct subject){.chip = c, .trace = t};
		s->first = get(c->nconstraints, sizeof *s->first);
		s->found = get(c->nconstraints, 1);
		find_cells(s);
		find_copies(s);
		find_booleans(s);
		nsubjects++;
	}
}

static void
work(void *ctx, size_t begin, size_t end, unsigned worker)
{
	for (size_t k = begin; k < end; k++) {
		struct subject *s = &subjects[k];

		seed = k;
		for (size_t i = 0; i < sizeof witnesses / sizeof *witnesses; i++)
			if (!strcmp(witnesses[i].chip, s->chip->name))
				witness(s, &witnesses[i]);
		for (unsigned i = 0; i < s->nrows && s->left; i++)
			if (s->chip->main_width <= NARROW || i < WIDE_ROWS)
				alter(s, &s->row[i]);
	}
}

static unsigned sums[9];

/* Survivors of narrow chips must be known; of wide ones they are counted. */
static void
report(struct subject *s)
{
	const struct air_chip *c = s->chip;
	unsigned n[4] = {0}, follow_others = 0, explained = 0, wrong = 0;
	bool narrow = c->main_width <= NARROW;

	for (unsigned k = 0; k < c->nconstraints; k++) {
		const struct known *why = known_of(s, k);

		if (s->first[k] != k)
			continue;
		if (why && why->implied && s->found[k]) {
			diag("%s: constraint %u does not follow", c->name, k);
			wrong++;
		}
		n[s->found[k]]++;
		if (s->found[k])
			continue;
		if (narrow && follows_from(s, k) >= 0) {
			follow_others++;
		} else if (why) {
			explained++;
			diag("%s: constraint %u at %s: %s", c->name, k,
			    c->constraint_at[k], why->why);
		} else if (narrow) {
			wrong++;
			diag("%s: constraint %u at %s survives", c->name, k,
			    c->constraint_at[k]);
		}
	}
	ok(wrong == 0, "%s: %u constraints, %u of them 0, %u copies; %u free, "
	    "%u open, %u with a lookup; of %u survivors %u follow from "
	    "another, %u are explained (%u rows)", c->name, c->nconstraints,
	    s->nzero, s->ncopies, n[FREE], n[OPEN], n[LOOKUP], n[NONE],
	    follow_others, explained, s->nrows);
	for (int i = 0; i < 9; i++)
		sums[i] += (unsigned[]){c->nconstraints, s->nzero, s->ncopies,
		    n[FREE], n[OPEN], n[LOOKUP], n[NONE], follow_others,
		    explained}[i];
}

int
main(void)
{
	bool longer = getenv("CHECK_LONG") != NULL;

	par_start(0);
	prepare(longer);
	offer_guest("isa", "isa-3", 0);
	offer_guest("mem", "mem-1000", 0);
	offer_guest("io", "io", 0);
	offer_guest("fib", "fib-20", 0);
	offer_guest("sha256", "bytes-55", 0);
	offer_guest("keccak256", "bytes-135", 0);
	offer_guest("precompiles", "precompiles", 0);
	offer_guest("mem", "mem-20000", 33554432);	/* has MemoryBump */
	par_for(nsubjects, 1, work, NULL);
	for (unsigned k = 0; k < nsubjects; k++)
		report(&subjects[k]);
	diag("%u constraints of %u chips, %u of them 0, %u copies; %u free, %u "
	    "open, %u with a lookup; of %u survivors %u follow from another, "
	    "%u are explained", sums[0], nsubjects, sums[1], sums[2], sums[3],
	    sums[4], sums[5], sums[6], sums[7], sums[8]);
	return done_testing();
}
