#include "test/lib/air_search.h"

#define TRIES 360
#define WIDE_TRIES 80
#define SPECIAL_TRIES 120
#define ADDED_TRIES 1000
#define PAIR_ROWS 3	/* of wide chips: pairs of cells are many */
#define PAIRS_OF_FLAGS 100

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
witness_row(struct trial *t, const struct witness *w, const struct sample *r)
{
	trial_base(t, r);
	for (unsigned i = 0; i < WITNESS_CELLS && w->set[i].cell; i++) {
		uint32_t cell = cell_by_name(t->s, w->set[i].cell);
		kb x = kb_from(w->set[i].value);

		trial_set(t, cell, w->set[i].add ?
		    kb_add(trial_cell(t, cell), x) : x);
	}
	trial_look(t);
	trial_reset(t);
}

static void
witness(struct trial *t, const struct witness *w)
{
	struct subject *s = t->s;
	kb pv[AIR_PUBLIC_VALUES] = {{0}};
	struct sample zeros = {poly_get(s->width, sizeof(kb)), pv};

	if (!w->of)
		witness_row(t, w, &zeros);
	for (unsigned i = 0; w->of && i < s->nrows; i++)
		if (kb_to(s->row[i].main[cell_by_name(s, w->of)]) == 1)
			witness_row(t, w, &s->row[i]);
	free(zeros.main);
}

/* ---- the search ---- */

/* What is tried of a row: first what is cheap, of all rows. */
enum stage { CELLS, DIRECTIONS, COMPUTED, REPAIRS, PAIRS, STAGES };

static void
all_directions(struct trial *t)
{
	struct subject *s = t->s;
	uint32_t *cell = poly_get(s->cells, sizeof *cell);

	for (unsigned j = 0; j < s->cells; j++)
		cell[j] = j;
	for (unsigned i = 0; i < 4 && s->left && subject_narrow(s); i++)
		move_directions(t, cell, s->cells, i % 2 == 0, i / 2 == 0, false);
	for (unsigned i = 0; i < 2 && s->left && !subject_narrow(s); i++)
		move_exactly(t, i % 2 == 0, false);
	free(cell);
}

static void
one_constraint(struct trial *t, unsigned k, enum stage stage, bool rare)
{
	struct subject *s = t->s;
	unsigned tries = subject_narrow(s) ? TRIES : rare ? SPECIAL_TRIES :
	    WIDE_TRIES;
	struct near near;

	if (stage == COMPUTED)
		repair_computed(t, k);
	if (stage == PAIRS && s->reads[k].n <= 16 && subject_narrow(s))
		move_two_cells(t, k);
	if (stage < REPAIRS)
		return;
	near_find(&near, s, k);
	if (stage == PAIRS && near.own <= 24)
		move_carried(t, near.cell, near.own, near.cell, near.all);
	for (unsigned i = 0; stage == REPAIRS && i < tries && near.own &&
	    s->found[k] <= LOOKUP; i++) {
		if (subject_narrow(s))
			repair_broken(t, k, &near, i);
		repair_one(t, k, &near, i);
	}
}

static void
alter(struct trial *t, const struct sample *r, enum stage stage)
{
	struct subject *s = t->s;
	bool rare = r >= s->special && r < s->special + s->nspecial;
	bool few = rare || r > s->row + 2;

	trial_base(t, r);
	if (stage == CELLS)
		move_one_cell(t);
	if (stage == DIRECTIONS)
		all_directions(t);
	for (unsigned k = 0; k < s->polys.n && stage >= COMPUTED; k++)
		if (s->first[k] == k && s->found[k] <= LOOKUP &&
		    !((few || (stage == PAIRS && !subject_narrow(s))) &&
		    subject_known(s, k)))
			one_constraint(t, k, stage, rare);
}

/* ---- constraints that follow from one other ---- */

/* Does constraint k read all that j reads? */
static bool
reads_all(const struct subject *s, unsigned k, unsigned j)
{
	const struct list *a = &s->reads[k], *b = &s->reads[j];
	unsigned i = 0;

	for (unsigned h = 0; h < b->n; h++) {
		while (i < a->n && a->of[i] < b->of[h])
			i++;
		if (i == a->n || a->of[i] != b->of[h])
			return false;
	}
	return b->n > 0;
}

/* Where constraint j is 0 by this cell, the others as in x, is k?  1: it is, 0: not,
 * -1: no such place. */
static int
follows_at(const struct subject *s, unsigned k, unsigned j, uint32_t cell,
    kb *x)
{
	kb f[4], root[2];
	unsigned n;

	poly_in(&s->polys, j, cell + 1, x, f);
	n = poly_roots(root, f);
	for (unsigned i = 0; i < n; i++) {
		x[cell + 1] = root[i];
		must(!poly_value(&s->polys.of[j], x).v);
		if (poly_value(&s->polys.of[k], x).v)
			return 0;
	}
	return n ? 1 : -1;
}

/* At random rows with constraint j at 0 by each of its cells, two of each, with all
 * roots, so that no factor of it is left out: is k 0 there? */
static bool
follows(const struct subject *s, unsigned k, unsigned j, kb *x)
{
	const struct list *l = &s->reads[j];

	for (unsigned i = 0; i < l->n; i++) {
		unsigned good = 0;

		for (unsigned try = 0; try < 20 && good < 2; try++) {
			int got;

			search_random(x + 1, s->polys.nvars - 1);
			got = follows_at(s, k, j, l->of[i], x);
			if (!got)
				return false;
			good += got > 0;
		}
		if (good < 2)
			return false;
	}
	return l->n > 0;
}

/* Another constraint such that, where it is 0, constraint k is; or -1. */
static int
follows_from(const struct subject *s, unsigned k)
{
	kb *x = poly_get(s->polys.nvars, sizeof *x);
	int from = -1;

	x[0] = KB_ONE;
	for (unsigned j = 0; j < s->polys.n && from < 0; j++)
		if (s->first[j] == j && j != k && reads_all(s, k, j) &&
		    follows(s, k, j, x))
			from = (int)j;
	free(x);
	return from;
}

/* Flags are moved; where there are none, or a lookup fails, what is left is repaired. */
static void
special(struct trial *t, unsigned i)
{
	struct subject *s = t->s;
	const kb *row = s->special[i].main;

	trial_base(t, &s->special[i]);
	if (t->a.nbad) {
		trial_base(t, &s->row[0]);
		for (unsigned j = 0; j < s->width; j++)
			trial_set(t, j, row[j]);
		trial_look(t);
		trial_reset(t);
		return;
	}
	if (s->left && (repair_transfers(t, PAIRS_OF_FLAGS) == 0 || t->nbefore))
		alter(t, &s->special[i], REPAIRS);
}

/* Of what no stage has explained: p added to a number of a special row. */
static void
added(struct trial *t, const struct sample *r)
{
	struct subject *s = t->s;
	struct near near;

	trial_base(t, r);
	for (unsigned k = 0; k < s->polys.n && t->a.nbad == 0; k++) {
		if (s->first[k] != k || s->found[k] > LOOKUP || subject_known(s, k))
			continue;
		near_find(&near, s, k);
		for (unsigned i = 0; i < ADDED_TRIES && near.own &&
		    s->found[k] <= LOOKUP; i++)
			repair_one(t, k, &near, ADD_P);
	}
}

void
subject_search(struct subject *s, const struct witness *w, size_t nwitnesses)
{
	struct trial t;

	search_seed = s->seed;
	trial_init(&t, s);
	for (size_t i = 0; i < nwitnesses; i++)
		if (in_list(s->chip->name, w[i].chips))
			witness(&t, &w[i]);
	for (enum stage g = CELLS; g < STAGES; g++) {
		unsigned rows = g == PAIRS && !subject_narrow(s) && s->nrows > PAIR_ROWS ?
		    PAIR_ROWS : s->nrows;

		for (unsigned i = 0; i < s->nspecial && g == REPAIRS; i++)
			special(&t, i);
		for (unsigned i = 0; i < rows && s->left; i++)
			alter(&t, &s->row[i], g);
	}
	for (unsigned i = 0; i < s->nspecial; i++)
		added(&t, &s->special[i]);
	trial_free(&t);
}

/* Does no trace of the program need constraint k? */
static bool
survives(const struct subject *s, unsigned k)
{
	const struct list *l = &s->reads[k];

	return s->found[k] == NONE || s->found[k] == LOOKUP ||
	    (s->found[k] == PROGRAM && l->n && l->of[0] < s->cells);
}

/* The constraint written out, where it is short. */
static void
write_out(const struct subject *s, unsigned k)
{
	const struct poly *p = &s->polys.of[k];

	for (uint32_t i = 0; i < p->n && p->n <= 24; i++) {
		uint32_t c = kb_to(p->m[i].coeff);
		char name[200];

		printf("%s%s%u", i ? " " : "#\t", c > KB_P / 2 ? "-" : "+",
		    c > KB_P / 2 ? KB_P - c : c);
		for (int h = 0; h < MONO_VARS; h++) {
			uint32_t v = MONO_VAR(p->m[i].key, h);

			if (v && v <= s->cells && !s->of_public) {
				air_column_name(s->chip, v - 1, name,
				    sizeof name);
				printf(" %s", name);
			} else if (v) {
				printf(" v%u", v - 1);
			}
		}
	}
	puts("");
}

/* One survivor: does it follow from another, or is it known?  Else it is wrong. */
static unsigned
explain(const struct subject *s, unsigned k, struct tally *n)
{
	const struct known *why = subject_known(s, k);
	int from = follows_from(s, k);

	n->survivors++;
	if (from >= 0)
		n->follow++;
	else if (why)
		n->explained++;
	if (why && from >= 0)
		diag("%s: constraint %u is in the table, but follows from %d",
		    s->chip->name, k, from);
	else if (!why && from < 0)
		diag("%s: constraint %u at %s survives%s", s->chip->name, k,
		    s->chip->constraint_at[k], s->found[k] == LOOKUP ?
		    ", with a lookup" : "");
	if (!why && from < 0)
		write_out(s, k);
	return (why != NULL) == (from >= 0);
}

bool
subject_report(const struct subject *s, unsigned zeros, struct tally *sum)
{
	const struct air_chip *c = s->chip;
	struct tally n = {.constraints = c->nconstraints, .zero = s->nzero,
		.copies = s->ncopies};
	unsigned unsound = subject_unsound(s), wrong = 0;
	bool other_zeros = s->nzero != zeros;

	for (unsigned k = 0; k < c->nconstraints; k++) {
		bool stale = subject_known(s, k) &&
		    (s->first[k] != k || !survives(s, k));

		if (stale)
			diag("%s: constraint %u is in the table, but is no "
			    "survivor", c->name, k);
		wrong += stale;
		if (s->first[k] != k)
			continue;
		n.found[s->found[k]]++;
		if (survives(s, k))
			wrong += explain(s, k, &n);
	}
	for (size_t i = 0; i < sizeof n / sizeof(unsigned); i++)
		((unsigned *)sum)[i] += ((unsigned *)&n)[i];
	return ok(unsound == 0 && !other_zeros && wrong == 0,
	    "%s: %u constraints, %u of them 0, %u copies; %u free, %u written, "
	    "%u open, %u idle, %u with a lookup, %u of a program; of %u "
	    "survivors %u follow from another, %u are explained "
	    "(%u rows, %u special)", c->name, n.constraints, n.zero, n.copies,
	    n.found[FREE], n.found[WRITTEN], n.found[OPEN], n.found[IDLE],
	    n.found[LOOKUP], n.found[PROGRAM], n.survivors, n.follow,
	    n.explained, s->nrows, s->nspecial);
}

void
tally_report(const struct tally *n, unsigned chips)
{
	diag("%u constraints of %u chips, %u of them 0, %u copies; %u free, %u "
	    "written, %u open, %u idle, %u with a lookup, %u of a program; of %u "
	    "survivors %u follow from another, %u are explained",
	    n->constraints, chips, n->zero, n->copies, n->found[FREE],
	    n->found[WRITTEN], n->found[OPEN], n->found[IDLE], n->found[LOOKUP],
	    n->found[PROGRAM], n->survivors, n->follow, n->explained);
}
