/*
 * bincode -> proof.  A cursor with a sticky error: after the first fault every
 * read yields zeros and empty arrays, and the caller looks once, at the end.  A
 * count is believed only as far as the bytes that are left could hold that many
 * of the smallest item, so memory stays within PROOF_ARENA_FACTOR of the input.
 */
#include "stark/container.h"

#include <stdbool.h>
#include <string.h>

struct cursor {
	const uint8_t *p, *start, *end;
	struct arena *arena;
	struct err *err;
	bool bad;
};

/* Fewest bytes that one of each takes: counts are 8, an Option is 1. */
enum {
	MIN_VEC = 8, MIN_KB = 4, MIN_EF = 16, MIN_DIGEST = 32,
	MIN_TENSOR = 16,
	MIN_SUMCHECK = 8 + 16 + 8 + 16,
	MIN_GKR_ROUND = 4 * 16 + MIN_SUMCHECK,
	MIN_CHIP_OPENINGS = 8 + MIN_TENSOR + 1,
	MIN_OPENED_CHIP = 4 * 8,
	MIN_OPENING = MIN_TENSOR + 32 + 8 + 8 + MIN_TENSOR,
	MIN_SHARD = 8 + 32 + 2 * MIN_TENSOR + 3 * 8 + 4 + MIN_SUMCHECK + 8 +
	    4 * 8 + 16 + 4 + 4 + 8 + 2 * MIN_SUMCHECK + 2 * 8 + 16 + 2 * 8
};

static void
fail(struct cursor *c, const char *what)
{
	if (!c->bad)
		err_set(c->err, EX_DATAERR, "malformed proof at byte %zu: %s",
		    (size_t)(c->p - c->start), what);
	c->bad = true;
	c->p = c->end;
}

static size_t
left(const struct cursor *c)
{
	return (size_t)(c->end - c->p);
}

static uint64_t
get(struct cursor *c, unsigned bytes)
{
	uint64_t v = 0;

	if (left(c) < bytes) {
		fail(c, "it ends too early");
		return 0;
	}
	for (unsigned i = 0; i < bytes; i++)
		v |= (uint64_t)c->p[i] << 8 * i;
	c->p += bytes;
	return v;
}

static uint64_t
get_u64(struct cursor *c)
{
	return get(c, 8);
}

static size_t
get_count(struct cursor *c, size_t min_item)
{
	uint64_t n = get_u64(c);

	if (!c->bad && n > left(c) / min_item) {
		c->p -= 8;
		fail(c, "a count is larger than what follows");
	}
	return c->bad ? 0 : (size_t)n;
}

static void *
get_space(struct cursor *c, size_t n, size_t size)
{
	void *v;

	if (c->bad || n == 0)
		return NULL;
	v = arena_alloc(c->arena, n, size);
	if (v == NULL) {
		if (!c->bad)
			err_set(c->err, EX_OSERR, "no memory for the proof");
		c->bad = true;
		c->p = c->end;
	}
	return v;
}

/* n elements to v; none are read after a fault. */
static void
get_kbs(struct cursor *c, kb *v, size_t n)
{
	if (c->bad)
		return;
	if (left(c) / 4 < n) {
		fail(c, "it ends too early");
		return;
	}
	for (size_t i = 0; i < n; i++, c->p += 4) {
		uint32_t x = c->p[0] | c->p[1] << 8 | c->p[2] << 16 |
		    (uint32_t)c->p[3] << 24;

		if (x >= KB_P) {
			fail(c, "a field element is not below p");
			return;
		}
		v[i] = kb_from(x);
	}
}

static kb
get_kb(struct cursor *c)
{
	kb x = KB_ZERO;

	get_kbs(c, &x, 1);
	return x;
}

static ef
get_ef(struct cursor *c)
{
	ef x = EF_ZERO;

	get_kbs(c, x.c, 4);
	return x;
}

static digest
get_digest(struct cursor *c)
{
	digest d = {{{0}}};

	get_kbs(c, d.c, 8);
	return d;
}

static struct kb_vec
get_kb_vec(struct cursor *c)
{
	size_t n = get_count(c, MIN_KB);
	kb *v = get_space(c, n, sizeof *v);

	get_kbs(c, v, n);
	return (struct kb_vec){c->bad ? 0 : n, v};
}

static struct ef_vec
get_ef_vec(struct cursor *c)
{
	size_t n = get_count(c, MIN_EF);
	ef *v = get_space(c, n, sizeof *v);

	get_kbs(c, (kb *)v, 4 * n);
	return (struct ef_vec){c->bad ? 0 : n, v};
}

static struct digest_vec
get_digest_vec(struct cursor *c)
{
	size_t n = get_count(c, MIN_DIGEST);
	digest *v = get_space(c, n, sizeof *v);

	get_kbs(c, (kb *)v, 8 * n);
	return (struct digest_vec){c->bad ? 0 : n, v};
}

static struct byte_vec
get_bytes(struct cursor *c)
{
	size_t n = get_count(c, 1);
	uint8_t *v = get_space(c, n, 1);

	if (c->bad)
		return (struct byte_vec){0, NULL};
	if (n > 0)
		memcpy(v, c->p, n);
	c->p += n;
	return (struct byte_vec){n, v};
}

/* A tensor keeps at most three dimensions, whose product fits a u64: as the
 * stock reader has it.  Whether the product is the number of values is the
 * verifier's. */
static struct dims
get_dims(struct cursor *c)
{
	struct dims d = {0};
	size_t n = get_count(c, 8);
	uint64_t product = 1;

	if (n > 3)
		fail(c, "a tensor has more than three dimensions");
	for (d.n = 0; !c->bad && d.n < n; d.n++) {
		d.v[d.n] = get_u64(c);
		if (__builtin_mul_overflow(product, d.v[d.n], &product))
			fail(c, "a tensor's dimensions overflow");
	}
	return d;
}

static bool
get_option(struct cursor *c)
{
	uint64_t tag = get(c, 1);

	if (tag > 1)
		fail(c, "an Option is neither 0 nor 1");
	return tag == 1;
}

static void
get_sumcheck(struct cursor *c, struct sumcheck_proof *s)
{
	s->nrounds = get_count(c, MIN_VEC);
	s->poly = get_space(c, s->nrounds, sizeof *s->poly);
	for (size_t i = 0; !c->bad && i < s->nrounds; i++)
		s->poly[i] = get_ef_vec(c);
	s->claim = get_ef(c);
	s->point = get_ef_vec(c);
	s->eval = get_ef(c);
}

/* A map's key; *prev is the one before it (NULL: none). */
static const char *
get_name(struct cursor *c, size_t *len, const char *prev, size_t prev_len)
{
	struct byte_vec b = get_bytes(c);

	if (!c->bad && prev != NULL) {
		size_t n = b.n < prev_len ? b.n : prev_len;
		int d = n == 0 ? 0 : memcmp(b.v, prev, n);

		if (d < 0 || (d == 0 && b.n <= prev_len))
			fail(c, "a map's names do not ascend");
	}
	*len = b.n;
	return b.n == 0 ? "" : (const char *)b.v;
}

static void
get_gkr(struct cursor *c, struct gkr_proof *g)
{
	const char *prev = NULL;
	size_t prev_len = 0;

	g->numerator = get_ef_vec(c);
	g->numerator_dims = get_dims(c);
	g->denominator = get_ef_vec(c);
	g->denominator_dims = get_dims(c);
	g->nrounds = get_count(c, MIN_GKR_ROUND);
	g->round = get_space(c, g->nrounds, sizeof *g->round);
	for (size_t i = 0; !c->bad && i < g->nrounds; i++) {
		struct gkr_round *r = &g->round[i];

		r->n0 = get_ef(c);
		r->n1 = get_ef(c);
		r->d0 = get_ef(c);
		r->d1 = get_ef(c);
		get_sumcheck(c, &r->sc);
	}
	g->point = get_ef_vec(c);
	g->nchips = get_count(c, MIN_CHIP_OPENINGS);
	g->chip = get_space(c, g->nchips, sizeof *g->chip);
	for (size_t i = 0; !c->bad && i < g->nchips; i++) {
		struct chip_openings *o = &g->chip[i];

		o->name = get_name(c, &o->name_len, prev, prev_len);
		prev = o->name;
		prev_len = o->name_len;
		o->main = get_ef_vec(c);
		o->main_dims = get_dims(c);
		o->has_prep = get_option(c);
		if (o->has_prep) {
			o->prep = get_ef_vec(c);
			o->prep_dims = get_dims(c);
		}
	}
	g->witness = get_kb(c);
}

static void
get_opening(struct cursor *c, struct merkle_opening *o)
{
	o->values = get_kb_vec(c);
	o->values_dims = get_dims(c);
	o->root = get_digest(c);
	o->log_height = get_u64(c);
	o->width = get_u64(c);
	o->paths = get_digest_vec(c);
	o->paths_dims = get_dims(c);
}

static struct merkle_opening *
get_openings(struct cursor *c, size_t *n)
{
	struct merkle_opening *o;

	*n = get_count(c, MIN_OPENING);
	o = get_space(c, *n, sizeof *o);
	for (size_t i = 0; !c->bad && i < *n; i++)
		get_opening(c, &o[i]);
	return o;
}

static void
get_basefold(struct cursor *c, struct basefold_proof *b)
{
	b->nmessages = get_count(c, 2 * MIN_EF);
	b->message = get_space(c, b->nmessages, sizeof *b->message);
	get_kbs(c, (kb *)b->message, 8 * b->nmessages);
	b->fri_commitments = get_digest_vec(c);
	b->component = get_openings(c, &b->ncomponents);
	b->query = get_openings(c, &b->nqueries);
	b->final_poly = get_ef(c);
	b->pow_witness = get_kb(c);
	b->batch_witness = get_kb(c);
}

static void
get_counts(struct cursor *c, struct round_counts *r)
{
	r->n = get_count(c, 16);
	r->v = get_space(c, r->n, sizeof *r->v);
	for (size_t i = 0; !c->bad && i < r->n; i++) {
		r->v[i].rows = get_u64(c);
		r->v[i].cols = get_u64(c);
	}
}

static void
get_pcs(struct cursor *c, struct pcs_proof *p)
{
	get_basefold(c, &p->basefold);
	p->nbatch = get_count(c, MIN_TENSOR);
	p->batch = get_space(c, p->nbatch, sizeof *p->batch);
	p->batch_dims = get_space(c, p->nbatch, sizeof *p->batch_dims);
	for (size_t i = 0; !c->bad && i < p->nbatch; i++) {
		p->batch[i] = get_ef_vec(c);
		p->batch_dims[i] = get_dims(c);
	}
	get_sumcheck(c, &p->sumcheck);
	get_sumcheck(c, &p->jagged_eval);
	p->nrounds = get_count(c, MIN_VEC);
	p->counts = get_space(c, p->nrounds, sizeof *p->counts);
	for (size_t i = 0; !c->bad && i < p->nrounds; i++)
		get_counts(c, &p->counts[i]);
	p->merkle_commitments = get_digest_vec(c);
	p->expected_eval = get_ef(c);
	p->max_log_row_count = get_u64(c);
	p->log_m = get_u64(c);
}

static void
get_shard(struct cursor *c, struct shard_proof *p)
{
	const char *prev = NULL;
	size_t prev_len = 0;

	p->public_values = get_kb_vec(c);
	p->main_commitment = get_digest(c);
	get_gkr(c, &p->gkr);
	get_sumcheck(c, &p->zerocheck);
	p->nopened = get_count(c, MIN_OPENED_CHIP);
	p->opened = get_space(c, p->nopened, sizeof *p->opened);
	for (size_t i = 0; !c->bad && i < p->nopened; i++) {
		struct opened_chip *o = &p->opened[i];

		o->name = get_name(c, &o->name_len, prev, prev_len);
		prev = o->name;
		prev_len = o->name_len;
		o->prep = get_ef_vec(c);
		o->main = get_ef_vec(c);
		o->degree = get_kb_vec(c);
	}
	get_pcs(c, &p->pcs);
}

static int
finish(struct cursor *c)
{
	if (!c->bad && c->p != c->end)
		fail(c, "bytes follow its end");
	return c->bad ? -1 : 0;
}

int
shard_proof_read(struct shard_proof *p, struct arena *a, const uint8_t *in,
    size_t len, struct err *e)
{
	struct cursor c = {in, in, in + len, a, e, false};

	memset(p, 0, sizeof *p);
	get_shard(&c, p);
	return finish(&c);
}

int
core_proof_read(struct core_proof *p, struct arena *a, const uint8_t *in,
    size_t len, struct err *e)
{
	struct cursor c = {in, in, in + len, a, e, false};

	memset(p, 0, sizeof *p);
	if (get(&c, 4) != PROOF_CORE)
		fail(&c, "not a core proof");
	p->nshards = get_count(&c, MIN_SHARD);
	p->shard = get_space(&c, p->nshards, sizeof *p->shard);
	for (size_t i = 0; !c.bad && i < p->nshards; i++)
		get_shard(&c, &p->shard[i]);
	p->public_values = get_bytes(&c);
	p->version = get_bytes(&c);
	p->form = left(&c) == 0 ? PROOF_NETWORK : PROOF_SAVED;
	if (p->form == PROOF_SAVED && (p->has_tee = get_option(&c)))
		p->tee = get_bytes(&c);
	return finish(&c);
}
