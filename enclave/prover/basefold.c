/*
 * BaseFold over the combination of all stacked columns (sp1-proof(7), BaseFold), at
 * the last log_stack coordinates of the dense vector's point.
 */
#include "prover/phase.h"

#include <string.h>

#include "poly/mle.h"

static int
rounds(struct prove *p, ef claim)
{
	struct basefold_proof *f = &p->proof->pcs.basefold;
	unsigned n = p->params->log_stack;
	const ef *point = p->proof->pcs.sumcheck.point.v +
	    p->proof->pcs.log_m - n;

	f->nmessages = f->fri_commitments.n = n;
	f->message = prove_alloc(p, p->out, n, sizeof *f->message);
	f->fri_commitments.v = prove_alloc(p, p->out, n, sizeof(any_digest));
	if (!f->message || !f->fri_commitments.v)
		return -1;
	challenger_observe_u32(&p->t, n);
	for (unsigned i = 0; i < n; i++) {
		ef *m = f->message[i], z = point[n - 1 - i], beta;

		p->b->basefold_eval(p->s, &m[0]);
		m[1] = ef_add(ef_mul(ef_sub(claim, m[0]), ef_inv(z)), m[0]);
		challenger_observe_efs(&p->t, m, 2);
		if (p->b->basefold_commit(p->s, &f->fri_commitments.v[i]) < 0)
			return prove_no_memory(p);
		challenger_observe_digest(&p->t, &f->fri_commitments.v[i]);
		beta = challenger_sample_ef(&p->t);
		if (p->b->basefold_fold(p->s, beta) < 0)
			return prove_no_memory(p);
		claim = ef_add(m[0], ef_mul(beta, m[1]));
	}
	f->final_poly = p->b->basefold_final(p->s);
	if (!ef_eq(f->final_poly, claim))
		return err_set(p->e, EX_SOFTWARE,
		    "the folded codeword is not the claim's");
	challenger_observe_ef(&p->t, f->final_poly);
	return 0;
}

int
prove_basefold(struct prove *p)
{
	struct basefold_proof *f = &p->proof->pcs.basefold;
	const struct pcs_proof *q = &p->proof->pcs;
	size_t n = p->shard.ncols[0] + p->shard.ncols[1];
	unsigned vars = log2_ceil(n);
	ef *coeff = prove_alloc(p, &p->tmp, (size_t)1 << vars, sizeof *coeff);
	size_t *index = prove_alloc(p, &p->tmp, p->params->nqueries,
	    sizeof *index);
	ef *point, claim = EF_ZERO;

	if (!coeff || !index)
		return -1;
	for (size_t r = 0; r < q->nbatch; r++)
		challenger_observe_efs(&p->t, q->batch[r].v, q->batch[r].n);
	f->batch_witness = challenger_grind(&p->t, STARK_BATCH_POW_BITS);
	if (!(point = prove_sample_point(p, vars)))
		return -1;
	mle_eq_table(coeff, point, vars);
	/* The two rounds' evaluations lie one after the other. */
	for (size_t i = 0; i < n; i++)
		claim = ef_add(claim, ef_mul(coeff[i], q->batch[0].v[i]));
	if (p->b->basefold_begin(p->s, coeff, q->sumcheck.point.v + q->log_m -
	    p->params->log_stack) < 0)
		return prove_no_memory(p);
	if (rounds(p, claim) < 0)
		return -1;
	f->pow_witness = challenger_grind(&p->t, p->params->pow_bits);
	for (unsigned i = 0; i < p->params->nqueries; i++)
		index[i] = challenger_sample_bits(&p->t,
		    p->params->log_stack + p->params->log_blowup);
	return prove_openings(p, index);
}
