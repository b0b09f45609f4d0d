#include "test/lib/air_poly.h"

void *
poly_get(size_t n, size_t size)
{
	void *p = calloc(n + 1, size);

	must(p);
	return p;
}

/* ---- arithmetic ---- */

static void
poly_put(struct poly *p, uint64_t key, kb coeff)
{
	if (!coeff.v)
		return;
	if (p->n == p->cap) {
		p->cap = p->cap ? 2 * p->cap : 4;
		p->m = realloc(p->m, p->cap * sizeof *p->m);
		must(p->m);
	}
	p->m[p->n++] = (struct mono){key, coeff};
}

/* x + k y */
static struct poly
poly_add(const struct poly *x, const struct poly *y, kb k)
{
	struct poly r = {0};
	uint32_t i = 0, j = 0;

	while (i < x->n || j < y->n) {
		uint64_t a = i < x->n ? x->m[i].key : 0;
		uint64_t b = j < y->n ? y->m[j].key : 0;
		bool left = i < x->n && (j == y->n || a >= b);
		bool right = j < y->n && (i == x->n || b >= a);
		kb sum = KB_ZERO;

		if (left)
			sum = x->m[i++].coeff;
		if (right)
			sum = kb_add(sum, kb_mul(k, y->m[j++].coeff));
		poly_put(&r, left ? a : b, sum);
	}
	return r;
}

static int
mono_order(const void *a, const void *b)
{
	uint64_t x = ((const struct mono *)a)->key;
	uint64_t y = ((const struct mono *)b)->key;

	return (x < y) - (x > y);
}

static uint64_t
mono_product(uint64_t x, uint64_t y)
{
	uint64_t key = 0;
	unsigned n = 0;

	/* merges the two, largest first */
	for (unsigned i = 0, j = 0; i + j < 2 * MONO_VARS; n++) {
		uint32_t a = i < MONO_VARS ? MONO_VAR(x, i) : 0;
		uint32_t b = j < MONO_VARS ? MONO_VAR(y, j) : 0;

		if (!a && !b)
			break;
		must(n < MONO_VARS);
		key = key << MONO_BITS | (a >= b ? a : b);
		i += a >= b;
		j += a < b;
	}
	return key << MONO_BITS * (MONO_VARS - n);
}

static struct poly
poly_mul(const struct poly *x, const struct poly *y)
{
	struct poly all = {0}, r = {0};

	for (uint32_t i = 0; i < x->n; i++)
		for (uint32_t j = 0; j < y->n; j++)
			poly_put(&all, mono_product(x->m[i].key, y->m[j].key),
			    kb_mul(x->m[i].coeff, y->m[j].coeff));
	if (x->n > 1 && y->n > 1)
		qsort(all.m, all.n, sizeof *all.m, mono_order);
	for (uint32_t i = 0; i < all.n;) {
		uint64_t key = all.m[i].key;
		kb sum = KB_ZERO;

		for (; i < all.n && all.m[i].key == key; i++)
			sum = kb_add(sum, all.m[i].coeff);
		poly_put(&r, key, sum);
	}
	free(all.m);
	return r;
}

/* ---- of a chip ---- */

static struct poly
poly_var(uint32_t v)
{
	struct poly r = {0};

	poly_put(&r, (uint64_t)v << MONO_BITS * (MONO_VARS - 1), KB_ONE);
	return r;
}

static struct poly
poly_step(const struct polys *p, const struct air_insn *i,
    const struct poly *slot)
{
	const struct air_chip *c = p->chip;
	bool public = c->main_width + c->prep_width == 0;
	const struct poly none = {0};
	struct poly r = {0};

	switch ((enum air_opcode)i->op) {
	case AIR_LOAD_MAIN: return poly_var(1 + i->a);
	case AIR_LOAD_PREP: return poly_var(1 + c->main_width + i->a);
	case AIR_LOAD_PUBLIC:
		return poly_var(1 + (public ? 0 : p->width) + i->a);
	case AIR_CONST:
		poly_put(&r, 0, c->prog.constant[i->a]);
		return r;
	case AIR_ADD: return poly_add(&slot[i->a], &slot[i->b], KB_ONE);
	case AIR_SUB:
		return poly_add(&slot[i->a], &slot[i->b], kb_neg(KB_ONE));
	case AIR_MUL: return poly_mul(&slot[i->a], &slot[i->b]);
	case AIR_NEG: return poly_add(&none, &slot[i->a], kb_neg(KB_ONE));
	case AIR_ASSERT: return poly_add(&slot[i->a], &none, KB_ONE);
	}
	return r;
}

static void
polys_expand(struct polys *p)
{
	const struct air_prog *prog = &p->chip->prog;
	struct poly *slot = poly_get(prog->nslots, sizeof *slot);

	p->of = poly_get(p->chip->nconstraints, sizeof *p->of);
	for (size_t k = 0; k < prog->n; k++) {
		const struct air_insn *i = &prog->insn[k];
		struct poly r = poly_step(p, i, slot);

		if (i->op == AIR_ASSERT) {
			p->of[p->n++] = r;
		} else {
			free(slot[i->dst].m);
			slot[i->dst] = r;
		}
	}
	for (unsigned k = 0; k < prog->nslots; k++)
		free(slot[k].m);
	free(slot);
}

static void
polys_index(struct polys *p, bool count)
{
	for (unsigned k = 0; k < p->n; k++)
		for (uint32_t i = 0; i < p->of[k].n; i++) {
			uint32_t last = 0;

			for (int h = 0; h < MONO_VARS; h++) {
				uint32_t v = MONO_VAR(p->of[k].m[i].key, h);

				if (v == last)
					continue;
				if (v == 0)
					break;
				last = v;
				if (count)
					p->start[v + 1]++;
				else
					p->at[p->start[v]++] =
					    (struct occurrence){k, i};
			}
		}
}

void
polys_make(struct polys *p, const struct air_chip *c)
{
	bool public = c->main_width + c->prep_width == 0;

	*p = (struct polys){.chip = c};
	p->width = public ? AIR_PUBLIC_VALUES : c->main_width + c->prep_width;
	p->nvars = 1 + p->width + (public ? 0 : AIR_PUBLIC_VALUES);
	must(p->nvars < 1u << MONO_BITS);
	polys_expand(p);
}

void
polys_link(struct polys *p)
{
	p->start = poly_get(p->nvars + 2, sizeof *p->start);
	polys_index(p, true);
	for (unsigned v = 0; v < p->nvars; v++)
		p->start[v + 1] += p->start[v];
	p->at = poly_get(p->start[p->nvars], sizeof *p->at);
	polys_index(p, false);
	memmove(p->start + 1, p->start, p->nvars * sizeof *p->start);
	p->start[0] = 0;
}

void
polys_free(struct polys *p)
{
	for (unsigned k = 0; k < p->n; k++)
		free(p->of[k].m);
	free(p->of);
	free(p->start);
	free(p->at);
}

/* ---- values; x: of each variable ---- */

static kb
mono_value(const struct mono *m, const kb *x)
{
	kb r = m->coeff;

	for (int h = 0; h < MONO_VARS; h++) {
		uint32_t v = MONO_VAR(m->key, h);

		if (!v)
			break;
		r = kb_mul(r, x[v]);
	}
	return r;
}

kb
poly_value(const struct poly *p, const kb *x)
{
	kb r = KB_ZERO;

	for (uint32_t i = 0; i < p->n; i++)
		r = kb_add(r, mono_value(&p->m[i], x));
	return r;
}

unsigned
mono_degree(uint64_t key, uint32_t v)
{
	unsigned n = 0;

	for (int h = 0; h < MONO_VARS; h++)
		n += MONO_VAR(key, h) == v;
	return n;
}

kb
mono_rest(const struct mono *m, uint32_t v, const kb *x)
{
	kb r = m->coeff;

	for (int h = 0; h < MONO_VARS; h++) {
		uint32_t u = MONO_VAR(m->key, h);

		if (!u)
			break;
		if (u != v)
			r = kb_mul(r, x[u]);
	}
	return r;
}

void
poly_in(const struct polys *p, unsigned k, uint32_t v, const kb *x, kb c[4])
{
	memset(c, 0, 4 * sizeof *c);
	for (uint32_t i = 0; i < p->of[k].n; i++) {
		const struct mono *m = &p->of[k].m[i];
		unsigned d = mono_degree(m->key, v);

		must(d < 4);
		c[d] = kb_add(c[d], mono_rest(m, v, x));
	}
}

/* ---- a row under alteration ---- */

void
altered_init(struct altered *a, const struct polys *p)
{
	*a = (struct altered){.p = p};
	a->x = poly_get(p->nvars, sizeof *a->x);
	a->base = poly_get(p->nvars, sizeof *a->base);
	a->value = poly_get(p->n, sizeof *a->value);
	a->bad = poly_get(p->n, sizeof *a->bad);
	a->bad_at = poly_get(p->n, sizeof *a->bad_at);
	a->changed = poly_get(p->width, sizeof *a->changed);
	a->is_changed = poly_get(p->width, sizeof *a->is_changed);
	a->x[0] = a->base[0] = KB_ONE;
}

void
altered_free(struct altered *a)
{
	free(a->x);
	free(a->base);
	free(a->value);
	free(a->bad);
	free(a->bad_at);
	free(a->changed);
	free(a->is_changed);
}

static void
altered_note(struct altered *a, unsigned k, kb value)
{
	bool was = a->value[k].v != 0;

	a->value[k] = value;
	if (!was && value.v) {
		a->bad[a->nbad++] = k;
		a->bad_at[k] = a->nbad;
	} else if (was && !value.v) {
		uint32_t at = a->bad_at[k] - 1, last = a->bad[--a->nbad];

		a->bad[at] = last;
		a->bad_at[last] = at + 1;
		a->bad_at[k] = 0;
	}
}

void
altered_base(struct altered *a, const kb *row, const kb *pv)
{
	const struct polys *p = a->p;

	memcpy(a->x + 1, row, p->width * sizeof *row);
	if (p->nvars > 1 + p->width)
		memcpy(a->x + 1 + p->width, pv,
		    AIR_PUBLIC_VALUES * sizeof *pv);
	memcpy(a->base, a->x, p->nvars * sizeof *a->x);
	for (unsigned i = 0; i < a->nchanged; i++)
		a->is_changed[a->changed[i]] = false;
	a->nchanged = 0;
	for (unsigned k = 0; k < p->n; k++)
		altered_note(a, k, poly_value(&p->of[k], a->x));
}

void
altered_set(struct altered *a, uint32_t cell, kb to)
{
	const struct polys *p = a->p;
	uint32_t v = cell + 1, i = p->start[v], end = p->start[v + 1];
	kb from = a->x[v];

	if (from.v == to.v)
		return;
	if (!a->is_changed[cell]) {
		a->is_changed[cell] = true;
		a->changed[a->nchanged++] = cell;
	}
	while (i < end) {
		uint32_t k = p->at[i].poly;
		kb sum = a->value[k];

		for (; i < end && p->at[i].poly == k; i++) {
			const struct mono *m = &p->of[k].m[p->at[i].mono];

			sum = kb_sub(sum, mono_value(m, a->x));
			a->x[v] = to;
			sum = kb_add(sum, mono_value(m, a->x));
			a->x[v] = from;
		}
		altered_note(a, k, sum);
	}
	a->x[v] = to;
}

kb
altered_cell(const struct altered *a, uint32_t cell)
{
	return a->x[cell + 1];
}

void
altered_reset(struct altered *a)
{
	for (unsigned i = 0; i < a->nchanged; i++) {
		uint32_t cell = a->changed[i];

		altered_set(a, cell, a->base[cell + 1]);
		a->is_changed[cell] = false;
	}
	a->nchanged = 0;
}
