#include "recursion/witness.h"

#include <stdlib.h>

#include "poly/merkle.h"
#include "stark/setup.h"

static void
put(struct witness *w, ef x)
{
	if (w->n == w->cap) {
		w->cap = w->cap ? 2 * w->cap : 1 << 16;
		w->v = realloc(w->v, w->cap * sizeof *w->v);
		must(w->v);
	}
	w->v[w->n++] = x;
}

void
witness_free(struct witness *w)
{
	free(w->v);
	*w = (struct witness){0, 0, NULL};
}

void
witness_felts(struct witness *w, const kb *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put(w, ef_from_kb(v[i]));
}

static void
number(struct witness *w, uint64_t x)
{
	put(w, ef_from_kb(kb_from64(x)));
}

/* High first. */
static void
bits(struct witness *w, uint64_t x, unsigned n)
{
	while (n-- > 0)
		number(w, x >> n & 1);
}

static void
exts(struct witness *w, const ef *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put(w, v[i]);
}

static void
digests(struct witness *w, const any_digest *d, size_t n)
{
	for (size_t i = 0; i < n; i++)
		witness_felts(w, d[i].kb.c, 8);
}

static void
hash(struct witness *w, const digest *d)
{
	witness_felts(w, d->c, 8);
}

void
witness_vk(struct witness *w, const struct vk *vk)
{
	witness_felts(w, vk->pc_start, 3);
	witness_felts(w, vk->sum_x, 7);
	witness_felts(w, vk->sum_y, 7);
	digests(w, &vk->commit, 1);
	witness_felts(w, &vk->untrusted, 1);
}

static void
sumcheck(struct witness *w, const struct sumcheck_proof *s)
{
	for (size_t i = 0; i < s->nrounds; i++)
		exts(w, s->poly[i].v, s->poly[i].n);
	put(w, s->claim);
	exts(w, s->point.v, s->point.n);
	put(w, s->eval);
}

static void
gkr(struct witness *w, const struct gkr_proof *g)
{
	exts(w, g->numerator.v, g->numerator.n);
	exts(w, g->denominator.v, g->denominator.n);
	for (size_t i = 0; i < g->nrounds; i++) {
		const struct gkr_round *r = &g->round[i];

		put(w, r->n0);
		put(w, r->n1);
		put(w, r->d0);
		put(w, r->d1);
		sumcheck(w, &r->sc);
	}
	exts(w, g->point.v, g->point.n);
	for (size_t i = 0; i < g->nchips; i++) {
		exts(w, g->chip[i].main.v, g->chip[i].main.n);
		exts(w, g->chip[i].prep.v, g->chip[i].prep.n);
	}
	witness_felts(w, &g->witness, 1);
}

static void
opened(struct witness *w, const struct shard_proof *p)
{
	for (size_t i = 0; i < p->nopened; i++) {
		const struct opened_chip *o = &p->opened[i];

		exts(w, o->prep.v, o->prep.n);
		exts(w, o->main.v, o->main.n);
		witness_felts(w, o->degree.v, o->degree.n);
	}
}

static void
openings(struct witness *w, const struct merkle_opening *o, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		witness_felts(w, o[i].values.v, o[i].values.n);
		digests(w, o[i].paths.v, o[i].paths.n);
		digests(w, &o[i].root, 1);
	}
}

static void
basefold(struct witness *w, const struct basefold_proof *b)
{
	for (size_t i = 0; i < b->nmessages; i++)
		exts(w, b->message[i], 2);
	digests(w, b->fri_commitments.v, b->fri_commitments.n);
	openings(w, b->component, b->ncomponents);
	openings(w, b->query, b->nqueries);
	put(w, b->final_poly);
	witness_felts(w, &b->pow_witness, 1);
	witness_felts(w, &b->batch_witness, 1);
}

/* Where each column begins in the dense vector, and where the last one ends. */
static void
prefix_sums(struct witness *w, const struct pcs_proof *q)
{
	unsigned n = (unsigned)q->log_m + 1;
	uint64_t at = 0;

	for (size_t r = 0; r < q->nrounds; r++)
		for (size_t i = 0; i < q->counts[r].n; i++)
			for (uint64_t j = 0; j < q->counts[r].v[i].cols; j++) {
				bits(w, at, n);
				at += q->counts[r].v[i].rows;
			}
	bits(w, at, n);
}

static void
pcs(struct witness *w, const struct pcs_proof *q)
{
	prefix_sums(w, q);
	sumcheck(w, &q->sumcheck);
	sumcheck(w, &q->jagged_eval);
	for (size_t r = 0; r < q->nbatch; r++)
		exts(w, q->batch[r].v, q->batch[r].n);
	basefold(w, &q->basefold);
	for (size_t r = 0; r < q->nrounds; r++)
		for (size_t i = 0; i < q->counts[r].n; i++)
			number(w, q->counts[r].v[i].rows);
	digests(w, q->merkle_commitments.v, q->merkle_commitments.n);
	put(w, q->expected_eval);
}

void
witness_proof(struct witness *w, const struct shard_proof *p)
{
	witness_felts(w, p->public_values.v, p->public_values.n);
	digests(w, &p->main_commitment, 1);
	gkr(w, &p->gkr);
	sumcheck(w, &p->zerocheck);
	opened(w, p);
	pcs(w, &p->pcs);
}

void
witness_normalize(struct witness *w, const struct normalize_witness *in)
{
	witness_vk(w, in->vk);
	witness_proof(w, in->proof);
	hash(w, &in->reconstruct_digest);
	number(w, in->is_complete);
	hash(w, &in->vk_root);
	number(w, in->ndeferred);
}

/* The places of n proofs' keys in the tree, and its root. */
static void
vk_tree(struct witness *w, const struct recursion_proof *const *p, unsigned n,
    const digest *root)
{
	for (unsigned i = 0; i < n; i++) {
		/* Leaves lie in bit-reversed order: the high bit is read
		 * first, and is the lowest of the place. */
		bits(w, p[i]->vk_index, (unsigned)p[i]->vk_path.n);
		digests(w, p[i]->vk_path.v, p[i]->vk_path.n);
	}
	for (unsigned i = 0; i < n; i++) {
		digest key = vk_digest(&p[i]->vk);

		hash(w, &key);
	}
	hash(w, root);
}

void
witness_compress(struct witness *w, const struct recursion_proof *const *p,
    unsigned n, bool is_complete, const digest *vk_root)
{
	for (unsigned i = 0; i < n; i++) {
		witness_vk(w, &p[i]->vk);
		witness_proof(w, &p[i]->shard);
	}
	number(w, is_complete);
	vk_tree(w, p, n, vk_root);
}

void
witness_deferred(struct witness *w, const struct deferred_witness *in,
    const digest *vk_root)
{
	witness_vk(w, &in->proof->vk);
	witness_proof(w, &in->proof->shard);
	vk_tree(w, &in->proof, 1, vk_root);
	hash(w, &in->start_digest);
	hash(w, &in->vk_digest);
	witness_felts(w, in->pc_start, 3);
	witness_felts(w, in->nonce, 4);
	number(w, in->index);
}
