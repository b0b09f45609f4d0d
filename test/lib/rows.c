#include "test/lib/rows.h"

#include "test/lib/lookup.h"

/* ---- the messages that a call must send and receive ---- */

static void
put(struct message *m, uint64_t x, unsigned limbs)
{
	for (unsigned i = 0; i < limbs; i++)
		m->v[m->n++] = x >> 16 * i & 0xffff;
}

static struct message *
message(struct expected *x, enum air_kind kind, bool send, uint64_t clk)
{
	struct message *m = &x->m[x->n++];

	*m = (struct message){.kind = kind, .send = send, .n = 2};
	m->v[0] = (uint32_t)(clk >> 24);
	m->v[1] = clk & 0xffffff;
	return m;
}

void
expect(struct expected *x, const struct precompile_event *e)
{
	struct message *m;

	x->n = 0;
	m = message(x, AIR_SYSCALL, false, e->head.clk);
	m->v[m->n++] = e->head.code & 0xff;
	put(m, e->head.arg1, 3);
	put(m, e->head.arg2, 3);
	for (unsigned i = 0; i < e->head.naccess; i++) {
		const struct rec_access *a = &e->access[i];

		m = message(x, AIR_MEMORY, true, a->prev_ts);
		put(m, a->addr, 3);
		put(m, a->prev, 4);
		m = message(x, AIR_MEMORY, false, a->ts);
		put(m, a->addr, 3);
		put(m, a->value, 4);
	}
}

/* ---- one row ---- */

static bool
take(const struct expected *x, bool *taken, const struct message *m)
{
	for (unsigned i = 0; i < x->n; i++) {
		const struct message *w = &x->m[i];

		if (taken[i] || w->kind != m->kind || w->send != m->send ||
		    w->n != m->n || memcmp(w->v, m->v, m->n * sizeof *m->v))
			continue;
		return taken[i] = true;
	}
	return false;
}

const char *
check_row(const struct air_chip *c, const kb *row, const struct expected *x)
{
	static const kb pv[AIR_PUBLIC_VALUES];
	bool taken[MAX_MESSAGES] = {false};
	unsigned n = 0;

	if (air_eval_row(c, row, NULL, pv, NULL).v)
		return "a constraint";
	for (unsigned i = 0; i < c->nsends + c->nreceives; i++) {
		const struct air_interaction *t = &c->interaction[i];
		struct message m = {t->kind, t->send, t->nvalues, {0}};
		uint32_t mult = kb_to(air_affine_row(&t->mult, c->main_width,
		    row, NULL));

		if (mult == 0)
			continue;
		if (mult != 1)
			return "a multiplicity";
		for (unsigned k = 0; k < t->nvalues; k++)
			m.v[k] = kb_to(air_affine_row(&t->value[k],
			    c->main_width, row, NULL));
		if (t->kind == AIR_BYTE) {
			if (!lookup_holds(m.v))
				return "a lookup";
			continue;
		}
		if (x && !take(x, taken, &m))
			return "a message";
		n++;
	}
	return !x || n == x->n ? NULL : "a message is missing";
}
