#include "recursion/verify.h"

#include <string.h>

#include "base/err.h"

void
observe_vk(struct circuit *c, struct challenger_var *t, const struct vk_var *vk)
{
	felt zero;

	observe_digest(c, t, &vk->commit);
	observe_felts(c, t, vk->pc_start, 3);
	observe_felts(c, t, vk->sum_x, 7);
	observe_felts(c, t, vk->sum_y, 7);
	observe_felt(c, t, vk->untrusted);
	zero = f_eval(c, f_k(0));
	for (int i = 0; i < 6; i++)
		observe_felt(c, t, zero);
}

/* The number whose bits these are, high first. */
static fexpr
number(struct circuit *c, const felt *bits, unsigned n)
{
	fexpr sum = f_k(0);

	for (unsigned i = 0; i < n; i++) {
		fexpr doubled = f_mul(c, f_k(2), sum);

		sum = f_add(c, f_var(bits[i]), doubled);
	}
	return sum;
}

static felt *
heights(struct circuit *c, const struct proof_var *p)
{
	const struct proof_shape *s = p->shape;
	felt *h = circuit_alloc(c, s->nchips, sizeof *h);

	for (unsigned i = 0; i < s->nchips; i++)
		h[i] = f_eval(c, number(c, p->opened[i].height,
		    s->params->max_log_row + 1));
	return h;
}

static void
observe_name(struct circuit *c, struct challenger_var *t, const char *name)
{
	size_t n = strlen(name);
	felt v[64];

	must(n < 64);
	v[0] = f_eval(c, f_k((uint32_t)n));
	for (size_t i = 0; i < n; i++)
		v[1 + i] = f_eval(c, f_k((uint8_t)name[i]));
	observe_felts(c, t, v, 1 + n);
}

static void
observe_head(struct circuit *c, struct challenger_var *t,
    const struct proof_var *p, const felt *height)
{
	const struct proof_shape *s = p->shape;
	felt nchips;

	observe_felts(c, t, p->public_values, STARK_PUBLIC_VALUES);
	for (unsigned i = s->params->public_values; i < STARK_PUBLIC_VALUES; i++)
		f_assert_eq(c, f_var(p->public_values[i]), f_k(0));
	observe_digest(c, t, &p->main_commitment);
	nchips = f_eval(c, f_k(s->nchips));
	observe_felt(c, t, nchips);
	for (unsigned i = 0; i < s->nchips; i++) {
		observe_felt(c, t, height[i]);
		observe_name(c, t, s->chip[i]->name);
	}
}

/* ---- the layout of the dense vector ---- */

/* How high each column is but the last of each round, which the round's length
 * gives. */
static felt *
column_heights(struct circuit *c, const struct proof_shape *s,
    const felt *height, felt most)
{
	felt *v = circuit_alloc(c, s->ncols, sizeof *v), *at = v;

	for (int r = 0; r < 2; r++) {
		for (unsigned i = 0; i < s->nchips; i++) {
			unsigned w = r == 0 ? s->chip[i]->prep_width :
			    s->chip[i]->main_width;

			while (w-- > 0)
				*at++ = height[i];
		}
		for (unsigned i = 1; i < s->padding[r]; i++)
			*at++ = most;
	}
	return v;
}

/* At most 2^max_log_row: below the double, and no bit beside the highest. */
#define check_padding(c, bits, max_log_row, zero, high) \
	check_padding_at(c, AIR_HERE, bits, max_log_row, zero, high)
static void
check_padding_at(struct circuit *c, const char *at, const felt *bits,
    unsigned max_log_row, felt zero, felt high)
{
	for (unsigned i = 0; i < max_log_row; i++) {
		felt bit = bits_to_num(c, &bits[i], 1);

		f_assert_eq_at(c, at, f_mul(c, f_var(high), f_var(bit)),
		    f_var(zero));
	}
}

static void
verify_padding(struct circuit *c, const struct proof_shape *s,
    const felt *prefix_sum, size_t nprep)
{
	unsigned max = s->params->max_log_row;
	felt bits[FELT_BITS], high, zero, rows;
	const felt *last = prefix_sum + s->ncols - 1;

	rows = f_eval(c, f_sub(c, f_var(prefix_sum[nprep + 1]),
	    f_var(prefix_sum[nprep])));
	num_to_bits(c, bits, max + 1, rows);
	high = bits_to_num(c, &bits[max], 1);
	zero = f_eval(c, f_k(0));
	check_padding(c, bits, max, zero, high);

	/* As in the stock program the column before the padding, whose end is not
	 * among these: the last chip's.  A row beyond the highest has no weight in
	 * the layout's polynomial. */
	rows = f_eval(c, f_sub(c, f_var(last[0]), f_var(last[-1])));
	num_to_bits(c, bits, FELT_BITS, rows);
	high = bits_to_num(c, &bits[max], 1);
	for (unsigned i = max + 1; i < FELT_BITS; i++)
		f_assert_eq(c, f_var(bits[i]), f_k(0));
	check_padding(c, bits, max, zero, high);
}

static void
verify_layout(struct circuit *c, const struct proof_var *p, const felt *height,
    const felt *prefix_sum)
{
	const struct proof_shape *s = p->shape;
	uint32_t stack = 1u << s->params->log_stack;
	unsigned n = s->log_area + 1;
	size_t nprep = s->padding[0] - 1;
	felt most = f_eval(c, f_k(1u << s->params->max_log_row)), area;
	const felt *rows = column_heights(c, s, height, most);

	for (unsigned i = 0; i < s->nchips; i++)
		nprep += s->chip[i]->prep_width;
	for (size_t i = 0; i + 1 < s->ncols; i++)
		if (i != nprep)
			f_assert_eq(c, f_add(c, f_var(prefix_sum[i]),
			    f_var(*rows++)), f_var(prefix_sum[i + 1]));
	f_assert_eq(c, f_var(prefix_sum[0]), f_k(0));
	f_assert_eq(c, f_var(prefix_sum[nprep + 1]),
	    f_k(stack * s->multiple[0]));
	verify_padding(c, s, prefix_sum, nprep);
	area = f_eval(c, f_k(stack * (s->multiple[0] + s->multiple[1])));
	f_assert_eq(c, number(c, p->pcs.prefix_sum + s->ncols * n, n),
	    f_var(area));
}

void
shard_verify(struct circuit *c, struct challenger_var *t,
    const struct vk_var *vk, const struct proof_var *p)
{
	const felt *height = heights(c, p);
	const felt *prefix_sum;

	observe_head(c, t, p, height);
	gkr_verify(c, t, p);
	zerocheck_verify(c, t, p);
	prefix_sum = jagged_verify(c, t, vk, p);
	verify_layout(c, p, height, prefix_sum);
}
