/*
 * The jagged indicator's evaluation, proved (sp1-proof(7), Jagged).  For a column
 * [from, to) a branching program of four states reads a bit of row, index, from and
 * to at a time, the lowest first, and tells whether from + row = index < to.  The
 * sumcheck binds to's bits, then from's, both from the lowest.
 *
 * Where bits are not bound they are the columns' own, so a round needs of each
 * column the states reached through the bits bound (forward), and what each state is
 * worth over those that remain (backward), both kept.
 */
#include "prover/phase.h"

#include <stdlib.h>

#include "base/par.h"

#define CHUNK 64

struct state { ef v[4]; };	/* of carry + 2 * (index < to so far) */

struct column {			/* those with equal from and to are one */
	uint32_t from, to;
	ef weight;		/* times eq of the bits bound */
	struct state forward;
};

struct indicator {
	unsigned layers, bits;	/* of the program; of from and to */
	ef w[40][2][2];		/* eq of row's and index's bit */
	ef to[40];		/* challenges for to's bits */
	struct column *col;
	size_t n;
	struct state *backward;	/* [column][layer] */
	unsigned round;
	ef r;
	ef (*sum)[2];
	/* While from's bits are bound: the states reached, and a layer on with
	 * from's bit 0 or 1. */
	struct state reached, next[2];
};

static ef
bit_weight(const ef *point, unsigned n, unsigned layer, unsigned bit)
{
	ef z = layer < n ? point[n - 1 - layer] : EF_ZERO;

	return bit ? z : ef_sub(EF_ONE, z);
}

static unsigned
next_state(unsigned s, unsigned row, unsigned from, unsigned to,
    unsigned *index)
{
	unsigned sum = row + from + (s & 1);

	*index = sum & 1;
	return (sum >> 1) + 2 * (*index == to ? s >> 1 : to);
}

/* What the states before a layer are worth. */
static struct state
back(const struct indicator *t, unsigned layer, unsigned from, unsigned to,
    const struct state *after)
{
	struct state o;

	for (unsigned s = 0; s < 4; s++) {
		o.v[s] = EF_ZERO;
		for (unsigned row = 0; row < 2; row++) {
			unsigned i, n = next_state(s, row, from, to, &i);

			o.v[s] = ef_add(o.v[s], ef_mul(t->w[layer][row][i],
			    after->v[n]));
		}
	}
	return o;
}

static struct state
forth(const struct indicator *t, unsigned layer, unsigned from, unsigned to,
    const struct state *before)
{
	struct state o = {{EF_ZERO, EF_ZERO, EF_ZERO, EF_ZERO}};

	for (unsigned s = 0; s < 4; s++)
		for (unsigned row = 0; row < 2; row++) {
			unsigned i, n = next_state(s, row, from, to, &i);

			o.v[n] = ef_add(o.v[n], ef_mul(t->w[layer][row][i],
			    before->v[s]));
		}
	return o;
}

static struct state
mix(const struct state *a, const struct state *b, ef r)
{
	struct state o;

	for (int i = 0; i < 4; i++)
		o.v[i] = ef_add(a->v[i], ef_mul(r, ef_sub(b->v[i], a->v[i])));
	return o;
}

static ef
dot(const struct state *a, const struct state *b)
{
	ef r = ef_mul(a->v[0], b->v[0]);

	for (int i = 1; i < 4; i++)
		r = ef_add(r, ef_mul(a->v[i], b->v[i]));
	return r;
}

static unsigned
bit(uint32_t x, unsigned layer)
{
	return layer < 32 ? x >> layer & 1 : 0;
}

/* to's bits: the column's (round 0), or the challenges (round = bits). */
static void
backward_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct indicator *t = ctx;

	for (size_t i = begin; i < end; i++) {
		const struct column *c = &t->col[i];
		struct state *b = t->backward + i * (t->layers + 1);

		b[t->layers] = (struct state){{EF_ZERO, EF_ZERO, EF_ONE,
		    EF_ZERO}};
		for (unsigned l = t->layers; l-- > 0;) {
			unsigned from = bit(c->from, l);
			struct state x, y;

			if (t->round == 0 || l >= t->bits) {
				b[l] = back(t, l, from, bit(c->to, l), &b[l + 1]);
				continue;
			}
			x = back(t, l, from, 0, &b[l + 1]);
			y = back(t, l, from, 1, &b[l + 1]);
			b[l] = mix(&x, &y, t->to[l]);
		}
	}
}

/* The round's sum at 0 and its leading coefficient: of (eq of the column's bit) times
 * (the program's worth), both linear. */
static void
sum_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct indicator *t = ctx;
	int first = t->round < t->bits;
	unsigned l = first ? t->round : t->round - t->bits;

	for (size_t k = begin; k < end; k++) {
		ef s0 = EF_ZERO, s2 = EF_ZERO;

		for (size_t i = k * CHUNK; i < t->n && i < (k + 1) * CHUNK;
		    i++) {
			const struct column *c = &t->col[i];
			const struct state *b = t->backward +
			    i * (t->layers + 1) + l + 1;
			struct state x;
			unsigned on;
			ef h0, h1;

			if (first) {
				unsigned from = bit(c->from, l);

				x = back(t, l, from, 0, b);
				h0 = dot(&c->forward, &x);
				x = back(t, l, from, 1, b);
				h1 = dot(&c->forward, &x);
				on = bit(c->to, l);
			} else {
				h0 = dot(&t->next[0], b);
				h1 = dot(&t->next[1], b);
				on = bit(c->from, l);
			}
			h1 = ef_mul(c->weight, ef_sub(h1, h0));
			if (on) {
				s2 = ef_add(s2, h1);
			} else {
				s0 = ef_add(s0, ef_mul(c->weight, h0));
				s2 = ef_sub(s2, h1);
			}
		}
		t->sum[k][0] = s0;
		t->sum[k][1] = s2;
	}
}

static void
bind_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct indicator *t = ctx;
	int first = t->round < t->bits;
	unsigned l = first ? t->round : t->round - t->bits;

	for (size_t i = begin; i < end; i++) {
		struct column *c = &t->col[i];
		unsigned on = bit(first ? c->to : c->from, l);

		c->weight = ef_mul(c->weight, on ? t->r :
		    ef_sub(EF_ONE, t->r));
		if (first) {
			unsigned from = bit(c->from, l);
			struct state a = forth(t, l, from, 0, &c->forward);
			struct state b = forth(t, l, from, 1, &c->forward);

			c->forward = mix(&a, &b, t->r);
		}
	}
}

/* The states reached a layer on, to's bit being bound, for both of from's bits. */
static void
reach(struct indicator *t, unsigned l)
{
	for (unsigned from = 0; from < 2; from++) {
		struct state a = forth(t, l, from, 0, &t->reached);
		struct state b = forth(t, l, from, 1, &t->reached);

		t->next[from] = mix(&a, &b, t->to[l]);
	}
}

static int
rounds(struct prove *p, struct indicator *t)
{
	struct sumcheck_proof *sc = &p->proof->pcs.jagged_eval;
	size_t chunks = (t->n + CHUNK - 1) / CHUNK;
	ef claim = EF_ZERO;

	par_for(t->n, CHUNK, backward_piece, t);
	for (size_t i = 0; i < t->n; i++)
		claim = ef_add(claim, ef_mul(t->col[i].weight,
		    t->backward[i * (t->layers + 1)].v[0]));
	challenger_observe_ef(&p->t, claim);
	if (sumcheck_begin(p, sc, 2 * t->bits, 2, claim) < 0)
		return -1;
	for (t->round = 0; t->round < 2 * t->bits; t->round++) {
		ef m[3] = {EF_ZERO, EF_ZERO, EF_ZERO};

		if (t->round == t->bits)
			par_for(t->n, CHUNK, backward_piece, t);
		if (t->round >= t->bits)
			reach(t, t->round - t->bits);
		par_for(chunks, 1, sum_piece, t);
		for (size_t k = 0; k < chunks; k++) {
			m[0] = ef_add(m[0], t->sum[k][0]);
			m[2] = ef_add(m[2], t->sum[k][1]);
		}
		m[1] = ef_sub(ef_sub(sc->eval, ef_add(m[0], m[0])), m[2]);
		t->r = sumcheck_round(p, sc, t->round, m);
		if (t->round < t->bits)
			t->to[t->round] = t->r;
		else
			t->reached = mix(&t->next[0], &t->next[1], t->r);
		par_for(t->n, CHUNK, bind_piece, t);
	}
	return 0;
}

int
prove_jagged_eval(struct prove *p, const uint32_t *start, size_t ncols,
    const ef *eq_col)
{
	const struct pcs_proof *q = &p->proof->pcs;
	unsigned nrow = p->params->max_log_row, nindex = (unsigned)q->log_m;
	struct indicator t = {.bits = nindex + 1,
	    .reached = {{EF_ONE, EF_ZERO, EF_ZERO, EF_ZERO}}};
	int r;

	t.layers = (nindex > nrow ? nindex : nrow) + 1;
	must(t.layers <= 40);
	for (unsigned l = 0; l < t.layers; l++)
		for (unsigned a = 0; a < 2; a++)
			for (unsigned b = 0; b < 2; b++)
				t.w[l][a][b] = ef_mul(bit_weight(
				    p->proof->zerocheck.point.v, nrow, l, a),
				    bit_weight(q->sumcheck.point.v, nindex, l,
				    b));
	t.col = malloc(ncols * sizeof *t.col);
	t.backward = malloc(ncols * (t.layers + 1) * sizeof *t.backward);
	t.sum = malloc((ncols / CHUNK + 1) * sizeof *t.sum);
	if (!t.col || !t.backward || !t.sum) {
		r = prove_no_memory(p);
		goto done;
	}
	for (size_t i = 0; i < ncols; i++) {
		if (i > 0 && start[i] == start[i - 1] &&
		    start[i + 1] == start[i]) {
			t.col[t.n - 1].weight = ef_add(t.col[t.n - 1].weight,
			    eq_col[i]);
			continue;
		}
		t.col[t.n++] = (struct column){start[i], start[i + 1],
		    eq_col[i], {{EF_ONE, EF_ZERO, EF_ZERO, EF_ZERO}}};
	}
	r = rounds(p, &t);
done:
	free(t.col);
	free(t.backward);
	free(t.sum);
	return r;
}
