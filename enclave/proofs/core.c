#include "proofs/core.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "proofs/ahead.h"
#include "proofs/budget.h"
#include "proofs/kept.h"
#include "shards/public_values.h"
#include "shards/traces.h"
#include "stark/params.h"

struct core {
	struct prover prover;
	const struct proving_key *key;
	const struct core_options *o;
	const struct core_sink *sink;
	struct shard_source source;
	struct ahead ahead;
	size_t nshards;		/* taken */
	size_t held;		/* bytes of records, beside the shard at hand's, that
				 * were read before it */
};

static const char *
shard_name(const struct shard_events *s, uint32_t code)
{
	switch (s->kind) {
	case SHARD_EXECUTION:
		return "execution";
	case SHARD_MEMORY:
		return "memory";
	default:
		return precompile_of(code)->name;
	}
}

/* Tells of a phase that began at *begin, and begins the next. */
static void
phase_done(struct core *c, const char *name, double *begin)
{
	double t = clock_s();

	if (c->o->on_phase)
		c->o->on_phase(c->o->ctx, name, t - *begin);
	*begin = t;
}

/* 1: the shard's proof was kept. */
static int
take_kept(struct core *c, struct shard_proof *proof,
    const struct shard_events *s, const struct kept_id *id, struct err *e)
{
	size_t n = c->nshards;
	struct err why;
	int got = kept_get(c->o->kept, proof, c->sink->arena,
	    c->prover.machine, n, id, s->public_values, &why, e);

	if (got == 0 && why.msg[0] && c->o->on_note) {
		err_prefix(&why, "proving shard %zu again", n);
		c->o->on_note(c->o->ctx, why.msg);
	}
	return got;
}

/* What of the process's memory this shard's proof may take (p->memory), and what the next
 * shard's records. */
static int
share_memory(struct core *c, const struct shard_events *s, struct prover *p,
    struct err *e)
{
	const struct core_sink *sink = c->sink;
	const struct budget b = {.most = c->o->memory, .key = c->key,
	    .held = c->held, .then = sink->then, .proofs = sink->arena->used +
	    (sink->more ? *sink->more : 0)};
	size_t records;

	if (budget_share(&b, s, p, &records, e) < 0)
		return -1;
	ahead_allow(&c->ahead, records);
	return 0;
}

/* Traces and proof. */
static int
prove_anew(struct core *c, struct shard_proof *proof, struct shard_events *s,
    double *begin, struct err *e)
{
	struct prover prover = c->prover;
	struct shard_trace trace;
	int bad;

	if (share_memory(c, s, &prover, e) < 0)
		return -1;
	bad = traces_make(&trace, &prover, c->key, s, e);
	if (bad < 0)
		return -1;
	shard_events_free(s);
	phase_done(c, "trace", begin);
	if (c->o->debug && trace_debug(&trace, c->key, NULL, c->o->debug) > 0)
		bad = err_set(e, EX_SOFTWARE, "the trace is not valid");
	else if (bad)
		bad = -1;	/* e tells of the lookup */
	else
		bad = prove_shard(proof, c->sink->arena, &prover, c->key,
		    &trace, e);
	trace_free(&trace);
	return bad;
}

static void
tell_shard(struct core *c, const struct shard_events *s,
    const struct core_made *m)
{
	struct core_shard told = {
		.what = shard_name(s, m->place.code),
		.ninstr = s->kind == SHARD_EXECUTION ? s->info.ninstr : 0,
		.left = m->left
	};

	if (c->o->on_shard)
		c->o->on_shard(c->o->ctx, &told);
}

/* The shard's proof: kept or new, and kept from now on. */
static int
prove_or_take(struct core *c, struct shard_proof *proof, struct shard_events *s,
    const struct core_made *m, double *begin, struct err *e)
{
	const struct kept *folder = c->o->kept;
	int kept = 0;

	if (folder && (kept = take_kept(c, proof, s, m->id, e)) < 0)
		return -1;
	if (kept) {
		phase_done(c, "kept", begin);
		return 0;
	}
	if (prove_anew(c, proof, s, begin, e) < 0)
		return err_prefix(e, "shard %zu", c->nshards);
	return folder ? kept_put(folder, proof, c->nshards, m->id, e) : 0;
}

static int
prove_prepared(struct core *c, struct shard_events *s,
    const struct core_made *m, double *begin, struct err *e)
{
	struct shard_proof proof;
	int have = 0;

	if (c->sink->have && (have = c->sink->have(c->sink->ctx, m, e)) < 0)
		return -1;
	if (have) {
		phase_done(c, "kept", begin);
		return c->sink->take(c->sink->ctx, NULL, m, e);
	}
	if (prove_or_take(c, &proof, s, m, begin, e) < 0)
		return -1;
	return c->sink->take(c->sink->ctx, &proof, m, e);
}

static int
prove_events(struct core *c, struct shard_events *s, uint32_t code,
    size_t left, struct err *e)
{
	static const enum shard_rank rank[] = {
		[SHARD_PRECOMPILE] = RANK_PRECOMPILE,
		[SHARD_EXECUTION] = RANK_EXECUTION,
		[SHARD_MEMORY] = RANK_MEMORY
	};
	const uint32_t *nonce = c->source.reader.header.nonce;
	struct core_made m = {{rank[s->kind], code, c->nshards}, NULL, left};
	double begin = clock_s();
	struct kept_id id;

	if (s->kind == SHARD_EXECUTION && s->info.last && c->sink->end &&
	    c->sink->end(c->sink->ctx, &s->info, e) < 0)
		return -1;
	tell_shard(c, s, &m);
	if (c->o->kept) {
		kept_identify(&id, s, code, nonce);
		m.id = &id;
	}
	if (shard_prepare(s, e) < 0)
		return -1;
	public_values_fill(s, nonce);
	phase_done(c, "prepare", &begin);
	if (prove_prepared(c, s, &m, &begin, e) < 0)
		return -1;
	c->nshards++;
	return 0;
}

static int
copy_bytes(struct byte_vec *v, struct arena *a, const void *p, size_t n,
    struct err *e)
{
	v->v = arena_alloc(a, n + 1, 1);
	if (!v->v)
		return err_set(e, EX_OSERR, "no memory for the proof");
	if (n)
		memcpy(v->v, p, n);
	v->n = n;
	return 0;
}

static int
prove_all(struct core *c, struct err *e)
{
	struct shard_events s;
	uint32_t code;
	size_t left;
	int got;

	ahead_init(&c->ahead, &c->source);
	ahead_start(&c->ahead);
	while ((got = ahead_take(&c->ahead, &s, &code, &left, e)) == 1) {
		int bad;

		c->held = shards_held(&c->source);
		ahead_start(&c->ahead);
		bad = prove_events(c, &s, code, left, e);
		shard_events_free(&s);
		if (bad < 0) {
			ahead_drop(&c->ahead);
			return -1;
		}
	}
	return got;
}

static int
make_tail(struct proof_tail *tail, struct arena *a,
    const struct record_reader *r, struct err *e)
{
	*tail = (struct proof_tail){.form = PROOF_SAVED};
	if (copy_bytes(&tail->public_values, a, r->public_values,
	    r->end.pv_len, e) < 0)
		return -1;
	return copy_bytes(&tail->version, a, STARK_VERSION,
	    sizeof STARK_VERSION - 1, e);
}

int
prove_shards(const struct core_sink *sink, struct proof_tail *tail,
    struct arena *a, const struct proving_key *key,
    const struct rv_program *program, int fd, const uint64_t *magic,
    const struct core_options *o, struct err *e)
{
	struct core c = {
		.prover = {
			.backend = o->backend, .params = &stark_core,
			.machine = air_machine_riscv(),
			.on_phase = o->on_phase, .ctx = o->ctx
		},
		.key = key, .o = o, .sink = sink
	};
	int bad = 0;

	if (shards_open(&c.source, fd, program, magic, e) < 0)
		return -1;
	c.source.reducible = sink->reducible;
	if (sink->begin)
		bad = sink->begin(sink->ctx, &c.source.reader, e);
	if (!bad)
		bad = prove_all(&c, e);
	if (!bad)
		bad = make_tail(tail, a, &c.source.reader, e);
	shards_close(&c.source);
	return bad;
}

/* ---- all of them in one proof ---- */

struct collected {
	struct core_proof *out;
	struct arena *arena;
	size_t room;
	struct shard_place *place;
};

static int
make_room(struct collected *c, struct err *e)
{
	struct core_proof *p = c->out;
	size_t n = c->room ? 2 * c->room : 4;
	struct shard_proof *v;
	void *place;

	if (p->nshards < c->room)
		return 0;
	v = arena_alloc(c->arena, n, sizeof *v);
	place = reallocarray(c->place, n, sizeof *c->place);
	if (place)
		c->place = place;
	if (!v || !place)
		return err_set(e, EX_OSERR, "no memory for the proof");
	if (p->nshards)
		memcpy(v, p->shard, p->nshards * sizeof *v);
	p->shard = v;
	c->room = n;
	return 0;
}

static int
collect(void *ctx, const struct shard_proof *proof, const struct core_made *m,
    struct err *e)
{
	struct collected *c = ctx;

	if (make_room(c, e) < 0)
		return -1;
	c->place[c->out->nshards] = m->place;
	c->out->shard[c->out->nshards++] = *proof;
	return 0;
}

static int
by_place(const void *a, const void *b)
{
	const struct shard_place *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->code != y->code)
		return x->code < y->code ? -1 : 1;
	return x->made < y->made ? -1 : x->made > y->made;
}

static int
put_in_order(struct collected *c, struct err *e)
{
	struct core_proof *p = c->out;
	struct shard_proof *v = arena_alloc(c->arena, p->nshards, sizeof *v);

	if (!v)
		return err_set(e, EX_OSERR, "no memory for the proof");
	qsort(c->place, p->nshards, sizeof *c->place, by_place);
	for (size_t i = 0; i < p->nshards; i++)
		v[i] = p->shard[c->place[i].made];
	p->shard = v;
	return 0;
}

int
prove_core(struct core_proof *out, struct arena *a,
    const struct proving_key *key, const struct rv_program *program, int fd,
    const uint64_t *magic, const struct core_options *o, struct err *e)
{
	struct collected c = {.out = out, .arena = a};
	const struct core_sink sink = {.ctx = &c, .arena = a, .take = collect};
	int bad;

	memset(out, 0, sizeof *out);
	bad = prove_shards(&sink, &out->tail, a, key, program, fd, magic, o, e);
	if (!bad)
		bad = put_in_order(&c, e);
	free(c.place);
	return bad;
}
