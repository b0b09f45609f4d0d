#include "shards/traces.h"

#include <stdlib.h>
#include <string.h>

#define BYTE_ROWS 65536u
#define RANGE_ROWS 131072u
#define BYTE_OPS 6u
#define MAX_CHIPS 128

/* ---- which chips, how high ---- */

static size_t
height_of(size_t rows)
{
	size_t h = (rows + 31) & ~(size_t)31;

	return h < 16 ? 16 : h;
}

/* In the shard even without rows. */
static bool
always_in(const struct air_chip *c, const struct shard_events *s)
{
	switch (c->id) {
	case CHIP_Global:
		return true;
	case CHIP_MemoryBump:
	case CHIP_StateBump:
		return s->kind == SHARD_EXECUTION;
	default:
		return false;
	}
}

/* Height of a chip in this shard; 0: not included. */
static size_t
chip_height(const struct air_chip *c,
    const struct proving_key *key, const struct shard_events *s)
{
	size_t n;

	switch (c->id) {
	case CHIP_Byte:
		return key->rows[0];
	case CHIP_Program:
		return key->rows[1];
	case CHIP_Range:
		return key->rows[2];
	default:
		n = trace_chips[c->id].count(s);
		return n || always_in(c, s) ? height_of(n) : 0;
	}
}

int
traces_shape(struct trace_shape *t, const struct air_machine *m,
    const struct proving_key *key, const struct shard_events *s,
    struct err *e)
{
	bool have[MAX_CHIPS];

	*t = (struct trace_shape){.machine = m};
	memcpy(t->public_values, s->public_values, sizeof t->public_values);
	must(m->nchips <= MAX_CHIPS);
	for (unsigned i = 0; i < m->nchips; i++)
		have[i] = chip_height(&m->chip[i], key, s) > 0;
	t->cluster = air_cluster_smallest(m, have);
	must(t->cluster);	/* there is one for all that a shard can have */
	t->rows = calloc(t->cluster->nchips, sizeof *t->rows);
	if (!t->rows)
		return err_set(e, EX_OSERR, "no memory for traces");
	for (unsigned i = 0; i < t->cluster->nchips; i++) {
		const struct air_chip *c = t->cluster->chip[i];

		t->rows[i] = chip_height(c, key, s);
		t->area += t->rows[i] * c->main_width;
	}
	return 0;
}

/* ---- rows, and tables ---- */

/* The reader has counted how often each instruction was executed. */
static void
program_row(const void *events, size_t i, kb *row)
{
	const struct shard_events *s = events;

	row[0] = kb_from(s->pc_count[i]);
}

/* Counts: a column of Byte for each of its operations, then that of Range. */
static struct trace_rows
rows_of(const void *ctx, const struct air_chip *c)
{
	const struct shard_events *s = ctx;
	const struct trace_chip *t;

	switch (c->id) {
	case CHIP_Byte:
		return (struct trace_rows){.first = 0};
	case CHIP_Range:
		return (struct trace_rows){.first = BYTE_OPS * BYTE_ROWS};
	case CHIP_Program:
		return (struct trace_rows){.events = s,
		    .row = program_row, .n = s->pc_count ? s->program->n : 0};
	default:
		t = &trace_chips[c->id];
		return (struct trace_rows){.events = s, .row = t->row,
		    .n = t->count(s), .pad = t->pad};
	}
}

static size_t
count_of(const uint32_t v[4])
{
	uint32_t op = v[0], a = v[1], b = v[2], c = v[3];

	if (op == AIR_OP_RANGE && b <= 16 && a < 1u << b)
		return BYTE_OPS * BYTE_ROWS + (1u << b) + a;
	if (op < BYTE_OPS && b < 256 && c < 256)
		return op * BYTE_ROWS + 256 * b + c;
	return BYTE_OPS * BYTE_ROWS + RANGE_ROWS;
}

struct trace_source
traces_source(const struct shard_events *s)
{
	return (struct trace_source){.rows_of = rows_of, .ctx = s,
	    .lookups = AIR_BYTE, .ncounts = BYTE_OPS * BYTE_ROWS + RANGE_ROWS,
	    .count_of = count_of};
}

int
traces_make(struct shard_trace *t, const struct prover *p,
    const struct proving_key *key, const struct shard_events *s,
    struct err *e)
{
	struct trace_source from = traces_source(s);
	struct trace_shape shape;
	struct trace_miss m;
	int r;

	if (traces_shape(&shape, p->machine, key, s, e) < 0)
		return -1;
	r = trace_make(t, p, shape, &from, &m, e);
	if (r == 1)
		err_set(e, EX_SOFTWARE, "%s row %zu: Byte (%u, %u, %u, %u) is "
		    "sent at %s, and is in no table", m.chip->name, m.row,
		    m.v[0], m.v[1], m.v[2], m.v[3], m.send->at);
	return r;
}
