/*
 * The jagged reduction (sp1-proof(7), Jagged): all columns' openings become one
 * evaluation of the dense vector in which both rounds' columns lie one after
 * the other.
 */
#include "stark/check.h"

#include "poly/mle.h"

/* Where each column begins in the dense vector; start[ncols] is its length. */
static uint32_t *
column_starts(struct shard_check *c)
{
	const struct pcs_proof *q = &c->p->pcs;
	uint32_t *start = check_alloc(c, c->ncols + 1, sizeof *start);
	size_t k = 0;
	uint32_t at = 0;

	if (start == NULL)
		return NULL;
	for (size_t r = 0; r < q->nrounds; r++)
		for (size_t i = 0; i < q->counts[r].n; i++)
			for (uint64_t j = 0; j < q->counts[r].v[i].cols; j++) {
				start[k++] = at;
				at += (uint32_t)q->counts[r].v[i].rows;
			}
	start[k] = at;
	must(k == c->ncols);
	return start;
}

/* The opened values in the order of the columns, zeros for the padding's. */
static ef *
column_claims(struct shard_check *c)
{
	const struct shard_proof *p = c->p;
	ef *claim = check_alloc(c, c->ncols, sizeof *claim), *v = claim;

	if (claim == NULL)
		return NULL;
	for (int r = 0; r < 2; r++) {
		const struct round_counts *n = &p->pcs.counts[r];

		for (size_t i = 0; i < p->nopened; i++) {
			const struct ef_vec *o = r == 0 ? &p->opened[i].prep :
			    &p->opened[i].main;

			for (size_t j = 0; j < o->n; j++)
				*v++ = o->v[j];
		}
		v += n->v[n->n - 2].cols + n->v[n->n - 1].cols;
	}
	must((size_t)(v - claim) == c->ncols);
	return claim;
}

/*
 * eq(bits of t, point) for many t: the point's coordinates in groups of up to
 * eight, a table each.
 */
#define GROUP 8
#define GROUPS 4
struct eq_of {
	unsigned ngroups, bits[GROUPS];
	ef table[GROUPS][1 << GROUP];	/* most significant group first */
};

static void
eq_of_init(struct eq_of *e, const ef *point, unsigned n)
{
	must(n <= GROUP * GROUPS);
	for (e->ngroups = 0; n > 0; e->ngroups++) {
		unsigned k = n % GROUP == 0 ? GROUP : n % GROUP;

		e->bits[e->ngroups] = k;
		mle_eq_table(e->table[e->ngroups], point, k);
		point += k;
		n -= k;
	}
}

static ef
eq_of(const struct eq_of *e, uint32_t t)
{
	ef r = EF_ONE;

	for (unsigned g = e->ngroups; g-- > 0; t >>= e->bits[g])
		r = ef_mul(r, e->table[g][t & ((1u << e->bits[g]) - 1)]);
	return r;
}

static ef
bit_at(const ef *point, unsigned n, unsigned i)
{
	return i < n ? point[n - 1 - i] : EF_ZERO;
}

/*
 * The read-once branching program that tells whether index = from + row and
 * index < to, as a multilinear function of the four: bits from the lowest, a
 * state of two bits (carry of the sum; whether index < to so far).  Walked
 * from its end, state[s] being the value of what remains when one is in s.
 */
static ef
branching(const ef *row, unsigned nrow, const ef *index, unsigned nindex,
    const ef *from, const ef *to, unsigned nsum)
{
	unsigned layers = (nindex > nrow ? nindex : nrow) + 1;
	ef state[4] = {EF_ZERO, EF_ZERO, EF_ONE, EF_ZERO};

	for (unsigned l = layers; l-- > 0;) {
		ef bits[4] = {
			bit_at(row, nrow, l), bit_at(index, nindex, l),
			bit_at(from, nsum, l), bit_at(to, nsum, l)
		};
		ef weight[16], next[4] = {EF_ZERO, EF_ZERO, EF_ZERO, EF_ZERO};

		mle_eq_table(weight, bits, 4);
		for (unsigned s = 0; s < 4; s++) {
			unsigned carry = s & 1, less = s >> 1;

			for (unsigned k = 0; k < 16; k++) {
				unsigned r = k >> 3, i = k >> 2 & 1,
				    f = k >> 1 & 1, t = k & 1;
				unsigned sum = r + f + carry;

				if (i != (sum & 1))
					continue;
				next[s] = ef_add(next[s], ef_mul(weight[k],
				    state[(sum >> 1) +
				    2 * (i == t ? less : t)]));
			}
		}
		for (unsigned s = 0; s < 4; s++)
			state[s] = next[s];
	}
	return state[0];
}

/* The jagged indicator's value, proved by a second sumcheck. */
static int
check_indicator(struct shard_check *c, const ef *z_col, unsigned ncol_vars)
{
	const struct pcs_proof *q = &c->p->pcs;
	unsigned n = c->log_area + 1;
	const ef *point = q->jagged_eval.point.v;
	uint32_t *start = column_starts(c);
	ef *weight = check_alloc(c, (size_t)1 << ncol_vars, sizeof *weight);
	struct eq_of *from = check_alloc(c, 2, sizeof *from), *to = from + 1;
	ef sum = EF_ZERO, same = EF_ZERO;

	if (start == NULL || weight == NULL || from == NULL)
		return -1;
	challenger_observe_ef(&c->t, q->jagged_eval.claim);
	if (check_sumcheck(c, &q->jagged_eval, 2 * n, 2, "jagged indicator's"))
		return -1;
	mle_eq_table(weight, z_col, ncol_vars);
	eq_of_init(from, point, n);
	eq_of_init(to, point + n, n);
	for (size_t i = 0; i < c->ncols; i++) {
		/* Columns of chips without rows share their place. */
		if (i == 0 || start[i] != start[i - 1] ||
		    start[i + 1] != start[i])
			same = ef_mul(eq_of(from, start[i]),
			    eq_of(to, start[i + 1]));
		sum = ef_add(sum, ef_mul(weight[i], same));
	}
	sum = ef_mul(sum, branching(c->p->zerocheck.point.v,
	    c->params->max_log_row, q->sumcheck.point.v, c->log_area, point,
	    point + n, n));
	if (!ef_eq(sum, q->jagged_eval.eval))
		return check_refuse(c, "jagged indicator: the evaluation is "
		    "not that of the tables' layout");
	return 0;
}

static int
check_counts_bound(struct shard_check *c)
{
	const struct pcs_proof *q = &c->p->pcs;
	const struct hasher *hasher = c->params->hasher;
	const any_digest *want[2] = {&c->vk->commit, &c->p->main_commitment};

	for (int r = 0; r < 2; r++) {
		const struct round_counts *n = &q->counts[r];
		kb *v = check_alloc(c, 1 + 2 * n->n, sizeof *v);
		any_digest h;

		if (v == NULL)
			return -1;
		v[0] = kb_from64(n->n);
		for (size_t i = 0; i < n->n; i++) {
			v[1 + i] = kb_from64(n->v[i].rows);
			v[1 + n->n + i] = kb_from64(n->v[i].cols);
		}
		h = hasher_hash(hasher, v, 1 + 2 * n->n);
		h = hasher->compress(&q->merkle_commitments.v[r], &h);
		if (!any_digest_eq(&h, want[r]))
			return check_refuse(c, r == 0 ?
			    "jagged: the preprocessed tables are not those of "
			    "the verifying key" : "jagged: the main commitment "
			    "is not to tables of these heights");
	}
	return 0;
}

int
check_jagged(struct shard_check *c)
{
	const struct pcs_proof *q = &c->p->pcs;
	unsigned ncol_vars = log2_ceil(c->ncols);
	ef *z_col = check_point(c, ncol_vars), *claims;
	ef claim;

	if (z_col == NULL || check_counts_bound(c))
		return -1;
	claims = column_claims(c);
	if (claims == NULL)
		return -1;
	claim = mle_eval_ef(claims, c->ncols, z_col, ncol_vars);
	if (!ef_eq(claim, q->sumcheck.claim))
		return check_refuse(c, "jagged: the claim is not that of the "
		    "opened values");
	if (check_sumcheck(c, &q->sumcheck, c->log_area, 2, "jagged") ||
	    check_indicator(c, z_col, ncol_vars))
		return -1;
	if (!ef_eq(ef_mul(q->expected_eval, q->jagged_eval.claim),
	    q->sumcheck.eval))
		return check_refuse(c, "jagged: the dense vector's evaluation "
		    "times the indicator's is not the sumcheck's");
	return 0;
}
