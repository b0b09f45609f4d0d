#include "proofs/core.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/avail.h"
#include "base/clock.h"
#include "shards/public_values.h"
#include "shards/shards.h"
#include "shards/traces.h"
#include "proofs/kept.h"
#include "stark/params.h"

/* Where a shard's proof goes: precompiles, execution, memory (prover.md 2.7: by
 * timestamps; precompile shards have the first); precompiles by their calls'
 * number; then as they were made. */
struct place { unsigned rank; uint32_t code; size_t made; };

/* The next shard, read by a thread of its own: one at a time, so that it and
 * the prover share nothing but what join hands over, and how much it may read. */
struct ahead {
	pthread_mutex_t lock;	/* of allowed */
	pthread_cond_t more;
	size_t allowed;		/* bytes of records */
	struct shard_source *source;
	pthread_t thread;
	bool running;
	int got;		/* as shards_next() */
	struct shard_events events;
	uint32_t code;
	size_t left;		/* shards after that */
	struct err e;
};

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
    const struct work_id *id, struct err *e)
{
	struct err why;
	int got = work_get(c->o->work, &c->out->shard[n], c->arena,
	    c->prover.machine, n, id, s->public_values, &why, e);

	if (got == 0 && why.msg[0] && c->o->on_note) {
		err_prefix(&why, "proving shard %zu again", n);
		c->o->on_note(c->o->ctx, why.msg);
	}
	return got;
}

/* ---- memory ---- */

#define MIB ((size_t)1 << 20)
/* The program, its tables and threads, and the proof's small arrays. */
#define BASE (80 * MIB)

static void
ahead_allow(struct ahead *a, size_t bytes)
{
	pthread_mutex_lock(&a->lock);
	a->allowed = bytes;
	pthread_cond_signal(&a->more);
	pthread_mutex_unlock(&a->lock);
}

static void
ahead_gate(void *ctx, size_t bytes)
{
	struct ahead *a = ctx;

	pthread_mutex_lock(&a->lock);
	while (bytes > a->allowed)
		pthread_cond_wait(&a->more, &a->lock);
	pthread_mutex_unlock(&a->lock);
}

static size_t
key_size(const struct proving_key *k)
{
	const struct stacked_commitment *s = &k->commitment;

	return (s->ncols << s->log_stack) * sizeof *k->prep +
	    stacked_kept(s->log_stack, s->log_blowup);
}

/* What the shard's proof may take (p->memory), and what the next shard's records.  The
 * shard's own records are gone before the proof's memory is needed. */
static int
share_memory(struct core *c, const struct shard_events *s, struct prover *p,
    struct err *e)
{
	size_t most = c->o->memory ? c->o->memory :
	    memory_available() / 8 * 7, all, need;
	struct trace_source from = traces_source(s);
	struct trace_shape shape;
	int bad;

	if (!most) {
		ahead_allow(&c->ahead, SIZE_MAX);
		p->memory = 0;
		return 0;
	}
	if (traces_shape(&shape, p->machine, c->key, s, e) < 0)
		return -1;
	all = BASE + key_size(c->key) + c->held + c->arena->used +
	    trace_size(p, &shape, &from);
	p->memory = most > all ? most - all : 1;
	bad = prove_shard_need(&need, p, c->key, &shape, e);
	free(shape.rows);
	if (bad)
		return -1;
	p->memory = need;
	all += need > shard_events_size(s) ? need : shard_events_size(s);
	if (all > most && c->o->memory)
		return err_set(e, EX_OSERR, "cannot be proved in less than "
		    "%zuM of memory, and may take %zuM", all / MIB + 1,
		    most / MIB);
	ahead_allow(&c->ahead, most > all ? most - all : 0);
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
	const struct work *work = c->o->work;
	size_t n = c->out->nshards;
	double begin = clock_s();
	struct work_id id;
	int kept = 0;

	if (new_shard(c, e) < 0)
		return -1;
	c->place[n] = (struct place){rank[s->kind], code, n};
	tell_shard(c, s, code, left);
	if (work)
		work_identify(&id, s, code, nonce);
	if (shard_prepare(s, e) < 0)
		return -1;
	public_values_fill(s, nonce);
	phase_done(c, "prepare", &begin);
	if (work && (kept = take_kept(c, s, n, &id, e)) < 0)
		return -1;
	if (kept) {
		phase_done(c, "kept", &begin);
	} else {
		if (prove_anew(c, s, n, &begin, e) < 0)
			return err_prefix(e, "shard %zu", n);
		if (work && work_put(work, &c->out->shard[n], n, &id, e) < 0)
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

/* ---- reading ahead ---- */

static void *
read_shard(void *arg)
{
	struct ahead *a = arg;

	a->got = shards_next(a->source, &a->events, &a->code, &a->e);
	a->left = shards_left(a->source);
	return NULL;
}

static void
ahead_start(struct ahead *a)
{
	a->allowed = 0;
	a->running = pthread_create(&a->thread, NULL, read_shard, a) == 0;
	if (!a->running)	/* then not ahead */
		a->got = 2;
}

/* As shards_next(). */
static int
ahead_take(struct ahead *a, struct shard_events *s, uint32_t *code,
    size_t *left, struct err *e)
{
	ahead_allow(a, SIZE_MAX);
	if (a->running)
		pthread_join(a->thread, NULL);
	else if (a->got == 2)
		read_shard(a);
	a->running = false;
	if (a->got < 0)
		*e = a->e;
	if (a->got == 1) {
		*s = a->events;
		*code = a->code;
		*left = a->left;
	}
	return a->got;
}

static void
ahead_drop(struct ahead *a)
{
	if (!a->running)
		return;
	ahead_allow(a, SIZE_MAX);
	pthread_join(a->thread, NULL);
	a->running = false;
	if (a->got == 1)
		shard_events_free(&a->events);
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

	c->ahead.source = &c->source;
	c->source.reader.gate = ahead_gate;
	c->source.reader.gate_ctx = &c->ahead;
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
		.key = key, .o = o, .out = out, .arena = a,
		.ahead = {
			.lock = PTHREAD_MUTEX_INITIALIZER,
			.more = PTHREAD_COND_INITIALIZER
		}
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
