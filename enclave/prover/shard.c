#include "prover/prover.h"

#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "prover/phase.h"
#include "stark/transcript.h"

int
prove_no_memory(struct prove *p)
{
	return err_set(p->e, EX_OSERR, "no memory for the shard's proof");
}

void *
prove_alloc(struct prove *p, struct arena *a, size_t n, size_t size)
{
	void *v = arena_alloc(a, n ? n : 1, size);

	if (!v)
		prove_no_memory(p);
	return v;
}

ef *
prove_sample_point(struct prove *p, unsigned n)
{
	ef *v = prove_alloc(p, &p->tmp, n, sizeof *v);

	for (unsigned i = 0; v && i < n; i++)
		v[i] = challenger_sample_ef(&p->t);
	return v;
}

/* The shard's columns and interactions; every chip with preprocessed columns has
 * as many rows as they have. */
static int
lay_out(struct prove *p)
{
	const struct trace_shape *t = p->shape;
	const struct proving_key *key = p->key;
	struct prover_shard *s = &p->shard;
	unsigned stack = p->params->log_stack;
	struct prover_chip *chip;
	const kb *prep = key->prep;
	size_t nprep = 0, area = 0;

	s->params = p->params;
	s->nchips = t->cluster->nchips;
	s->public_values = t->public_values;
	s->prep = key->prep;
	s->prep_commitment = &key->commitment;
	s->ncols[0] = key->commitment.ncols;
	s->chip = chip = prove_alloc(p, &p->tmp, s->nchips, sizeof *chip);
	if (!chip)
		return -1;
	for (size_t c = 0; c < s->nchips; c++) {
		const struct air_chip *a = t->cluster->chip[c];

		chip[c] = (struct prover_chip){.air = a, .rows = t->rows[c],
		    .slot = s->ninteractions};
		if (t->rows[c] > (size_t)1 << p->params->max_log_row)
			return err_set(p->e, EX_SOFTWARE,
			    "%s has too many rows", a->name);
		area += t->rows[c] * a->main_width;
		s->ninteractions += a->nsends + a->nreceives;
		if (!a->prep_width)
			continue;
		if (nprep == key->nprep || key->rows[nprep] != t->rows[c])
			return err_set(p->e, EX_SOFTWARE,
			    "%s has not the rows of the key's table", a->name);
		nprep++;
		chip[c].prep = prep;
		prep += t->rows[c] * a->prep_width;
	}
	if (area != t->area || area == 0)
		return err_set(p->e, EX_SOFTWARE,
		    "the trace's area is not that of its tables");
	s->ncols[1] = (t->area + ((size_t)1 << stack) - 1) >> stack;
	return 0;
}

/* Names, heights, public values: what the transcript begins with. */
static int
describe(struct prove *p)
{
	const struct prover_shard *s = &p->shard;
	struct shard_proof *out = p->proof;
	unsigned bits = p->params->max_log_row + 1;

	out->public_values.n = STARK_PUBLIC_VALUES;
	out->public_values.v = prove_alloc(p, p->out, STARK_PUBLIC_VALUES,
	    sizeof(kb));
	out->nopened = s->nchips;
	out->opened = prove_alloc(p, p->out, s->nchips, sizeof *out->opened);
	if (!out->public_values.v || !out->opened)
		return -1;
	memcpy(out->public_values.v, s->public_values,
	    STARK_PUBLIC_VALUES * sizeof(kb));
	for (size_t c = 0; c < s->nchips; c++) {
		struct opened_chip *o = &out->opened[c];

		o->name = s->chip[c].air->name;
		o->name_len = strlen(o->name);
		o->degree.n = bits;
		o->degree.v = prove_alloc(p, p->out, bits, sizeof(kb));
		if (!o->degree.v)
			return -1;
		for (unsigned i = 0; i < bits; i++)
			o->degree.v[i] = kb_from(s->chip[c].rows >>
			    (bits - 1 - i) & 1);
	}
	return 0;
}

/* Commits, and starts the transcript. */
static int
prove_commitment(struct prove *p)
{
	const struct prover_shard *s = &p->shard;
	size_t *rows = prove_alloc(p, &p->tmp, s->nchips, sizeof *rows);
	size_t *cols = prove_alloc(p, &p->tmp, s->nchips, sizeof *cols);
	uint32_t *height = prove_alloc(p, &p->tmp, s->nchips, sizeof *height);

	if (!rows || !cols || !height)
		return -1;
	if (p->b->commit(p->s, &p->tensor) < 0)
		return prove_no_memory(p);
	for (size_t c = 0; c < s->nchips; c++) {
		rows[c] = s->chip[c].rows;
		cols[c] = s->chip[c].air->main_width;
		height[c] = (uint32_t)rows[c];
	}
	p->proof->main_commitment = jagged_commitment(p->params->hasher, &p->tensor,
	    rows, cols, s->nchips, p->params->log_stack,
	    p->params->max_log_row, NULL);
	transcript_begin(&p->t, p->params->hasher, &p->key->vk, p->proof, height);
	return 0;
}

static int
prove_phases(struct prove *p, const struct prover *o)
{
	static const struct {
		const char *name;
		int (*run)(struct prove *p);
	} phase[] = {
		{"commit", prove_commitment},
		{"gkr", prove_gkr},
		{"zerocheck", prove_zerocheck},
		{"jagged", prove_jagged},
		{"basefold", prove_basefold},
	};

	for (size_t i = 0; i < sizeof phase / sizeof *phase; i++) {
		double begin = clock_s();

		if (phase[i].run(p) < 0)
			return -1;
		if (o->on_phase)
			o->on_phase(o->ctx, phase[i].name, clock_s() - begin);
	}
	return 0;
}

int
prove_shard(struct shard_proof *proof, struct arena *out,
    const struct prover *prover, const struct proving_key *key,
    const struct shard_trace *trace, struct err *e)
{
	struct prove p = {.params = prover->params, .b = prover->backend,
	    .public_values = &prover->machine->public_values, .key = key,
	    .shape = &trace->shape, .proof = proof, .out = out, .e = e};
	int r = -1;

	must(trace->backend == prover->backend);
	memset(proof, 0, sizeof *proof);
	arena_init(&p.tmp, 0);
	if (lay_out(&p) < 0 || describe(&p) < 0)
		goto done;
	p.shard.trace = trace->cells;
	p.shard.memory = prover->memory;
	if (!(p.s = p.b->open(&p.shard))) {
		prove_no_memory(&p);
		goto done;
	}
	r = prove_phases(&p, prover);
	p.b->close(p.s);
done:
	arena_free(&p.tmp);
	return r;
}

int
prove_shard_need(size_t *need, const struct prover *prover,
    const struct proving_key *key, const struct trace_shape *shape,
    struct err *e)
{
	struct prove p = {.params = prover->params, .key = key, .shape = shape,
	    .e = e};
	int r;

	arena_init(&p.tmp, 0);
	r = lay_out(&p);
	if (r == 0) {
		p.shard.memory = prover->memory;
		*need = prover->backend->need(&p.shard);
	}
	arena_free(&p.tmp);
	return r;
}
