#include "poly/challenger.h"

#include <string.h>

#include "base/err.h"
#include "base/par.h"

void
challenger_init(struct challenger *c, const struct hasher *h)
{
	memset(c, 0, sizeof *c);
	c->hasher = h;
}

static void
duplex(struct challenger *c)
{
	c->hasher->permute(&c->state, c->in, c->nin);
	c->hasher->challenges(c->out, &c->state);
	c->nin = 0;
	c->nout = SPONGE_OUT;
}

void
challenger_observe(struct challenger *c, kb x)
{
	c->nout = 0;
	c->in[c->nin++] = x;
	if (c->nin == c->hasher->rate)
		duplex(c);
}

void
challenger_observe_u32(struct challenger *c, uint32_t canonical)
{
	challenger_observe(c, kb_from(canonical));
}

void
challenger_observe_many(struct challenger *c, const kb *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		challenger_observe(c, v[i]);
}

void
challenger_observe_digest(struct challenger *c, const any_digest *d)
{
	kb v[8];

	challenger_observe_many(c, v, c->hasher->elements(v, d));
}

void
challenger_observe_ef(struct challenger *c, ef x)
{
	challenger_observe_many(c, x.c, 4);
}

void
challenger_observe_efs(struct challenger *c, const ef *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		challenger_observe_ef(c, v[i]);
}

kb
challenger_sample(struct challenger *c)
{
	if (c->nin || !c->nout)
		duplex(c);
	return c->out[--c->nout];
}

ef
challenger_sample_ef(struct challenger *c)
{
	ef r;

	for (int i = 0; i < 4; i++)
		r.c[i] = challenger_sample(c);
	return r;
}

uint32_t
challenger_sample_bits(struct challenger *c, unsigned n)
{
	return kb_to(challenger_sample(c)) & (uint32_t)(((uint64_t)1 << n) - 1);
}

bool
challenger_check_pow(struct challenger *c, unsigned bits, kb witness)
{
	challenger_observe(c, witness);
	return challenger_sample_bits(c, bits) == 0;
}

struct grind {
	const struct challenger *c;
	uint32_t mask, found;	/* found: the smallest so far */
	size_t base;
};

static void
grind_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct grind *g = ctx;

	for (size_t i = begin; i < end; i++) {
		uint32_t from = (uint32_t)((g->base + i) * 16), hit, w, old;

		old = __atomic_load_n(&g->found, __ATOMIC_RELAXED);
		if (from > old)
			return;
		hit = g->c->hasher->grind16(&g->c->state, g->c->in, g->c->nin,
		    from, g->mask);
		if (!hit)
			continue;
		w = from + (uint32_t)__builtin_ctz(hit);
		while (w < old && !__atomic_compare_exchange_n(&g->found, &old,
		    w, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			;
		return;
	}
}

/*
 * The witness is the last input of the permutation whose last output is sampled,
 * whether or not it fills the buffer.  The smallest witness wins, so the result
 * does not depend on the number of threads.
 */
kb
challenger_grind(struct challenger *c, unsigned bits)
{
	struct grind g = {.c = c, .found = UINT32_MAX};
	size_t blocks = (KB_P + 15) / 16, step = (size_t)256 * par_threads();
	kb witness;

	must(bits <= 30);
	g.mask = ((uint32_t)1 << bits) - 1;
	for (; g.base < blocks && g.found == UINT32_MAX; g.base += step)
		par_for(step, 16, grind_piece, &g);
	must(g.found < KB_P);	/* 2^31 tries at 2^-30 each */
	witness = kb_from(g.found);
	must(challenger_check_pow(c, bits, witness));
	return witness;
}
