#include "recursion/gadgets.h"

#include <string.h>

void
challenger_var_init(struct circuit *c, struct challenger_var *t)
{
	memset(t, 0, sizeof *t);
	for (int i = 0; i < 16; i++)
		t->state[i] = f_eval(c, f_k(0));
}

static void
duplex(struct circuit *c, struct challenger_var *t)
{
	memcpy(t->state, t->in, t->nin * sizeof *t->in);
	t->nin = 0;
	permute(c, t->state, t->state);
	memcpy(t->out, t->state, sizeof t->out);
	t->nout = 8;
}

void
observe_felt(struct circuit *c, struct challenger_var *t, felt x)
{
	t->nout = 0;
	t->in[t->nin++] = x;
	if (t->nin == 8)
		duplex(c, t);
}

void
observe_felts(struct circuit *c, struct challenger_var *t, const felt *x,
    size_t n)
{
	for (size_t i = 0; i < n; i++)
		observe_felt(c, t, x[i]);
}

void
observe_digest(struct circuit *c, struct challenger_var *t,
    const struct digest_var *d)
{
	observe_felts(c, t, d->c, 8);
}

void
observe_number(struct circuit *c, struct challenger_var *t, uint32_t n)
{
	observe_felt(c, t, f_eval(c, f_k(n)));
}

void
observe_ext(struct circuit *c, struct challenger_var *t, ext x)
{
	felt f[4];

	ext_to_felts(c, f, x);
	observe_felts(c, t, f, 4);
}

void
observe_exts(struct circuit *c, struct challenger_var *t, const ext *x,
    size_t n)
{
	observe_number(c, t, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		observe_ext(c, t, x[i]);
}

static felt
sample(struct circuit *c, struct challenger_var *t)
{
	if (t->nin > 0 || t->nout == 0)
		duplex(c, t);
	return t->out[--t->nout];
}

ext
sample_ext(struct circuit *c, struct challenger_var *t)
{
	felt f[4];
	eexpr sum = e_k(0);

	for (int i = 0; i < 4; i++)
		f[i] = sample(c, t);
	for (int i = 0; i < 4; i++) {
		ef k = EF_ZERO;

		k.c[i] = KB_ONE;
		sum = e_add(c, sum, e_mul(c, e_felt(f_var(f[i])), e_const(k)));
	}
	return e_eval(c, sum);
}

void
sample_bits(struct circuit *c, struct challenger_var *t, felt bits[FELT_BITS])
{
	num_to_bits(c, bits, FELT_BITS, sample(c, t));
}

void
check_witness(struct circuit *c, struct challenger_var *t, unsigned nbits,
    felt witness)
{
	felt bits[FELT_BITS];

	observe_felt(c, t, witness);
	sample_bits(c, t, bits);
	for (unsigned i = 0; i < nbits; i++)
		f_assert_eq(c, f_var(bits[i]), f_k(0));
}
