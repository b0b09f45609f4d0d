#include "test/lib/air_repair.h"

/* ---- one constraint broken, the others mended ---- */

void
near_find(struct near *near, const struct subject *s, unsigned k)
{
	const struct polys *p = &s->polys;
	bool *has = poly_get(s->width, sizeof *has);
	bool *seen = poly_get(p->n, sizeof *seen);

	near->own = near->all = 0;
	for (unsigned i = 0; i < s->reads[k].n && near->own < 64; i++)
		if (s->reads[k].of[i] < s->cells) {
			near->cell[near->own++] = s->reads[k].of[i];
			has[s->reads[k].of[i]] = true;
		}
	near->all = near->own;
	for (unsigned i = 0; i < near->own; i++) {
		uint32_t v = near->cell[i] + 1;

		for (uint32_t h = p->start[v]; h < p->start[v + 1]; h++) {
			uint32_t other = p->at[h].poly;
			const struct list *l = &s->reads[other];

			/* what reads everything has no neighbours */
			if (seen[other] || l->n > 24)
				continue;
			seen[other] = true;
			for (unsigned m = 0; m < l->n && near->all < 256; m++)
				if (!has[l->of[m]] && l->of[m] < s->cells) {
					has[l->of[m]] = true;
					near->cell[near->all++] = l->of[m];
				}
		}
	}
	free(has);
	free(seen);
}

/* One step of Newton's for all constraints but k, in these cells (with lookups as
 * they are): exact where they are linear in them. */
static bool
mend(struct trial *t, unsigned k, bool lookups, const uint32_t *cell,
    unsigned n)
{
	bool good = true;
	struct system y;
	struct matrix a;

	system_init(&y, t, cell, n, lookups, false);
	for (unsigned i = 0; i < t->a.nbad; i++)
		if (t->a.bad[i] != k && !y.row_of[t->a.bad[i]])
			good = false;
	if (!good) {
		system_free(&y);
		return false;
	}
	matrix_init(&a, y.nrows, n + 1);
	system_derivatives(&y, &a);
	for (unsigned j = 0; j < n; j++)
		matrix_column(&a, j)[a.m + j] = KB_ONE;
	for (unsigned i = 0; i < y.nconstraints; i++)
		matrix_column(&a, n)[i] = t->a.value[y.constraint[i]];
	for (unsigned j = 0; j <= n && y.row_of[k]; j++)
		matrix_column(&a, j)[y.row_of[k] - 1] = KB_ZERO;
	a.pivot[n] = 0;
	matrix_reduce(&a);
	for (unsigned i = 0; i < y.nconstraints; i++)
		good = good && !matrix_column(&a, n)[i].v;
	for (unsigned j = 0; good && j < n; j++)
		if (matrix_column(&a, n)[a.m + j].v)
			trial_set(t, cell[j], kb_add(trial_cell(t, cell[j]),
			    matrix_column(&a, n)[a.m + j]));
	matrix_free(&a);
	system_free(&y);
	return good;
}

void
repair_broken(struct trial *t, unsigned k, const struct near *near, unsigned try)
{
	struct subject *s = t->s;
	bool *fixed = poly_get(s->width, sizeof *fixed);
	uint32_t *cell = poly_get(s->cells, sizeof *cell);
	unsigned n = 1 + try / 3 % 4, ncells = 0;

	for (unsigned i = 0; i < n; i++) {
		uint32_t j = near->cell[search_rnd() % (i ? near->all : near->own)];
		kb x = trial_cell(t, j);

		trial_set(t, j, search_rnd() % 2 && kb_to(x) < 2 ?
		    kb_sub(KB_ONE, x) : move_variant(x, search_rnd() % VARIANTS));
		fixed[j] = true;
	}
	/* Lookups stay; or most cells do; or none. */
	for (unsigned i = 0; i < (subject_narrow(s) ? s->cells : near->all); i++) {
		uint32_t j = subject_narrow(s) ? i : near->cell[i];

		if (!fixed[j] && !(try % 3 == 1 && search_rnd() % 8 < 5))
			cell[ncells++] = j;
	}
	for (unsigned i = 0; i < 3 && t->a.value[k].v; i++) {
		if (!mend(t, k, try % 3 == 0, cell, ncells))
			break;
		trial_look(t);
	}
	trial_reset(t);
	free(fixed);
	free(cell);
}

/* ---- one constraint broken, what is computed from it computed again ---- */

/* In how many monomials of a constraint the cell is; 0 too where not linearly. */
static unsigned
linear_in(const struct poly *p, uint32_t cell)
{
	unsigned n = 0;

	for (uint32_t m = 0; m < p->n; m++) {
		unsigned d = mono_degree(p->m[m].key, cell + 1);

		if (d > 1)
			return 0;
		n += d;
	}
	return n;
}

/* Which cell constraint k gives: of those that no other reads but those that are gone,
 * one of fewest monomials, since what a cell is set to stands for itself. */
static uint32_t
given_by(const struct subject *s, unsigned k, const unsigned *readers)
{
	const struct list *l = &s->reads[k];
	unsigned fewest = UINT32_MAX;
	uint32_t cell = ZERO;

	for (unsigned i = 0; i < l->n; i++) {
		unsigned n = readers[l->of[i]] != 1 || l->of[i] >= s->cells ?
		    0 : linear_in(&s->polys.of[k], l->of[i]);

		if (n && n < fewest) {
			fewest = n;
			cell = l->of[i];
		}
	}
	return cell;
}

static bool
can_give(const struct subject *s, unsigned k)
{
	const struct list *l = &s->reads[k];
	bool can = false;

	for (unsigned i = 0; i < l->n && !can; i++)
		can = l->of[i] < s->cells && linear_in(&s->polys.of[k], l->of[i]);
	return can;
}

void
subject_givers(struct subject *s)
{
	unsigned n = s->polys.n, left = 0, waiting = 0;
	unsigned *readers = poly_get(s->width, sizeof *readers);
	bool *gone = poly_get(n, sizeof *gone);
	uint32_t *last = poly_get(n, sizeof *last);

	s->gives = poly_get(n, sizeof *s->gives);
	s->turn = poly_get(n, sizeof *s->turn);
	for (unsigned k = 0; k < n; k++) {
		s->gives[k] = ZERO;
		gone[k] = s->reads[k].n < 2 || !can_give(s, k);
		waiting += !gone[k];
		for (unsigned i = 0; i < s->reads[k].n && !gone[k]; i++)
			readers[s->reads[k].of[i]]++;
	}
	while (waiting) {
		unsigned least = n, before = waiting;

		for (unsigned k = 0; k < n; k++) {
			if (gone[k])
				continue;
			s->gives[k] = given_by(s, k, readers);
			if (s->gives[k] == ZERO) {
				if (least == n ||
				    s->reads[k].n < s->reads[least].n)
					least = k;
				continue;
			}
			last[left++] = k;
			gone[k] = true;
			waiting--;
			for (unsigned i = 0; i < s->reads[k].n; i++)
				readers[s->reads[k].of[i]]--;
		}
		if (waiting < before)
			continue;
		gone[least] = true;
		waiting--;
		for (unsigned i = 0; i < s->reads[least].n; i++)
			readers[s->reads[least].of[i]]--;
	}
	for (unsigned i = 0; i < left; i++)
		s->turn[i] = last[left - 1 - i];
	s->nturns = left;
	free(readers);
	free(gone);
	free(last);
}

struct change { uint32_t cell[2]; kb to[2]; unsigned n; };

/* Two cells such that low + 2^8 high, or 2^16, is what constraint k asks for, low
 * below that. */
static bool
two_limbs(const struct trial *t, unsigned k, uint32_t low, uint32_t high,
    struct change *c)
{
	uint32_t bits, x;
	kb f[4], g[4];

	trial_in_cell(t, k, low, f);
	trial_in_cell(t, k, high, g);
	if (!f[1].v || f[2].v || f[3].v || !g[1].v || g[2].v || g[3].v)
		return false;
	bits = kb_to(kb_mul(g[1], kb_inv(f[1])));
	if (bits != 256 && bits != 65536)
		return false;
	f[0] = kb_sub(f[0], kb_mul(g[1], trial_cell(t, high)));
	x = kb_to(kb_neg(kb_mul(f[0], kb_inv(f[1]))));
	*c = (struct change){{low, high},
	    {kb_from(x % bits), kb_from(x / bits)}, 2};
	return true;
}

static void
make_change(struct trial *t, const struct change *c)
{
	for (unsigned i = 0; i < c->n; i++)
		trial_put(t, c->cell[i], c->to[i]);
}

/* All that is given, but by k, and but this cell, given again. */
static void
give_again(struct trial *t, unsigned k, uint32_t but)
{
	const struct subject *s = t->s;

	for (unsigned i = 0; i < s->nturns; i++) {
		unsigned j = s->turn[i];
		const struct list *l = &s->reads[j];
		uint32_t cell = s->gives[j];
		struct change c = {.n = 0};
		kb f[4];

		if (j == k || cell == but || !t->a.value[j].v)
			continue;
		for (unsigned h = 0; h < l->n && l->n < 8 && !c.n; h++)
			if (!two_limbs(t, j, cell, l->of[h], &c))
				two_limbs(t, j, l->of[h], cell, &c);
		trial_in_cell(t, j, cell, f);
		if (!f[1].v)
			return;
		if (!c.n)
			c = (struct change){{cell},
			    {kb_neg(kb_mul(f[0], kb_inv(f[1])))}, 1};
		make_change(t, &c);
	}
}

/* ---- one constraint broken, then whatever is wrong made right ---- */

#define REPAIR_STEPS 60
#define REPAIR_CELLS 72

struct repair {
	struct trial *t;
	unsigned k;
	unsigned nfixed;
	uint32_t fixed[8];		/* altered first */
	uint32_t last[3];		/* altered last */
};

static bool
may_change(const struct repair *r, uint32_t cell)
{
	for (unsigned i = 0; i < r->nfixed; i++)
		if (r->fixed[i] == cell)
			return false;
	for (unsigned i = 0; i < 3; i++)
		if (r->last[i] == cell)
			return false;
	return cell < r->t->s->cells;
}

/* How much is wrong. */
static unsigned
wrong(const struct repair *r)
{
	const struct trial *t = r->t;

	return t->a.nbad + t->nrefused + (t->a.value[r->k].v ? 0 : 8);
}

static unsigned
try_change(struct repair *r, const struct change *c)
{
	struct change back = *c;
	unsigned cost;

	for (unsigned i = 0; i < c->n; i++)
		back.to[i] = trial_cell(r->t, c->cell[i]);
	make_change(r->t, c);
	cost = wrong(r);
	make_change(r->t, &back);
	return cost;
}

/* Keeps the change if it is the best so far, or one of the best. */
static void
consider(struct repair *r, const struct change *c, struct change *best,
    unsigned *least)
{
	unsigned cost = try_change(r, c);

	if (cost < *least || (cost == *least && search_rnd() % 2)) {
		*least = cost;
		*best = *c;
	}
}

/* The best change there was, if there was one. */
static bool
make_best(struct repair *r, const struct change *best)
{
	if (best->n == 0)
		return false;
	make_change(r->t, best);
	r->last[search_rnd() % 3] = best->cell[0];
	return true;
}

static bool
repair_constraint(struct repair *r, unsigned i)
{
	const struct list *l = &r->t->s->reads[i];
	struct change best = {.n = 0}, c;
	unsigned least = UINT32_MAX, from = search_rnd() % l->n;
	unsigned most = r->t->s->polys.of[i].n < 300 ? REPAIR_CELLS : 2;
	bool any = search_rnd() % 8 == 0;

	for (unsigned h = 0; h < l->n && h < most; h++) {
		uint32_t cell = l->of[(from + h) % l->n];
		kb f[4], root[2];
		unsigned n;

		if (!may_change(r, cell))
			continue;
		trial_in_cell(r->t, i, cell, f);
		n = poly_roots(root, f);
		for (unsigned m = 0; m < n; m++) {
			c = (struct change){{cell}, {root[m]}, 1};
			if (root[m].v != trial_cell(r->t, cell).v)
				consider(r, &c, &best, &least);
		}
		for (unsigned m = 0; m < l->n && l->n < 8; m++)
			if (may_change(r, l->of[m]) && l->of[m] != cell &&
			    two_limbs(r->t, i, cell, l->of[m], &c))
				consider(r, &c, &best, &least);
		if (any && best.n)
			break;
	}
	return make_best(r, &best);
}

/* A value of the lookup made one that it takes. */
static bool
repair_lookup(struct repair *r, unsigned i)
{
	const struct air_chip *c = r->t->s->chip;
	const struct air_interaction *x = &c->interaction[i];
	const struct air_affine *f;
	uint32_t v[4], to, at = 1;
	struct change best = {.n = 0}, ch;
	unsigned least = UINT32_MAX;

	for (int h = 0; h < 4; h++)
		v[h] = kb_to(row_affine(c, &x->value[h], trial_row(r->t)));
	if (v[0] == AIR_OP_RANGE) {
		to = v[1] & ((1u << v[2] % 32) - 1);
	} else if (v[2] > 255 || v[3] > 255) {
		at = v[2] > 255 ? 2 : 3;
		to = v[at] & 255;
	} else if (v[0] == AIR_OP_LTU && x->value[1].n == 0) {
		at = search_rnd() % 2 ? 2 : 3;
		to = at == 2 ? (uint32_t)(search_rnd() % (v[3] + !v[3])) :
		    v[2] + 1;
	} else {
		to = v[0] == AIR_OP_AND ? v[2] & v[3] : v[0] == AIR_OP_OR ?
		    v[2] | v[3] : v[0] == AIR_OP_XOR ? v[2] ^ v[3] :
		    v[0] == AIR_OP_LTU ? v[2] < v[3] : v[0] == AIR_OP_MSB ?
		    v[2] >> 7 : 0;
	}
	f = &x->value[at];
	for (uint32_t h = 0; h < f->n; h++) {
		kb by = kb_sub(kb_from(to), kb_from(v[at]));
		uint32_t cell = f->term[h].col;

		if (!may_change(r, cell))
			continue;
		by = kb_mul(by, kb_inv(f->term[h].coeff));
		ch = (struct change){{cell},
		    {kb_add(trial_cell(r->t, cell), by)}, 1};
		consider(r, &ch, &best, &least);
	}
	return make_best(r, &best);
}

/* Whatever is wrong but constraint k is made right, one thing after another. */
static void
make_right(struct repair *r, unsigned steps)
{
	struct trial *t = r->t;
	unsigned k = r->k;

	for (unsigned i = 0; i < steps && t->a.value[k].v; i++) {
		unsigned bad = t->a.nbad - 1, all = bad + t->nrefused, pick;
		bool good;

		if (all == 0) {
			trial_look(t);
			return;
		}
		if (all > 24)
			return;
		pick = search_rnd() % all;
		if (pick >= bad)
			good = repair_lookup(r, t->refused[pick - bad]);
		else
			good = repair_constraint(r, t->a.bad[pick] == k ?
			    t->a.bad[bad] : t->a.bad[pick]);
		if (!good)
			return;
	}
}

static void
alter_one(struct repair *r, uint32_t cell)
{
	struct trial *t = r->t;
	kb x = trial_cell(t, cell);

	trial_put(t, cell, search_rnd() % 2 && kb_to(x) < 2 ? kb_sub(KB_ONE, x) :
	    move_variant(x, search_rnd() % VARIANTS));
	r->fixed[r->nfixed++] = cell;
}

/* Two limbs of 16 bits, one of them near k's, in which some constraint has a number:
 * p is added to it. */
static bool
add_p(struct repair *r, uint32_t cell)
{
	struct trial *t = r->t;
	const struct polys *p = &t->s->polys;
	uint32_t at = p->start[cell + 1], end = p->start[cell + 2];
	struct change c;

	for (; end - at < 24 && at < end; at++) {
		uint32_t j = p->at[at].poly;
		const struct list *l = &t->s->reads[j];

		for (unsigned i = 0; i < l->n * l->n && l->n < 8; i++) {
			uint32_t low = l->of[i / l->n], high = l->of[i % l->n];

			int carry;

			if (low == high || t->a.value[j].v ||
			    !two_limbs(t, j, low, high, &c))
				continue;
			carry = kb_to(trial_cell(t, low)) == 0xffff;
			trial_put(t, low, carry ? KB_ZERO :
			    kb_add_int(trial_cell(t, low), 1));
			trial_put(t, high, kb_add_int(trial_cell(t, high),
			    0x7f00 + carry));
			r->fixed[r->nfixed++] = low;
			r->fixed[r->nfixed++] = high;
			return true;
		}
	}
	return false;
}

/* A cell near altered, and one of k's such that something that this broke holds. */
static bool
compensate(struct repair *r, uint32_t cell, uint32_t other)
{
	struct trial *t = r->t;
	kb f[4], root[2];

	if (cell == other)
		return false;
	alter_one(r, other);
	for (unsigned i = 0; i < t->a.nbad; i++) {
		trial_in_cell(t, t->a.bad[i], cell, f);
		if (poly_roots(root, f) == 0)
			continue;
		trial_put(t, cell, root[0]);
		r->fixed[r->nfixed++] = cell;
		return true;
	}
	return false;
}

void
repair_one(struct trial *t, unsigned k, const struct near *near, unsigned try)
{
	struct repair r = {.t = t, .k = k, .last = {ZERO, ZERO, ZERO}};
	uint32_t cell = near->cell[search_rnd() % near->own];

	if (try % 4 == 2) {
		compensate(&r, cell, near->cell[search_rnd() % near->all]);
	} else if (try % 4 != ADD_P || !add_p(&r, cell)) {
		alter_one(&r, cell);
		if (try % 2)
			alter_one(&r, near->cell[search_rnd() % near->all]);
	} else if (!t->a.value[k].v) {
		alter_one(&r, near->cell[search_rnd() % near->own]);
	}
	make_right(&r, REPAIR_STEPS);
	trial_reset(t);
}

/* ---- one flag for another ---- */

/* Is constraint k: gate * (sum of many cells - 1) = 0?  The gate, or ZERO. */
static uint32_t
gate_of_sum(const struct subject *s, unsigned k)
{
	const struct poly *p = &s->polys.of[k];
	uint32_t gate;

	if (p->n < 16 || s->reads[k].n != p->n)
		return ZERO;
	/* the last monomial is the gate's own */
	gate = MONO_VAR(p->m[p->n - 1].key, 0);
	for (uint32_t i = 0; i + 1 < p->n; i++)
		if (p->m[i].coeff.v != p->m[0].coeff.v ||
		    mono_degree(p->m[i].key, gate) != 1 ||
		    MONO_VAR(p->m[i].key, 2))
			return ZERO;
	return gate && gate <= s->cells ? gate - 1 : ZERO;
}

#define TRANSFER_TRIES 12

static void
move(struct trial *t, uint32_t more, uint32_t less)
{
	trial_put(t, more, kb_add_int(trial_cell(t, more), 1));
	if (less != ZERO)
		trial_put(t, less, kb_add_int(trial_cell(t, less), -1));
}

/* One cell a bit more, and another less, so that their sum is as it was, or none; each
 * constraint that this breaks, but for the others. */
static void
transfer(struct trial *t, uint32_t more, uint32_t less)
{
	uint32_t bad[8];
	unsigned n;

	move(t, more, less);
	n = t->a.nbad;
	trial_look(t);
	if (n <= 8)
		memcpy(bad, t->a.bad, n * sizeof *bad);
	trial_reset(t);
	for (unsigned i = 0; i < n * TRANSFER_TRIES && n <= 8; i++) {
		struct repair r = {.t = t, .k = bad[i % n], .nfixed = 2,
		    .fixed = {more, less}, .last = {ZERO, ZERO, ZERO}};

		if (t->s->found[bad[i % n]] > LOOKUP)
			continue;
		move(t, more, less);
		make_right(&r, 8);
		trial_reset(t);
	}
}

unsigned
repair_transfers(struct trial *t, unsigned pairs)
{
	const struct subject *s = t->s;
	unsigned sums = 0;

	for (unsigned k = 0; k < s->polys.n; k++) {
		const struct list *l = &s->reads[k];
		uint32_t gate = gate_of_sum(s, k);

		if (gate == ZERO)
			continue;
		sums++;
		for (unsigned i = 0; i < l->n * l->n; i++) {
			uint32_t a = l->of[i / l->n], b = l->of[i % l->n];

			if (a == gate || b == gate)
				continue;
			if (a == b && t->s->found[k] <= LOOKUP)
				transfer(t, a, ZERO);
			if (a == b)
				continue;
			if (kb_eq(trial_cell(t, b), KB_ONE) ||
			    search_rnd() % (l->n * l->n) < pairs || a == b + 1)
				transfer(t, a, b);
		}
	}
	return sums;
}

/* ---- computed ---- */

void
repair_computed(struct trial *t, unsigned k)
{
	struct subject *s = t->s;
	const struct list *l = &s->reads[k];

	for (unsigned i = 0; i < l->n && i < 4 && s->found[k] <= LOOKUP; i++) {
		uint32_t cell = s->gives[k] != ZERO ? s->gives[k] : l->of[i];

		for (int d = -2; d <= 2 && s->found[k] <= LOOKUP; d++) {
			struct repair r = {.t = t, .k = k, .nfixed = 1,
			    .fixed = {cell}, .last = {ZERO, ZERO, ZERO}};

			trial_put(t, cell, kb_add_int(trial_cell(t, cell), d));
			give_again(t, k, cell);
			if (t->a.value[k].v)
				make_right(&r, REPAIR_STEPS);
			trial_reset(t);
		}
		if (s->gives[k] != ZERO)
			break;
	}
}
