#include "stark/transcript.h"

void
transcript_efs(struct challenger *t, const ef *v, size_t n)
{
	challenger_observe_u32(t, (uint32_t)n);
	challenger_observe_efs(t, v, n);
}

static void
observe_vk(struct challenger *t, const struct vk *vk)
{
	challenger_observe_digest(t, &vk->commit);
	challenger_observe_many(t, vk->pc_start, 3);
	challenger_observe_many(t, vk->sum_x, 7);
	challenger_observe_many(t, vk->sum_y, 7);
	challenger_observe(t, vk->untrusted);
	for (int i = 0; i < 6; i++)
		challenger_observe(t, KB_ZERO);
}

void
transcript_begin(struct challenger *t, const struct hasher *h,
    const struct vk *vk, const struct shard_proof *p, const uint32_t *height)
{
	challenger_init(t, h);
	observe_vk(t, vk);
	challenger_observe_many(t, p->public_values.v, p->public_values.n);
	challenger_observe_digest(t, &p->main_commitment);
	challenger_observe_u32(t, (uint32_t)p->nopened);
	for (size_t i = 0; i < p->nopened; i++) {
		const struct opened_chip *o = &p->opened[i];

		challenger_observe_u32(t, height[i]);
		challenger_observe_u32(t, (uint32_t)o->name_len);
		for (size_t j = 0; j < o->name_len; j++)
			challenger_observe_u32(t, (uint8_t)o->name[j]);
	}
}

void
transcript_gkr_openings(struct challenger *t, const struct gkr_proof *g)
{
	challenger_observe_u32(t, (uint32_t)g->nchips);
	for (size_t i = 0; i < g->nchips; i++) {
		if (g->chip[i].has_prep)
			transcript_efs(t, g->chip[i].prep.v,
			    g->chip[i].prep.n);
		transcript_efs(t, g->chip[i].main.v, g->chip[i].main.n);
	}
}

void
transcript_openings(struct challenger *t, const struct shard_proof *p)
{
	challenger_observe_u32(t, (uint32_t)p->nopened);
	for (size_t i = 0; i < p->nopened; i++) {
		transcript_efs(t, p->opened[i].prep.v, p->opened[i].prep.n);
		transcript_efs(t, p->opened[i].main.v, p->opened[i].main.n);
	}
}
