#include "recursion/verify.h"

#include "base/err.h"
#include "poly/mle.h"

/* The tables' sizes are what each commitment is to. */
static void
verify_counts(struct circuit *c, const struct vk_var *vk,
    const struct proof_var *p, int r)
{
	const struct proof_shape *s = p->shape;
	const struct pcs_var *q = &p->pcs;
	const struct digest_var *want = r == 0 ? &vk->commit :
	    &p->main_commitment;
	unsigned n = s->ntables[r];
	felt *v = circuit_alloc(c, 1 + 2 * n, sizeof *v);
	struct digest_var h;

	v[0] = f_eval(c, f_k(n));
	for (unsigned i = 0; i < n; i++)
		v[1 + i] = f_eval(c, f_var(q->rows[r][i]));
	for (unsigned i = 0; i < n; i++)
		v[1 + n + i] = f_eval(c, f_k(s->table_cols[r][i]));
	h = hash_var(c, v, 1 + 2 * n);
	h = compress_var(c, &q->commitment[r], &h);
	digest_assert_eq(c, &h, want);
}

/* The opened values in the order of the columns, one zero for the padding's. */
static ext *
column_claims(struct circuit *c, const struct proof_var *p)
{
	const struct proof_shape *s = p->shape;
	size_t n = (size_t)1 << log2_ceil(s->ncols), k = 0;
	ext *claim = circuit_alloc(c, n, sizeof *claim);
	ext zero = e_eval(c, e_k(0));

	for (int r = 0; r < 2; r++) {
		for (unsigned i = 0; i < s->nchips; i++) {
			const struct chip_var *x = &p->opened[i].at;
			unsigned w = r == 0 ? s->chip[i]->prep_width :
			    s->chip[i]->main_width;

			for (unsigned j = 0; j < w; j++)
				claim[k++] = r == 0 ? x->prep[j] : x->main[j];
		}
		for (unsigned j = 0; j < s->padding[r]; j++)
			claim[k++] = zero;
	}
	must(k == s->ncols);
	while (k < n)
		claim[k++] = zero;
	return claim;
}

/* ---- the indicator ---- */

static eexpr
bit_at(const eexpr *point, unsigned n, unsigned i)
{
	return i < n ? point[n - 1 - i] : e_k(0);
}

struct layer_points {
	const eexpr *row, *index, *from, *to;
	unsigned nrow, nindex, nsum;
};

/* From the state before the bits of a layer to the one after: states are carry + 2
 * less, bits row, index, from, to; see stark/jagged.c. */
static void
branching_layer(struct circuit *c, const struct layer_points *p, unsigned l,
    eexpr state[4])
{
	eexpr bits[4] = {
		bit_at(p->row, p->nrow, l), bit_at(p->index, p->nindex, l),
		bit_at(p->from, p->nsum, l), bit_at(p->to, p->nsum, l)
	};
	eexpr *weight = eq_table(c, bits, 4), next[4];

	for (unsigned s = 0; s < 4; s++) {
		unsigned carry = s & 1, less = s >> 1;
		eexpr into[4] = {e_k(0), e_k(0), e_k(0), e_k(0)};

		for (unsigned k = 0; k < 16; k++) {
			unsigned i = k >> 2 & 1, t = k & 1;
			unsigned sum = (k >> 3) + (k >> 1 & 1) + carry;
			unsigned to = (sum >> 1) + 2 * (i == t ? less : t);

			if (i == (sum & 1))
				into[to] = e_add(c, into[to], weight[k]);
		}
		next[s] = e_k(0);
		for (unsigned k = 0; k < 4; k++)
			next[s] = e_add(c, next[s],
			    e_mul(c, into[k], state[k]));
	}
	for (unsigned s = 0; s < 4; s++)
		state[s] = next[s];
}

static eexpr
branching(struct circuit *c, const struct layer_points *p)
{
	eexpr state[4] = {e_k(0), e_k(0), e_k(1), e_k(0)};

	for (unsigned l = (p->nindex > p->nrow ? p->nindex : p->nrow) + 1;
	    l-- > 0;)
		branching_layer(c, p, l, state);
	return state[0];
}

static eexpr
indicator(struct circuit *c, struct challenger_var *t,
    const struct proof_var *p, const ext *z_col, felt *prefix_sum)
{
	const struct proof_shape *s = p->shape;
	const struct sumcheck_var *j = &p->pcs.jagged_eval;
	unsigned ncol = log2_ceil(s->ncols), n = s->log_area + 1;
	eexpr *weight = eq_table(c, symbolic(c, z_col, ncol), ncol);
	eexpr *point = symbolic(c, j->point, 2 * n), sum = e_k(0);
	struct layer_points l = {
		.row = symbolic(c, p->zerocheck.point, s->params->max_log_row),
		.nrow = s->params->max_log_row,
		.index = symbolic(c, p->pcs.sumcheck.point, s->log_area),
		.nindex = s->log_area,
		.from = point, .to = point + n, .nsum = n
	};

	observe_ext(c, t, j->claim);
	e_assert_eq(c, e_var(j->claim), e_var(j->claim));
	sumcheck_verify(c, t, j);
	for (size_t i = 0; i < s->ncols; i++) {
		ext eq = prefix_sums(c, &p->pcs.prefix_sum[i * n],
		    j->point, 2 * n, &prefix_sum[i]);

		sum = e_add(c, sum, e_mul(c, weight[i], e_var(eq)));
	}
	sum = e_mul(c, sum, branching(c, &l));
	e_assert_eq(c, sum, e_var(j->eval));
	return e_var(j->claim);
}

/* The prefix sums are those of the row counts. */
static void
verify_prefix_sums(struct circuit *c, const struct proof_var *p,
    const felt *prefix_sum)
{
	const struct proof_shape *s = p->shape;
	const felt *last = p->pcs.prefix_sum + s->ncols * (s->log_area + 1);
	felt sum = f_eval(c, f_k(0)), two;
	fexpr area = f_k(0);

	for (int r = 0; r < 2; r++)
		for (unsigned i = 0; i < s->ntables[r]; i++)
			for (unsigned j = 0; j < s->table_cols[r][i]; j++) {
				f_assert_eq(c, f_var(sum),
				    f_var(*prefix_sum++));
				sum = f_eval(c, f_add(c, f_var(sum),
				    f_var(p->pcs.rows[r][i])));
			}
	two = f_eval(c, f_k(2));
	for (unsigned i = 0; i <= s->log_area; i++) {
		fexpr doubled = f_mul(c, f_var(two), area);

		area = f_add(c, f_var(last[i]), doubled);
	}
	f_assert_eq(c, f_var(sum), area);
}

felt *
jagged_verify(struct circuit *c, struct challenger_var *t,
    const struct vk_var *vk, const struct proof_var *p)
{
	const struct proof_shape *s = p->shape;
	const struct pcs_var *q = &p->pcs;
	unsigned ncol = log2_ceil(s->ncols);
	ext *z_col = circuit_alloc(c, ncol, sizeof *z_col), *claims, claim;
	felt *prefix_sum = circuit_alloc(c, s->ncols, sizeof *prefix_sum);
	eexpr eval;

	for (unsigned i = 0; i < ncol; i++)
		z_col[i] = sample_ext(c, t);
	claims = column_claims(c, p);
	verify_counts(c, vk, p, 0);
	verify_counts(c, vk, p, 1);
	claim = mle_eval(c, claims, (size_t)1 << ncol, z_col, ncol);
	e_assert_eq(c, e_var(claim), e_var(q->sumcheck.claim));
	sumcheck_verify(c, t, &q->sumcheck);
	eval = indicator(c, t, p, z_col, prefix_sum);
	verify_prefix_sums(c, p, prefix_sum);
	e_assert_eq(c, e_mul(c, eval, e_var(q->expected_eval)),
	    e_var(q->sumcheck.eval));
	basefold_verify(c, t, p);
	return prefix_sum;
}
