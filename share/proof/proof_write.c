/*
 * Proof -> bincode.  One walk serves both to count the bytes (no output) and to
 * write them.
 */
#include "proof/write.h"

#include <string.h>

void
write_uint(struct sink *s, uint64_t v, unsigned bytes)
{
	if (s->p != NULL)
		for (unsigned i = 0; i < bytes; i++)
			s->p[s->n + i] = (uint8_t)(v >> 8 * i);
	s->n += bytes;
}

void
write_u64(struct sink *s, uint64_t v)
{
	write_uint(s, v, 8);
}

void
write_bytes(struct sink *s, const void *v, size_t n)
{
	write_u64(s, n);
	if (s->p != NULL && n > 0)
		memcpy(s->p + s->n, v, n);
	s->n += n;
}

static void
put_kbs(struct sink *s, const kb *v, size_t n)
{
	if (s->p == NULL)
		s->n += 4 * n;
	else
		for (size_t i = 0; i < n; i++)
			write_uint(s, kb_to(v[i]), 4);
}

static void
put_ef(struct sink *s, ef x)
{
	put_kbs(s, x.c, 4);
}

static void
put_kb_vec(struct sink *s, const struct kb_vec *v)
{
	write_u64(s, v->n);
	put_kbs(s, v->v, v->n);
}

static void
put_ef_vec(struct sink *s, const struct ef_vec *v)
{
	write_u64(s, v->n);
	put_kbs(s, (const kb *)v->v, 4 * v->n);
}

static void
put_digests(struct sink *s, const any_digest *d, size_t n)
{
	uint8_t b[32];

	if (!s->bn254) {
		put_kbs(s, (const kb *)d, 8 * n);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		bn254_fr_to_le(b, d[i].bn254);
		write_bytes(s, b, sizeof b);
	}
}

static void
put_digest_vec(struct sink *s, const struct digest_vec *v)
{
	write_u64(s, v->n);
	put_digests(s, v->v, v->n);
}

static void
put_dims(struct sink *s, const struct dims *d)
{
	write_u64(s, d->n);
	for (size_t i = 0; i < d->n; i++)
		write_u64(s, d->v[i]);
}

static void
put_sumcheck(struct sink *s, const struct sumcheck_proof *p)
{
	write_u64(s, p->nrounds);
	for (size_t i = 0; i < p->nrounds; i++)
		put_ef_vec(s, &p->poly[i]);
	put_ef(s, p->claim);
	put_ef_vec(s, &p->point);
	put_ef(s, p->eval);
}

static void
put_gkr(struct sink *s, const struct gkr_proof *g)
{
	put_ef_vec(s, &g->numerator);
	put_dims(s, &g->numerator_dims);
	put_ef_vec(s, &g->denominator);
	put_dims(s, &g->denominator_dims);
	write_u64(s, g->nrounds);
	for (size_t i = 0; i < g->nrounds; i++) {
		const struct gkr_round *r = &g->round[i];

		put_ef(s, r->n0);
		put_ef(s, r->n1);
		put_ef(s, r->d0);
		put_ef(s, r->d1);
		put_sumcheck(s, &r->sc);
	}
	put_ef_vec(s, &g->point);
	write_u64(s, g->nchips);
	for (size_t i = 0; i < g->nchips; i++) {
		const struct chip_openings *o = &g->chip[i];

		write_bytes(s, o->name, o->name_len);
		put_ef_vec(s, &o->main);
		put_dims(s, &o->main_dims);
		write_uint(s, o->has_prep != 0, 1);
		if (o->has_prep) {
			put_ef_vec(s, &o->prep);
			put_dims(s, &o->prep_dims);
		}
	}
	put_kbs(s, &g->witness, 1);
}

static void
put_openings(struct sink *s, const struct merkle_opening *o, size_t n)
{
	write_u64(s, n);
	for (; n > 0; n--, o++) {
		put_kb_vec(s, &o->values);
		put_dims(s, &o->values_dims);
		put_digests(s, &o->root, 1);
		write_u64(s, o->log_height);
		write_u64(s, o->width);
		put_digest_vec(s, &o->paths);
		put_dims(s, &o->paths_dims);
	}
}

static void
put_basefold(struct sink *s, const struct basefold_proof *b)
{
	write_u64(s, b->nmessages);
	put_kbs(s, (const kb *)b->message, 8 * b->nmessages);
	put_digest_vec(s, &b->fri_commitments);
	put_openings(s, b->component, b->ncomponents);
	put_openings(s, b->query, b->nqueries);
	put_ef(s, b->final_poly);
	put_kbs(s, &b->pow_witness, 1);
	put_kbs(s, &b->batch_witness, 1);
}

static void
put_pcs(struct sink *s, const struct pcs_proof *p)
{
	put_basefold(s, &p->basefold);
	write_u64(s, p->nbatch);
	for (size_t i = 0; i < p->nbatch; i++) {
		put_ef_vec(s, &p->batch[i]);
		put_dims(s, &p->batch_dims[i]);
	}
	put_sumcheck(s, &p->sumcheck);
	put_sumcheck(s, &p->jagged_eval);
	write_u64(s, p->nrounds);
	for (size_t i = 0; i < p->nrounds; i++) {
		const struct round_counts *r = &p->counts[i];

		write_u64(s, r->n);
		for (size_t j = 0; j < r->n; j++) {
			write_u64(s, r->v[j].rows);
			write_u64(s, r->v[j].cols);
		}
	}
	put_digest_vec(s, &p->merkle_commitments);
	put_ef(s, p->expected_eval);
	write_u64(s, p->max_log_row_count);
	write_u64(s, p->log_m);
}

static void
put_shard(struct sink *s, const struct shard_proof *p)
{
	put_kb_vec(s, &p->public_values);
	put_digests(s, &p->main_commitment, 1);
	put_gkr(s, &p->gkr);
	put_sumcheck(s, &p->zerocheck);
	write_u64(s, p->nopened);
	for (size_t i = 0; i < p->nopened; i++) {
		const struct opened_chip *o = &p->opened[i];

		write_bytes(s, o->name, o->name_len);
		put_ef_vec(s, &o->prep);
		put_ef_vec(s, &o->main);
		put_kb_vec(s, &o->degree);
	}
	put_pcs(s, &p->pcs);
}

static void
put_vk(struct sink *s, const struct vk *vk)
{
	put_kbs(s, vk->pc_start, 3);
	put_kbs(s, vk->sum_x, 7);
	put_kbs(s, vk->sum_y, 7);
	put_digests(s, &vk->commit, 1);
	put_kbs(s, &vk->untrusted, 1);
}

void
write_tail(struct sink *s, const struct proof_tail *t)
{
	write_bytes(s, t->public_values.v, t->public_values.n);
	write_bytes(s, t->version.v, t->version.n);
	if (t->form == PROOF_NETWORK)
		return;
	write_uint(s, t->has_tee != 0, 1);
	if (t->has_tee)
		write_bytes(s, t->tee.v, t->tee.n);
}

static void
put_core(struct sink *s, const struct core_proof *p)
{
	write_uint(s, PROOF_CORE, 4);
	write_u64(s, p->nshards);
	for (size_t i = 0; i < p->nshards; i++)
		put_shard(s, &p->shard[i]);
	write_tail(s, &p->tail);
}

static void
put_recursion(struct sink *s, const struct recursion_proof *p)
{
	put_vk(s, &p->vk);
	put_shard(s, &p->shard);
	write_u64(s, p->vk_index);
	put_digest_vec(s, &p->vk_path);
}

static void
put_compressed(struct sink *s, const struct compressed_proof *p)
{
	write_uint(s, PROOF_COMPRESSED, 4);
	put_recursion(s, &p->proof);
	write_tail(s, &p->tail);
}

size_t
shard_proof_size(const struct shard_proof *p)
{
	struct sink s = {NULL, 0, false};

	put_shard(&s, p);
	return s.n;
}

void
shard_proof_write(uint8_t *out, const struct shard_proof *p)
{
	struct sink s = {out, 0, false};

	put_shard(&s, p);
}

size_t
wrap_proof_size(const struct shard_proof *p)
{
	struct sink s = {NULL, 0, true};

	put_shard(&s, p);
	return s.n;
}

void
wrap_proof_write(uint8_t *out, const struct shard_proof *p)
{
	struct sink s = {out, 0, true};

	put_shard(&s, p);
}

size_t
core_proof_size(const struct core_proof *p)
{
	struct sink s = {NULL, 0, false};

	put_core(&s, p);
	return s.n;
}

void
core_proof_write(uint8_t *out, const struct core_proof *p)
{
	struct sink s = {out, 0, false};

	put_core(&s, p);
}

size_t
compressed_proof_size(const struct compressed_proof *p)
{
	struct sink s = {NULL, 0, false};

	put_compressed(&s, p);
	return s.n;
}

void
compressed_proof_write(uint8_t *out, const struct compressed_proof *p)
{
	struct sink s = {out, 0, false};

	put_compressed(&s, p);
}

size_t
recursion_proof_size(const struct recursion_proof *p)
{
	struct sink s = {NULL, 0, false};

	put_recursion(&s, p);
	return s.n;
}

void
recursion_proof_write(uint8_t *out, const struct recursion_proof *p)
{
	struct sink s = {out, 0, false};

	put_recursion(&s, p);
}
