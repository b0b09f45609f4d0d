#include "test/lib/places.h"

#define MAX_PLACES 65536
struct place places[MAX_PLACES];
size_t nplaces;
int places_scalars;
uint64_t places_seed = 1;

uint64_t
places_rnd(void)
{
	return splitmix64(&places_seed);
}

static void
add_place(struct place p)
{
	if (p.n == 0)
		return;
	must(nplaces < MAX_PLACES);
	places[nplaces++] = p;
}

static void
place_elements(const char *kind, void *v, size_t bytes)
{
	add_place((struct place){kind, v, NULL, NULL, bytes / sizeof(kb)});
}

void
place_numbers(const char *kind, uint64_t *u, size_t n)
{
	add_place((struct place){kind, NULL, u, NULL, n});
}

void
place_digests(const char *kind, any_digest *d, size_t n)
{
	if (places_scalars)
		add_place((struct place){kind, NULL, NULL, &d->bn254, n});
	else
		place_elements(kind, d, n * sizeof *d);
}

#define VEC(kind, x) place_elements(kind, (x).v, (x).n * sizeof *(x).v)
#define ONE(kind, x) place_elements(kind, &(x), sizeof(x))

static void
walk_sumcheck(struct sumcheck_proof *s, const char *poly, const char *claim,
    const char *point, const char *eval)
{
	for (size_t i = 0; i < s->nrounds; i++)
		VEC(poly, s->poly[i]);
	ONE(claim, s->claim);
	VEC(point, s->point);
	ONE(eval, s->eval);
}

static void
walk_openings(struct merkle_opening *o, size_t n, int fold)
{
	for (size_t i = 0; i < n; i++, o++) {
		VEC(fold ? "layer values" : "round values", o->values);
		place_numbers(fold ? "layer dims" : "round dims", o->values_dims.v,
		    o->values_dims.n);
		place_digests(fold ? "layer root" : "round root", &o->root, 1);
		place_numbers(fold ? "layer height" : "round height",
		    &o->log_height, 1);
		place_numbers(fold ? "layer width" : "round width", &o->width, 1);
		place_digests(fold ? "layer path" : "round path", o->paths.v,
		    o->paths.n);
		place_numbers(fold ? "layer path dims" : "round path dims",
		    o->paths_dims.v, o->paths_dims.n);
	}
}

static void
walk_gkr(struct gkr_proof *g)
{
	VEC("gkr numerator", g->numerator);
	VEC("gkr denominator", g->denominator);
	place_numbers("gkr numerator dims", g->numerator_dims.v, 2);
	place_numbers("gkr denominator dims", g->denominator_dims.v, 2);
	for (size_t i = 0; i < g->nrounds; i++) {
		struct gkr_round *r = &g->round[i];

		ONE("gkr n0", r->n0);
		ONE("gkr n1", r->n1);
		ONE("gkr d0", r->d0);
		ONE("gkr d1", r->d1);
		walk_sumcheck(&r->sc, "gkr poly", "gkr claim", "gkr point",
		    "gkr eval");
	}
	VEC("gkr openings' point", g->point);
	for (size_t i = 0; i < g->nchips; i++) {
		VEC("gkr main opening", g->chip[i].main);
		VEC("gkr prep opening", g->chip[i].prep);
		place_numbers("gkr main dims", g->chip[i].main_dims.v, 1);
		place_numbers("gkr prep dims", g->chip[i].prep_dims.v,
		    g->chip[i].has_prep);
	}
	ONE("gkr witness", g->witness);
}

static void
walk_pcs(struct pcs_proof *q)
{
	struct basefold_proof *b = &q->basefold;

	place_elements("basefold message", b->message,
	    b->nmessages * sizeof *b->message);
	place_digests("fri commitment", b->fri_commitments.v, b->fri_commitments.n);
	walk_openings(b->component, b->ncomponents, 0);
	walk_openings(b->query, b->nqueries, 1);
	ONE("final constant", b->final_poly);
	ONE("query witness", b->pow_witness);
	ONE("batch witness", b->batch_witness);
	for (size_t i = 0; i < q->nbatch; i++) {
		VEC("batch evaluation", q->batch[i]);
		place_numbers("batch dims", q->batch_dims[i].v, q->batch_dims[i].n);
	}
	walk_sumcheck(&q->sumcheck, "jagged poly", "jagged claim",
	    "jagged point", "jagged eval");
	walk_sumcheck(&q->jagged_eval, "indicator poly", "indicator claim",
	    "indicator point", "indicator eval");
	for (size_t i = 0; i < q->nrounds; i++)
		for (size_t j = 0; j < q->counts[i].n; j++) {
			place_numbers("row count", &q->counts[i].v[j].rows, 1);
			place_numbers("column count", &q->counts[i].v[j].cols, 1);
		}
	place_digests("merkle commitment", q->merkle_commitments.v,
	    q->merkle_commitments.n);
	ONE("dense evaluation", q->expected_eval);
	place_numbers("max_log_row_count", &q->max_log_row_count, 1);
	place_numbers("log_m", &q->log_m, 1);
}

void
walk_shard(struct shard_proof *p)
{
	VEC("public value", p->public_values);
	place_digests("main commitment", &p->main_commitment, 1);
	walk_gkr(&p->gkr);
	walk_sumcheck(&p->zerocheck, "zerocheck poly", "zerocheck claim",
	    "zerocheck point", "zerocheck eval");
	for (size_t j = 0; j < p->nopened; j++) {
		VEC("opened prep", p->opened[j].prep);
		VEC("opened main", p->opened[j].main);
		VEC("height bit", p->opened[j].degree);
	}
	walk_pcs(&p->pcs);
}

void
walk_vk(struct vk *vk)
{
	ONE("key: entry", vk->pc_start);
	ONE("key: sum", vk->sum_x);
	ONE("key: sum", vk->sum_y);
	place_digests("key: commitment", &vk->commit, 1);
	ONE("key: untrusted", vk->untrusted);
}

int
alter_place(const struct place *p, refuses *refused, struct err *e)
{
	size_t i = places_rnd() % p->n;
	int r;

	if (p->v != NULL) {
		kb old = p->v[i];

		p->v[i] = kb_add(old, kb_from(1 + places_rnd() % (KB_P - 1)));
		r = refused(e);
		p->v[i] = old;
	} else if (p->scalar != NULL) {
		bn254_fr old = p->scalar[i];

		p->scalar[i] = bn254_fr_add(old,
		    bn254_fr_from_u64(1 + places_rnd() / 2));
		r = refused(e);
		p->scalar[i] = old;
	} else {
		uint64_t old = p->u[i];

		p->u[i] ^= (uint64_t)1 << places_rnd() % 64;
		r = refused(e);
		p->u[i] = old;
	}
	return r;
}

int
place_by_kind(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int d = strcmp(x->kind, y->kind);

	/* Kinds together; else as they lie. */
	return d != 0 ? d : (x > y) - (x < y);
}

void
test_fields(refuses *refused, size_t rounds)
{
	size_t total = 0, kinds = 0;

	qsort(places, nplaces, sizeof *places, place_by_kind);
	for (size_t i = 0, end; i < nplaces; i = end) {
		size_t bad = 0;
		struct err e = {0};

		kinds++;
		for (end = i; end < nplaces &&
		    strcmp(places[end].kind, places[i].kind) == 0;)
			end++;
		for (size_t k = 0; k < rounds; k++, total++)
			bad += !alter_place(&places[i +
			    places_rnd() % (end - i)], refused, &e);
		is_int(bad, 0, "%s: %s", places[i].kind, e.msg);
	}
	if (total == 0)
		ok(0, "there is no field to alter");
	diag("%zu fields altered, in %zu kinds", total, kinds);
}

void
test_bits(uint8_t *bytes, size_t end, size_t n, int (*check)(struct err *e))
{
	struct many many = {0};
	size_t malformed = 0;
	struct err e;

	for (size_t i = 0; i < n; i++) {
		size_t at = places_rnd() % end;
		uint8_t bit = (uint8_t)(1 << places_rnd() % 8);
		int r;

		e = (struct err){0};
		bytes[at] ^= bit;
		r = check(&e);
		bytes[at] ^= bit;
		note(&many, r != 0 && e.msg[0] != '\0' &&
		    (e.status == EX_NO || e.status == EX_DATAERR),
		    "byte %zu, mask %#x: status %d, '%s'", at, bit,
		    r ? e.status : 0, e.msg);
		malformed += e.status == EX_DATAERR;
	}
	all_held(&many, "%zu bits turned over: all refused, %zu as malformed",
	    n, malformed);
}

unsigned
place_lengths(struct length to[MAX_LENGTHS], struct shard_proof *p)
{
	struct pcs_proof *q = &p->pcs;
	struct basefold_proof *b = &q->basefold;
	const struct length l[] = {
		{"public values", &p->public_values.n},
		{"numerators", &p->gkr.numerator.n},
		{"denominators", &p->gkr.denominator.n},
		{"layers", &p->gkr.nrounds},
		{"a layer's polynomials", &p->gkr.round[3].sc.nrounds},
		{"a polynomial's coefficients", &p->gkr.round[3].sc.poly[1].n},
		{"a sumcheck's point", &p->gkr.round[3].sc.point.n},
		{"the openings' point", &p->gkr.point.n},
		{"chips with LogUp-GKR openings", &p->gkr.nchips},
		{"a chip's LogUp-GKR openings", &p->gkr.chip[0].main.n},
		{"a name's letters there", &p->gkr.chip[0].name_len},
		{"zerocheck's polynomials", &p->zerocheck.nrounds},
		{"chips", &p->nopened},
		{"a chip's opened values", &p->opened[0].main.n},
		{"a height's bits", &p->opened[0].degree.n},
		{"a name's letters", &p->opened[0].name_len},
		{"rounds", &q->nrounds},
		{"preprocessed tables", &q->counts[0].n},
		{"main tables", &q->counts[1].n},
		{"rounds' evaluations", &q->nbatch},
		{"a round's evaluations", &q->batch[1].n},
		{"commitments", &q->merkle_commitments.n},
		{"jagged polynomials", &q->sumcheck.nrounds},
		{"indicator's polynomials", &q->jagged_eval.nrounds},
		{"messages", &b->nmessages},
		{"layers' commitments", &b->fri_commitments.n},
		{"rounds' openings", &b->ncomponents},
		{"layers' openings", &b->nqueries},
		{"a round's values", &b->component[1].values.n},
		{"a round's paths", &b->component[1].paths.n},
		{"a layer's values", &b->query[5].values.n},
		{"a layer's paths", &b->query[5].paths.n},
		{"a tensor's dimensions", &b->query[5].paths_dims.n},
	};

	_Static_assert(sizeof l <= MAX_LENGTHS * sizeof *to, "too many");
	memcpy(to, l, sizeof l);
	return sizeof l / sizeof *l;
}

void
shorten_shard(refuses *refused, struct shard_proof *p)
{
	struct length l[MAX_LENGTHS];
	unsigned n = place_lengths(l, p);

	for (unsigned i = 0; i < n; i++)
		SHORTER(*l[i].n, l[i].what);
}
