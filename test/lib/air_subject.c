#include "test/lib/air_subject.h"

#include "test/lib/lookup.h"

_Thread_local uint64_t search_seed = 4;

uint64_t
search_rnd(void)
{
	return splitmix64(&search_seed);
}

static uint64_t
seed_of(const char *name)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 0x100000001b3;
	return hash;
}

kb
search_rnd_kb(void)
{
	return kb_from((uint32_t)(search_rnd() % KB_P));
}

void
search_random(kb *cell, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		cell[i] = search_rnd_kb();
}

bool
subject_narrow(const struct subject *s)
{
	return s->width <= NARROW;
}

bool
in_list(const char *name, const char *list)
{
	size_t len = strlen(name);

	for (const char *p = list; (p = strstr(p, name)); p++)
		if ((p == list || p[-1] == ',') && (!p[len] || p[len] == ','))
			return true;
	return false;
}

const struct known *
subject_known(const struct subject *s, unsigned k)
{
	return s->why[k];
}

static void
find_known(struct subject *s, const struct known *w)
{
	s->why = poly_get(s->chip->nconstraints, sizeof *s->why);
	for (; w && w->chips; w++)
		for (unsigned k = w->first; in_list(s->chip->name, w->chips) &&
		    k <= w->last; k += w->step) {
			must(k < s->chip->nconstraints);
			s->why[k] = w;
		}
}

bool
subject_sought(const struct subject *s, unsigned k)
{
	return s->first[k] == k && s->found[k] < s->enough;
}

/* ---- messages ---- */

kb
row_affine(const struct air_chip *c, const struct air_affine *f, const kb *row)
{
	return air_affine_row(f, c->main_width, row, row + c->main_width);
}

static bool
air_lookup_holds(const kb *k)
{
	uint32_t v[4];

	for (int i = 0; i < 4; i++)
		v[i] = kb_to(k[i]);
	return lookup_holds(v);
}

/* Has a message changed, and in more than the value of a word that is written? */
static enum found
message_kind(const struct air_chip *c, const struct air_interaction *x,
    const kb *before, const kb *after)
{
	kb m = row_affine(c, &x->mult, after), old = row_affine(c, &x->mult, before);
	bool written = x->kind == AIR_MEMORY && !x->send && x->nvalues == 9;
	enum found kind = FREE;
	kb v[SEARCH_VALUES], w;

	must(x->nvalues <= SEARCH_VALUES);
	for (unsigned k = 0; m.v && k < x->nvalues; k++) {
		v[k] = row_affine(c, &x->value[k], after);
		w = row_affine(c, &x->value[k], before);
		if (v[k].v == w.v)
			continue;
		kind = written && k >= 5 && kb_to(v[k]) < 65536 &&
		    kind == FREE ? WRITTEN : kind;
		if (!written || k < 5 || kb_to(v[k]) >= 65536)
			kind = OPEN;
	}
	if (x->kind == AIR_BYTE)
		return m.v && !air_lookup_holds(v) ? LOOKUP : FREE;
	return m.v == old.v ? kind : OPEN;
}

/* ---- trials ---- */

unsigned
chip_messages(const struct air_chip *c)
{
	return c->nsends + c->nreceives;
}

void
trial_init(struct trial *t, struct subject *s)
{
	unsigned n = chip_messages(s->chip);

	*t = (struct trial){.s = s};
	altered_init(&t->a, &s->polys);
	t->refused = poly_get(n, sizeof *t->refused);
	t->refused_at = poly_get(n, sizeof *t->refused_at);
	t->seen = poly_get(n, sizeof *t->seen);
	t->before = poly_get(n, sizeof *t->before);
}

void
trial_free(struct trial *t)
{
	altered_free(&t->a);
	free(t->refused);
	free(t->refused_at);
	free(t->seen);
	free(t->before);
}

const kb *
trial_row(const struct trial *t)
{
	return t->a.x + 1;
}

/* Is it a lookup that has no row? */
static bool
lookup_refused(const struct air_chip *c, const struct air_interaction *x,
    const kb *row)
{
	kb v[4];

	if (x->kind != AIR_BYTE || !row_affine(c, &x->mult, row).v)
		return false;
	for (int i = 0; i < 4; i++)
		v[i] = row_affine(c, &x->value[i], row);
	return !air_lookup_holds(v);
}

void
trial_base(struct trial *t, const struct sample *r)
{
	const struct air_chip *c = t->s->chip;

	altered_base(&t->a, r->main, r->pv);
	t->active = t->nrefused = t->nbefore = 0;
	memset(t->refused_at, 0, chip_messages(c) * sizeof *t->refused_at);
	for (unsigned i = 0; i < chip_messages(c); i++) {
		t->active += row_affine(c, &c->interaction[i].mult,
		    trial_row(t)).v != 0;
		if (lookup_refused(c, &c->interaction[i], trial_row(t)))
			t->before[t->nbefore++] = i;
	}
}

static void
trial_refused(struct trial *t, unsigned i, bool is)
{
	if (is && !t->refused_at[i]) {
		t->refused[t->nrefused++] = i;
		t->refused_at[i] = t->nrefused;
	} else if (!is && t->refused_at[i]) {
		uint32_t at = t->refused_at[i] - 1;
		uint32_t last = t->refused[--t->nrefused];

		t->refused[at] = last;
		t->refused_at[last] = at + 1;
		t->refused_at[i] = 0;
	}
}

void
trial_put(struct trial *t, uint32_t cell, kb x)
{
	const struct air_chip *c = t->s->chip;
	const struct list *m = &t->s->messages[cell];

	altered_set(&t->a, cell, x);
	for (unsigned i = 0; i < m->n; i++)
		trial_refused(t, m->of[i], lookup_refused(c,
		    &c->interaction[m->of[i]], trial_row(t)));
}

void
trial_set(struct trial *t, uint32_t cell, kb x)
{
	altered_set(&t->a, cell, x);
}

kb
trial_cell(const struct trial *t, uint32_t cell)
{
	return altered_cell(&t->a, cell);
}

void
trial_reset(struct trial *t)
{
	altered_reset(&t->a);
	while (t->nrefused)
		trial_refused(t, t->refused[t->nrefused - 1], false);
}

/* Of an altered row whose constraints hold but for one. */
static enum found
kind_of(struct trial *t)
{
	const struct air_chip *c = t->s->chip;
	const kb *before = t->a.base + 1, *after = t->a.x + 1;
	bool idle = t->active == 0, program = false;
	enum found least = FREE;

	t->turn++;
	for (unsigned i = 0; i < t->nbefore; i++)
		if (lookup_refused(c, &c->interaction[t->before[i]], after))
			least = LOOKUP;
	for (unsigned i = 0; i < t->a.nchanged; i++) {
		uint32_t cell = t->a.changed[i];
		const struct list *m = &t->s->messages[cell];

		if (before[cell].v == after[cell].v)
			continue;
		program = program || cell >= t->s->cells;
		for (unsigned k = 0; k < m->n; k++) {
			const struct air_interaction *x =
			    &c->interaction[m->of[k]];
			enum found kind;

			if (t->seen[m->of[k]] == t->turn)
				continue;
			t->seen[m->of[k]] = t->turn;
			kind = message_kind(c, x, before, after);
			idle = idle && !row_affine(c, &x->mult, after).v;
			least = kind < least ? kind : least;
		}
	}
	return program ? PROGRAM : idle ? IDLE : least;
}

void
trial_look(struct trial *t)
{
	struct subject *s = t->s;
	unsigned at = t->a.bad[0];
	enum found kind;

	if (t->a.nbad != 1 || s->found[at] >= s->enough)
		return;
	kind = kind_of(t);
	if (kind > s->found[at]) {
		s->found[at] = kind;
		s->left -= kind >= s->enough;
	}
}

/* ---- subjects ---- */

/* y = k x for a k? */
static bool
is_multiple(const struct poly *x, const struct poly *y)
{
	for (uint32_t i = 0; i < x->n; i++)
		if (x->n != y->n || x->m[i].key != y->m[i].key ||
		    kb_mul(x->m[i].coeff, y->m[0].coeff).v !=
		    kb_mul(y->m[i].coeff, x->m[0].coeff).v)
			return false;
	return x->n > 0;
}

static void
find_copies(struct subject *s)
{
	struct poly *p = s->polys.of;

	for (unsigned k = 0; k < s->polys.n; k++) {
		unsigned i = 0;

		while (i < k && !is_multiple(&p[i], &p[k]))
			i++;
		s->first[k] = p[k].n ? i : ZERO;
		s->nzero += p[k].n == 0;
		s->ncopies += p[k].n && i < k;
		if (i < k)
			p[k].n = 0;
	}
	s->left = s->chip->nconstraints - s->nzero - s->ncopies;
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void
find_cells(struct subject *s)
{
	bool *has = poly_get(s->polys.nvars, sizeof *has);
	uint32_t *cell = poly_get(s->width, sizeof *cell);

	s->reads = poly_get(s->polys.n, sizeof *s->reads);
	for (unsigned k = 0; k < s->polys.n; k++) {
		const struct poly *p = &s->polys.of[k];
		struct list *l = &s->reads[k];

		for (uint32_t i = 0; i < MONO_VARS * p->n; i++) {
			uint32_t v = MONO_VAR(p->m[i / MONO_VARS].key,
			    i % MONO_VARS);

			if (v && v <= s->width && !has[v]) {
				has[v] = true;
				cell[l->n++] = v - 1;
			}
		}
		l->of = poly_get(l->n, sizeof *l->of);
		qsort(cell, l->n, sizeof *cell, by_number);
		memcpy(l->of, cell, l->n * sizeof *cell);
		for (unsigned i = 0; i < l->n; i++)
			has[cell[i] + 1] = false;
	}
	free(has);
	free(cell);
}

static void
read_by(struct subject *s, const struct air_affine *f, unsigned message)
{
	for (uint32_t i = 0; i < f->n; i++) {
		struct list *l = &s->messages[f->term[i].col];

		if (l->n && l->of[l->n - 1] == message)
			continue;
		l->of = realloc(l->of, (l->n + 1) * sizeof *l->of);
		must(l->of);
		l->of[l->n++] = message;
	}
}

static void
find_messages(struct subject *s)
{
	const struct air_chip *c = s->chip;

	s->messages = poly_get(s->width, sizeof *s->messages);
	for (unsigned i = 0; i < chip_messages(c); i++) {
		read_by(s, &c->interaction[i].mult, i);
		for (unsigned k = 0; k < c->interaction[i].nvalues; k++)
			read_by(s, &c->interaction[i].value[k], i);
	}
}

static void
find_booleans(struct subject *s)
{
	s->boolean = poly_get(s->width, sizeof *s->boolean);
	for (unsigned k = 0; k < s->polys.n; k++)
		if (s->reads[k].n == 1)
			s->boolean[s->reads[k].of[0]] = true;
}

void
subject_init(struct subject *s, const struct air_chip *c,
    const struct known *known, const void *own)
{
	*s = (struct subject){.chip = c, .own = own};
	s->of_public = c->main_width + c->prep_width == 0;
	s->cells = s->of_public ? AIR_PUBLIC_VALUES : c->main_width;
	s->width = s->of_public ? AIR_PUBLIC_VALUES :
	    c->main_width + c->prep_width;
	s->enough = subject_narrow(s) ? WRITTEN : OPEN;
	s->seed = seed_of(c->name);
	s->first = poly_get(c->nconstraints, sizeof *s->first);
	s->found = poly_get(c->nconstraints, 1);
	find_known(s, known);
	polys_make(&s->polys, c);
	find_copies(s);
	polys_link(&s->polys);
	find_cells(s);
	find_messages(s);
	find_booleans(s);
	subject_givers(s);
}

static void
lists_free(struct list *l, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		free(l[i].of);
	free(l);
}

void
subject_free(struct subject *s)
{
	lists_free(s->reads, s->polys.n);
	lists_free(s->messages, s->width);
	polys_free(&s->polys);
	for (unsigned i = 0; i < s->nrows; i++) {
		free(s->row[i].main);
		free(s->row[i].pv);
	}
	for (unsigned i = 0; i < s->nspecial; i++) {
		free(s->special[i].main);
		free(s->special[i].pv);
	}
	free(s->boolean);
	free(s->why);
	free(s->first);
	free(s->found);
	free(s->gives);
	free(s->turn);
}

/* Where a row goes: rows whose Booleans are new are kept, of the others some. */
static unsigned
subject_place(struct subject *s, const kb *row)
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

static void
keep_row(const struct subject *s, struct sample *to, const kb *row,
    const kb *pv)
{
	to->main = poly_get(s->width, sizeof *row);
	to->pv = poly_get(AIR_PUBLIC_VALUES, sizeof *pv);
	memcpy(to->main, row, s->width * sizeof *row);
	memcpy(to->pv, pv, AIR_PUBLIC_VALUES * sizeof *pv);
}

void
subject_offer_special(struct subject *s, const kb *row, const kb *pv)
{
	must(!s->of_public && s->nspecial < MAX_SPECIAL);
	keep_row(s, &s->special[s->nspecial++], row, pv);
}

void
subject_offer(struct subject *s, const kb *row, const kb *pv)
{
	unsigned at = subject_place(s, row);

	if (at == MAX_ROWS)
		return;
	keep_row(s, &s->row[s->nrows++], row, pv);
}

unsigned
subject_unsound(const struct subject *s)
{
	const struct air_chip *c = s->chip;
	kb *value = poly_get(c->nconstraints, sizeof *value);
	struct altered a;
	unsigned bad = 0;

	altered_init(&a, &s->polys);
	for (unsigned i = 0; i < 2 * s->nrows; i++) {
		struct sample *r = (struct sample *)&s->row[i / 2];
		bool wrong = false;

		/* and with a cell changed */
		altered_base(&a, r->main, r->pv);
		if (i % 2)
			altered_set(&a, (uint32_t)(search_rnd() % s->width), search_rnd_kb());
		air_eval_row(c, s->of_public ? NULL : a.x + 1,
		    s->of_public ? NULL : a.x + 1 + c->main_width,
		    s->of_public ? a.x + 1 : r->pv, value);
		for (unsigned k = 0; k < c->nconstraints; k++)
			wrong = wrong || (i % 2 == 0 && value[k].v) ||
			    (s->first[k] == k && value[k].v != a.value[k].v);
		bad += wrong;
	}
	altered_free(&a);
	free(value);
	return bad;
}
