#include "prover/core.h"

#include <stdlib.h>
#include <string.h>

#include "prover/witness/plan.h"
#include "prover/witness/public_values.h"
#include "prover/witness/reader.h"
#include "prover/witness/traces.h"

#define VERSION "v6.1.0"	/* of the circuit */

struct core {
	const struct air_machine *machine;
	const struct proving_key *key;
	const struct core_options *o;
	struct record_reader reader;
	struct core_proof *out;
	struct arena *arena;
	size_t capacity;
};

static struct shard_proof *new_shard(struct core *c)
{
	struct core_proof *p = c->out;

	if (p->nshards == c->capacity) {
		size_t n = c->capacity ? 2 * c->capacity : 4;
		struct shard_proof *v = arena_alloc(c->arena, n, sizeof *v);

		if (!v)
			return NULL;
		if (p->nshards)
			memcpy(v, p->shard, p->nshards * sizeof *v);
		p->shard = v;
		c->capacity = n;
	}
	return &p->shard[p->nshards];
}

static int prove_events(struct core *c, struct shard_events *s, struct err *e)
{
	struct shard_proof *proof = new_shard(c);
	struct shard_trace trace;
	int bad;

	if (!proof)
		return err_set(e, EX_OSERR, "no memory for the proof");
	if (c->o->shard)
		c->o->shard(c->o->ctx, c->out->nshards,
		    s->kind == SHARD_EXECUTION ? s->info.ninstr : 0);
	if (shard_prepare(s, e) < 0)
		return -1;
	public_values_fill(s, c->reader.header.nonce);
	if (traces_make(&trace, c->machine, c->key, s, e) < 0)
		return -1;
	if (c->o->debug && traces_debug(&trace, c->machine, c->key,
	    c->o->debug) > 0)
		bad = err_set(e, EX_SOFTWARE, "the trace is not valid");
	else
		bad = prove_shard(proof, c->arena, c->machine, c->key, &trace,
		    &c->o->hooks, e);
	traces_free(&trace);
	if (bad < 0)
		return err_prefix(e, "shard %zu", c->out->nshards);
	c->out->nshards++;
	return 0;
}

/* Memory events that did not fit into the last execution shard. */
static int prove_memory(struct core *c, const struct rec_shard *last,
    struct err *e)
{
	struct record_reader *r = &c->reader;
	size_t capacity = plan_memory_capacity(r->header.element_threshold,
	    r->program->n);
	size_t init = 0, finalize = 0;
	uint64_t init_addr = 0, finalize_addr = 0;

	while (init < r->ninit || finalize < r->nfinalize) {
		struct shard_events s = {.program = r->program,
		    .info = *last, .kind = SHARD_MEMORY};
		size_t room = capacity;
		int bad;

		s.ninit = r->ninit - init < room ? r->ninit - init : room;
		room -= s.ninit;
		s.nfinalize = r->nfinalize - finalize < room ?
		    r->nfinalize - finalize : room;
		s.init = r->init + init;
		s.finalize = r->finalize + finalize;
		s.previous_init_addr = init_addr;
		s.previous_finalize_addr = finalize_addr;
		if (s.ninit)
			init_addr = s.init[s.ninit - 1].addr;
		if (s.nfinalize)
			finalize_addr = s.finalize[s.nfinalize - 1].addr;
		bad = prove_events(c, &s, e);
		init += s.ninit;
		finalize += s.nfinalize;
		shard_events_free(&s);
		if (bad < 0)
			return -1;
	}
	return 0;
}

/* The last execution shard, and what becomes of the memory boundary. */
static int prove_last(struct core *c, struct shard_events *s, struct err *e)
{
	struct record_reader *r = &c->reader;
	struct rec_shard info = s->info;
	struct shard_events none;
	bool packed;

	switch (record_next(r, &none, e)) {
	case -1:
		return -1;
	case 1:
		shard_events_free(&none);
		return err_set(e, EX_DATAERR, "records go on after the last "
		    "shard");
	}
	packed = plan_packs(r->header.element_threshold, r->ninit,
	    r->nfinalize);
	if (packed) {
		s->ninit = r->ninit;
		s->init = r->init;
		s->nfinalize = r->nfinalize;
		s->finalize = r->finalize;
	}
	if (prove_events(c, s, e) < 0)
		return -1;
	return packed ? 0 : prove_memory(c, &info, e);
}

static int copy_bytes(struct byte_vec *v, struct arena *a, const void *p,
    size_t n)
{
	v->v = arena_alloc(a, n + 1, 1);
	if (!v->v)
		return -1;
	if (n)
		memcpy(v->v, p, n);
	v->n = n;
	return 0;
}

int prove_core(struct core_proof *out, struct arena *a,
    const struct air_machine *machine, const struct proving_key *key,
    const struct rv_program *program, int fd, const uint64_t *magic,
    const struct core_options *o, struct err *e)
{
	struct core c = {.machine = machine, .key = key, .o = o, .out = out,
	    .arena = a};
	struct shard_events s;
	int got, last = 0, bad = -1;

	memset(out, 0, sizeof *out);
	out->form = PROOF_SAVED;
	if (record_open(&c.reader, fd, program, magic, e) < 0)
		return -1;
	while (!last && (got = record_next(&c.reader, &s, e)) == 1) {
		last = s.info.last != 0;
		got = last ? prove_last(&c, &s, e) : prove_events(&c, &s, e);
		shard_events_free(&s);
		if (got < 0)
			goto done;
	}
	if (!last) {
		if (got == 0)
			err_set(e, EX_DATAERR, "records without a last shard");
		goto done;
	}
	if (copy_bytes(&out->public_values, a, c.reader.public_values,
	    c.reader.end.pv_len) < 0 ||
	    copy_bytes(&out->version, a, VERSION, sizeof VERSION - 1) < 0) {
		err_set(e, EX_OSERR, "no memory for the proof");
		goto done;
	}
	bad = 0;
done:
	record_close(&c.reader);
	return bad;
}
