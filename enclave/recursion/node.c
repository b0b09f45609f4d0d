#include "recursion/node.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "recursion/setup.h"
#include "recursion/trace.h"

/* ---- programs ---- */

#define MAX_CHIPS 128

struct node_shape
node_shape_of(const struct shard_proof *p)
{
	const struct air_machine *m = air_machine_riscv();
	bool have[MAX_CHIPS] = {false};

	must(m->nchips <= MAX_CHIPS && p->pcs.nbatch == 2);
	for (size_t i = 0; i < p->nopened; i++)
		have[air_chip_by_name(m, p->opened[i].name,
		    p->opened[i].name_len)->index] = true;
	return (struct node_shape){.kind = NODE_NORMALIZE,
	    .cluster = air_cluster_exact(m, have),
	    .prep_multiple = (unsigned)p->pcs.batch[0].n,
	    .main_multiple = (unsigned)p->pcs.batch[1].n};
}

bool
node_shape_equal(const struct node_shape *a, const struct node_shape *b)
{
	return a->kind == b->kind && a->cluster == b->cluster &&
	    a->prep_multiple == b->prep_multiple &&
	    a->main_multiple == b->main_multiple && a->arity == b->arity;
}

static void
build(struct program *p, const struct node_shape *s)
{
	switch (s->kind) {
	case NODE_NORMALIZE:
		program_normalize(p, s->cluster, s->prep_multiple,
		    s->main_multiple);
		break;
	case NODE_COMPOSE:
		program_compose(p, s->arity);
		break;
	case NODE_DEFERRED:
		program_deferred(p);
		break;
	}
}

/* Tells of a phase that began at *begin, and begins the next. */
static void
phase_done(const struct prover *p, const char *name, double *begin)
{
	double t = clock_s();

	if (p->on_phase)
		p->on_phase(p->ctx, name, t - *begin);
	*begin = t;
}

static int
make_key(struct node_program *n, const struct vk_tree *t,
    const struct prover *prover, struct err *e)
{
	uint32_t rows[SHAPE_COMPRESS_CHIPS];

	shape_compress_rows(rows);
	if (program_setup(&n->key, &n->program, &n->index, prover->machine,
	    prover->params, rows, e))
		return -1;
	return vk_tree_place(t, &n->key.vk, &n->vk_index, n->vk_path, e);
}

int
node_program_make(struct node_program *n, const struct node_shape *s,
    const struct vk_tree *t, const struct prover *prover, struct err *e)
{
	double begin = clock_s();
	int bad;

	memset(n, 0, sizeof *n);
	n->shape = *s;
	build(&n->program, s);
	bad = row_index_make(&n->index, &n->program, e);
	phase_done(prover, "program", &begin);
	if (!bad)
		bad = make_key(n, t, prover, e);
	if (bad) {
		node_program_free(n);
		return -1;
	}
	phase_done(prover, "key", &begin);
	return 0;
}

void
node_program_free(struct node_program *n)
{
	setup_free(&n->key);
	row_index_free(&n->index);
	program_free(&n->program);
}

/* ---- proofs ---- */

static int
make_trace(struct shard_trace *t, const struct prover *prover,
    const struct node_program *n, const struct witness *w, struct err *e)
{
	double begin = clock_s();
	struct run_memory mem;
	int bad;

	if (program_run(&mem, &n->program, w, e))
		return -1;
	phase_done(prover, "execute", &begin);
	bad = program_trace(t, prover, &n->key, &n->program, &n->index, &mem, e);
	run_memory_free(&mem);
	if (!bad)
		phase_done(prover, "trace", &begin);
	return bad;
}

static int
set_key(struct recursion_proof *out, struct arena *a,
    const struct node_program *n, struct err *e)
{
	out->vk = n->key.vk;
	out->vk_index = n->vk_index;
	out->vk_path.n = RECURSION_VK_HEIGHT;
	out->vk_path.v = arena_alloc(a, RECURSION_VK_HEIGHT,
	    sizeof *out->vk_path.v);
	if (!out->vk_path.v)
		return err_set(e, EX_OSERR, "no memory for the proof");
	memcpy(out->vk_path.v, n->vk_path, sizeof n->vk_path);
	return 0;
}

int
node_prove(struct recursion_proof *out, struct arena *a,
    const struct prover *prover, const struct node_program *n,
    const struct witness *w, FILE *debug, struct err *e)
{
	const struct row_events events = {.p = &n->program, .x = &n->index};
	const struct air_origin origin = row_origin(&events);
	struct shard_trace t;
	int bad;

	if (make_trace(&t, prover, n, w, e))
		return -1;
	if (debug && trace_debug(&t, &n->key, &origin, debug) > 0)
		bad = err_set(e, EX_SOFTWARE, "the trace is not valid");
	else
		bad = prove_shard(&out->shard, a, prover, &n->key, &t, e);
	trace_free(&t);
	return bad ? -1 : set_key(out, a, n, e);
}

/* ---- memory ---- */

int
node_layout_make(struct node_layout *l, struct err *e)
{
	static const kb none[STARK_PUBLIC_VALUES];
	const struct air_machine *m = air_machine_compress();
	uint32_t rows[SHAPE_COMPRESS_CHIPS];
	struct proving_key *k = &l->key;
	unsigned stack = stark_compress.log_stack;

	memset(l, 0, sizeof *l);
	shape_compress_rows(rows);
	k->nprep = m->nchips;
	k->rows = calloc(k->nprep, sizeof *k->rows);
	if (!k->rows)
		return err_set(e, EX_OSERR, "no memory for a plan");
	for (unsigned i = 0; i < m->nchips; i++) {
		k->rows[i] = rows[i];
		k->prep_area += rows[i] * m->chip[i].prep_width;
	}
	k->commitment.log_stack = stack;
	k->commitment.log_blowup = stark_compress.log_blowup;
	k->commitment.ncols = (k->prep_area + ((size_t)1 << stack) - 1) >> stack;
	if (program_shape(&l->trace, m, k, none, e) == 0)
		return 0;
	node_layout_free(l);
	return -1;
}

void
node_layout_free(struct node_layout *l)
{
	free(l->key.rows);
	free(l->trace.rows);
	memset(l, 0, sizeof *l);
}
