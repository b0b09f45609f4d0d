/* bincode -> a shard's proof. */
#include "proof/read.h"

#include <string.h>

static void
get_sumcheck(struct cursor *c, struct sumcheck_proof *s)
{
	s->nrounds = read_count(c, MIN_VEC);
	s->poly = read_space(c, s->nrounds, sizeof *s->poly);
	for (size_t i = 0; !c->bad && i < s->nrounds; i++)
		s->poly[i] = read_ef_vec(c);
	s->claim = read_ef(c);
	s->point = read_ef_vec(c);
	s->eval = read_ef(c);
}

/* A map's key; *prev is the one before it (NULL: none). */
static const char *
get_name(struct cursor *c, size_t *len, const char *prev, size_t prev_len)
{
	struct byte_vec b = read_bytes(c);

	if (!c->bad && prev != NULL) {
		size_t n = b.n < prev_len ? b.n : prev_len;
		int d = n == 0 ? 0 : memcmp(b.v, prev, n);

		if (d < 0 || (d == 0 && b.n <= prev_len))
			read_fail(c, "a map's names do not ascend");
	}
	*len = b.n;
	return b.n == 0 ? "" : (const char *)b.v;
}

static void
get_gkr(struct cursor *c, struct gkr_proof *g)
{
	const char *prev = NULL;
	size_t prev_len = 0;

	g->numerator = read_ef_vec(c);
	g->numerator_dims = read_dims(c);
	g->denominator = read_ef_vec(c);
	g->denominator_dims = read_dims(c);
	g->nrounds = read_count(c, MIN_GKR_ROUND);
	g->round = read_space(c, g->nrounds, sizeof *g->round);
	for (size_t i = 0; !c->bad && i < g->nrounds; i++) {
		struct gkr_round *r = &g->round[i];

		r->n0 = read_ef(c);
		r->n1 = read_ef(c);
		r->d0 = read_ef(c);
		r->d1 = read_ef(c);
		get_sumcheck(c, &r->sc);
	}
	g->point = read_ef_vec(c);
	g->nchips = read_count(c, MIN_CHIP_OPENINGS);
	g->chip = read_space(c, g->nchips, sizeof *g->chip);
	for (size_t i = 0; !c->bad && i < g->nchips; i++) {
		struct chip_openings *o = &g->chip[i];

		o->name = get_name(c, &o->name_len, prev, prev_len);
		prev = o->name;
		prev_len = o->name_len;
		o->main = read_ef_vec(c);
		o->main_dims = read_dims(c);
		o->has_prep = read_option(c);
		if (o->has_prep) {
			o->prep = read_ef_vec(c);
			o->prep_dims = read_dims(c);
		}
	}
	g->witness = read_kb(c);
}

static void
get_opening(struct cursor *c, struct merkle_opening *o)
{
	o->values = read_kb_vec(c);
	o->values_dims = read_dims(c);
	o->root = read_digest(c);
	o->log_height = read_u64(c);
	o->width = read_u64(c);
	o->paths = read_digest_vec(c);
	o->paths_dims = read_dims(c);
}

static struct merkle_opening *
get_openings(struct cursor *c, size_t *n)
{
	struct merkle_opening *o;

	*n = read_count(c, MIN_OPENING);
	o = read_space(c, *n, sizeof *o);
	for (size_t i = 0; !c->bad && i < *n; i++)
		get_opening(c, &o[i]);
	return o;
}

static void
get_basefold(struct cursor *c, struct basefold_proof *b)
{
	b->nmessages = read_count(c, 2 * MIN_EF);
	b->message = read_space(c, b->nmessages, sizeof *b->message);
	read_kbs(c, (kb *)b->message, 8 * b->nmessages);
	b->fri_commitments = read_digest_vec(c);
	b->component = get_openings(c, &b->ncomponents);
	b->query = get_openings(c, &b->nqueries);
	b->final_poly = read_ef(c);
	b->pow_witness = read_kb(c);
	b->batch_witness = read_kb(c);
}

static void
get_counts(struct cursor *c, struct round_counts *r)
{
	r->n = read_count(c, 16);
	r->v = read_space(c, r->n, sizeof *r->v);
	for (size_t i = 0; !c->bad && i < r->n; i++) {
		r->v[i].rows = read_u64(c);
		r->v[i].cols = read_u64(c);
	}
}

static void
get_pcs(struct cursor *c, struct pcs_proof *p)
{
	get_basefold(c, &p->basefold);
	p->nbatch = read_count(c, MIN_TENSOR);
	p->batch = read_space(c, p->nbatch, sizeof *p->batch);
	p->batch_dims = read_space(c, p->nbatch, sizeof *p->batch_dims);
	for (size_t i = 0; !c->bad && i < p->nbatch; i++) {
		p->batch[i] = read_ef_vec(c);
		p->batch_dims[i] = read_dims(c);
	}
	get_sumcheck(c, &p->sumcheck);
	get_sumcheck(c, &p->jagged_eval);
	p->nrounds = read_count(c, MIN_VEC);
	p->counts = read_space(c, p->nrounds, sizeof *p->counts);
	for (size_t i = 0; !c->bad && i < p->nrounds; i++)
		get_counts(c, &p->counts[i]);
	p->merkle_commitments = read_digest_vec(c);
	p->expected_eval = read_ef(c);
	p->max_log_row_count = read_u64(c);
	p->log_m = read_u64(c);
}

void
read_shard(struct cursor *c, struct shard_proof *p)
{
	const char *prev = NULL;
	size_t prev_len = 0;

	p->public_values = read_kb_vec(c);
	p->main_commitment = read_digest(c);
	get_gkr(c, &p->gkr);
	get_sumcheck(c, &p->zerocheck);
	p->nopened = read_count(c, MIN_OPENED_CHIP);
	p->opened = read_space(c, p->nopened, sizeof *p->opened);
	for (size_t i = 0; !c->bad && i < p->nopened; i++) {
		struct opened_chip *o = &p->opened[i];

		o->name = get_name(c, &o->name_len, prev, prev_len);
		prev = o->name;
		prev_len = o->name_len;
		o->prep = read_ef_vec(c);
		o->main = read_ef_vec(c);
		o->degree = read_kb_vec(c);
	}
	get_pcs(c, &p->pcs);
}
