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

/* Where a shard's proof goes: precompiles, execution, memory (sp1-proof(7),
 * Order of shards: by timestamps; precompile shards have the first);
 * precompiles by their calls' number; then as they were made. */
struct place { unsigned rank; uint32_t code; size_t made; };

struct core {
	struct prover prover;
	const struct proving_key *key;
	const struct core_options *o;
	struct shard_source source;
	struct ahead ahead;
	struct core_proof *out;
	struct arena *arena;
	size_t capacity;
	struct place *place;
	size_t held;		/* bytes of records, beside the shard at hand's, that
				 * were read before it */
};

static int
new_shard(struct core *c, struct err *e)
{
	struct core_proof *p = c->out;
	size_t n = c->capacity ? 2 * c->capacity : 4;
	struct shard_proof *v;
	void *place;

	if (p->nshards < c->capacity)
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
	c->capacity = n;
	return 0;
}

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
take_kept(struct core *c, const struct shard_events *s, size_t n,
    const struct kept_id *id, struct err *e)
{
	struct err why;
	int got = kept_get(c->o->kept, &c->out->shard[n], c->arena,
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
	const struct budget b = {.most = c->o->memory, .key = c->key,
	    .held = c->held, .proofs = c->arena->used};
	size_t records;

	if (budget_share(&b, s, p, &records, e) < 0)
		return -1;
	ahead_allow(&c->ahead, records);
	return 0;
}

/* Traces and proof. */
static int
prove_anew(struct core *c, struct shard_events *s, size_t n, double *begin,
    struct err *e)
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
	if (c->o->debug && trace_debug(&trace, c->key, c->o->debug) > 0)
		bad = err_set(e, EX_SOFTWARE, "the trace is not valid");
	else if (bad)
		bad = -1;	/* e tells of the lookup */
	else
		bad = prove_shard(&c->out->shard[n], c->arena, &prover, c->key,
		    &trace, e);
	trace_free(&trace);
	return bad;
}

static void
tell_shard(struct core *c, const struct shard_events *s, uint32_t code,
    size_t left)
{
	struct core_shard told = {
		.number = c->out->nshards, .what = shard_name(s, code),
		.ninstr = s->kind == SHARD_EXECUTION ? s->info.ninstr : 0,
		.left = left
	};

	if (c->o->on_shard)
		c->o->on_shard(c->o->ctx, &told);
}

static int
prove_events(struct core *c, struct shard_events *s, uint32_t code,
    size_t left, struct err *e)
{
	static const unsigned rank[] = {
		[SHARD_PRECOMPILE] = 0, [SHARD_EXECUTION] = 1,
		[SHARD_MEMORY] = 2
	};
	const uint32_t *nonce = c->source.reader.header.nonce;
	const struct kept *folder = c->o->kept;
	size_t n = c->out->nshards;
	double begin = clock_s();
	struct kept_id id;
	int kept = 0;

	if (new_shard(c, e) < 0)
		return -1;
	c->place[n] = (struct place){rank[s->kind], code, n};
	tell_shard(c, s, code, left);
	if (folder)
		kept_identify(&id, s, code, nonce);
	if (shard_prepare(s, e) < 0)
		return -1;
	public_values_fill(s, nonce);
	phase_done(c, "prepare", &begin);
	if (folder && (kept = take_kept(c, s, n, &id, e)) < 0)
		return -1;
	if (kept) {
		phase_done(c, "kept", &begin);
	} else {
		if (prove_anew(c, s, n, &begin, e) < 0)
			return err_prefix(e, "shard %zu", n);
		if (folder && kept_put(folder, &c->out->shard[n], n, &id,
		    e) < 0)
			return -1;
	}
	c->out->nshards++;
	return 0;
}

static int
by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->code != y->code)
		return x->code < y->code ? -1 : 1;
	return x->made < y->made ? -1 : x->made > y->made;
}

static int
put_in_order(struct core *c, struct err *e)
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
	const struct record_reader *r = &c->source.reader;
	struct core_proof *out = c->out;
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
	if (got < 0 || put_in_order(c, e) < 0 ||
	    copy_bytes(&out->tail.public_values, c->arena, r->public_values,
	    r->end.pv_len, e) < 0)
		return -1;
	return copy_bytes(&out->tail.version, c->arena, STARK_VERSION,
	    sizeof STARK_VERSION - 1, e);
}

int
prove_core(struct core_proof *out, struct arena *a,
    const struct proving_key *key, const struct rv_program *program, int fd,
    const uint64_t *magic, const struct core_options *o, struct err *e)
{
	struct core c = {
		.prover = {
			.backend = o->backend, .params = &stark_core,
			.machine = air_machine_riscv(),
			.on_phase = o->on_phase, .ctx = o->ctx
		},
		.key = key, .o = o, .out = out, .arena = a
	};
	int bad;

	memset(out, 0, sizeof *out);
	out->tail.form = PROOF_SAVED;
	if (shards_open(&c.source, fd, program, magic, e) < 0)
		return -1;
	bad = prove_all(&c, e);
	shards_close(&c.source);
	free(c.place);
	return bad;
}
