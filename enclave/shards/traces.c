#include "shards/traces.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/par.h"

#define BYTE_ROWS 65536u
#define RANGE_ROWS 131072u
#define BYTE_OPS 6u
#define BLOCK 256u		/* rows made at a time */
#define MAX_CHIPS 128
#define MAX_WIDTH 4096

/* ---- lookups ---- */

/* Times each row of the tables was looked up, one of these a thread. */
struct lookups {
	uint32_t byte[BYTE_OPS][BYTE_ROWS];
	uint32_t range[RANGE_ROWS];
	/* The first lookup without a row; chip NULL: there is none. */
	struct { const char *chip, *at; size_t row; uint32_t v[4]; } bad;
};

static void
look_up(struct lookups *l, uint32_t mult, const uint32_t v[4],
    const char *chip, const char *at, size_t row)
{
	uint32_t op = v[0], a = v[1], b = v[2], c = v[3];

	if (op == AIR_OP_RANGE && b <= 16 && a < 1u << b)
		l->range[(1u << b) + a] += mult;
	else if (op < BYTE_OPS && b < 256 && c < 256)
		l->byte[op][256 * b + c] += mult;
	else if (!l->bad.chip) {
		l->bad.chip = chip;
		l->bad.at = at;
		l->bad.row = row;
		memcpy(l->bad.v, v, sizeof l->bad.v);
	}
}

static void
count_lookups(struct lookups *l, const struct air_chip *c,
    const kb *row, size_t number)
{
	for (unsigned i = 0; i < c->nsends; i++) {
		const struct air_interaction *x = &c->interaction[i];
		uint32_t v[4], mult;

		if (x->kind != AIR_BYTE)
			continue;
		mult = kb_to(air_affine_row(&x->mult, c->main_width, row,
		    NULL));
		if (mult == 0)
			continue;
		for (unsigned k = 0; k < 4; k++)
			v[k] = kb_to(air_affine_row(&x->value[k],
			    c->main_width, row, NULL));
		look_up(l, mult, v, c->name, x->at, number);
	}
}

/* The public values look things up in every kind of shard. */
static void
count_public_lookups(struct lookups *l, const struct air_machine *m,
    const kb *pv)
{
	const struct air_chip *c = &m->public_values;

	for (unsigned i = 0; i < c->nsends + c->nreceives; i++) {
		const struct air_interaction *x = &c->interaction[i];
		uint32_t v[4];

		if (x->kind != AIR_BYTE)
			continue;
		for (unsigned k = 0; k < 4; k++)
			v[k] = kb_to(air_affine_row(&x->value[k],
			    STARK_PUBLIC_VALUES, pv, NULL));
		look_up(l, kb_to(air_affine_row(&x->mult, STARK_PUBLIC_VALUES,
		    pv, NULL)), v, c->name, x->at, 0);
	}
}

static void
sum_lookups(struct lookups *all, unsigned n)
{
	for (unsigned t = 1; t < n; t++) {
		uint32_t *to = &all[0].byte[0][0];
		const uint32_t *from = &all[t].byte[0][0];

		for (size_t i = 0; i < BYTE_OPS * BYTE_ROWS; i++)
			to[i] += from[i];
		for (size_t i = 0; i < RANGE_ROWS; i++)
			all[0].range[i] += all[t].range[i];
		if (!all[0].bad.chip)
			all[0].bad = all[t].bad;
	}
}

/* ---- which chips, how high ---- */

static const struct trace_chip *
trace_chip_of(const char *name)
{
	for (const struct trace_chip *t = trace_chips; t->name; t++)
		if (!strcmp(t->name, name))
			return t;
	return NULL;
}

static size_t
height_of(size_t rows)
{
	size_t h = (rows + 31) & ~(size_t)31;

	return h < 16 ? 16 : h;
}

static int
always_in(const char *name, const struct shard_events *s)
{
	if (!strcmp(name, "Global"))
		return 1;
	return s->kind == SHARD_EXECUTION &&
	    (!strcmp(name, "MemoryBump") || !strcmp(name, "StateBump"));
}

/* Height of a chip in this shard; 0: not included. */
static size_t
chip_height(const struct air_chip *c,
    const struct proving_key *key, const struct shard_events *s)
{
	const struct trace_chip *t;
	size_t n;

	if (!strcmp(c->name, "Byte"))
		return key->rows[0];
	if (!strcmp(c->name, "Program"))
		return key->rows[1];
	if (!strcmp(c->name, "Range"))
		return key->rows[2];
	t = trace_chip_of(c->name);
	n = t ? t->count(s) : 0;
	return n || always_in(c->name, s) ? height_of(n) : 0;
}

/* ---- rows ---- */

struct fill {
	const struct shard_events *events;
	const struct air_chip *chip;
	const struct trace_chip *trace;
	size_t rows, real;
	kb *column;		/* the chip's first */
	kb *scratch;		/* BLOCK rows a thread */
	struct lookups *lookups;
};

static void
fill_rows(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct fill *f = ctx;
	size_t width = f->chip->main_width;
	kb *block = f->scratch + worker * BLOCK * width;

	for (size_t r0 = begin; r0 < end; r0 += BLOCK) {
		size_t n = end - r0 < BLOCK ? end - r0 : BLOCK;

		memset(block, 0, n * width * sizeof *block);
		for (size_t k = 0; k < n; k++) {
			kb *row = block + k * width;

			if (r0 + k < f->real) {
				f->trace->row(f->events, r0 + k, row);
				count_lookups(&f->lookups[worker], f->chip,
				    row, r0 + k);
			} else if (f->trace->pad) {
				f->trace->pad(f->events, r0 + k, row);
			}
		}
		for (size_t j = 0; j < width; j++)
			for (size_t k = 0; k < n; k++)
				f->column[j * f->rows + r0 + k] =
				    block[k * width + j];
	}
}

static int
fill_chip(struct fill *f, struct err *e)
{
	f->trace = trace_chip_of(f->chip->name);
	must(f->trace);
	f->real = f->trace->count(f->events);
	f->scratch = malloc(par_threads() * BLOCK * f->chip->main_width *
	    sizeof *f->scratch);
	if (!f->scratch)
		return err_set(e, EX_OSERR, "no memory for traces");
	par_for(f->rows, 4 * BLOCK, fill_rows, f);
	free(f->scratch);
	return 0;
}

static void
fill_table(const struct air_chip *c, kb *column, size_t rows,
    const struct lookups *l, const struct shard_events *s)
{
	if (!strcmp(c->name, "Byte"))
		for (unsigned op = 0; op < BYTE_OPS; op++)
			for (size_t r = 0; r < rows; r++)
				column[op * rows + r] = kb_from(l->byte[op][r]);
	else if (!strcmp(c->name, "Range"))
		for (size_t r = 0; r < rows; r++)
			column[r] = kb_from(l->range[r]);
	else
		for (size_t r = 0; s->pc_count && r < s->program->n; r++)
			column[r] = kb_from(s->pc_count[r]);
}

static int
is_table(const struct air_chip *c)
{
	return c->prep_width > 0;	/* Byte, Program, Range */
}

/* ---- the whole ---- */

static size_t
dense_bytes(size_t area)
{
	size_t stack = (size_t)1 << 21;

	return ((area + stack - 1) & ~(stack - 1)) * sizeof(kb);
}

int
traces_shape(struct shard_trace *t, const struct air_machine *m,
    const struct proving_key *key, const struct shard_events *s,
    struct err *e)
{
	bool have[MAX_CHIPS];

	memset(t, 0, sizeof *t);
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

size_t
traces_size(const struct shard_trace *t)
{
	size_t widest = 0;

	for (unsigned i = 0; i < t->cluster->nchips; i++)
		if (widest < t->cluster->chip[i]->main_width)
			widest = t->cluster->chip[i]->main_width;
	return dense_bytes(t->area) + par_threads() *
	    (sizeof(struct lookups) + BLOCK * widest * sizeof(kb));
}

static int
map_trace(struct shard_trace *t, struct err *e)
{
	t->main = mmap(NULL, dense_bytes(t->area), PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (t->main == MAP_FAILED) {
		t->main = NULL;
		return err_set(e, EX_OSERR, "no memory for traces");
	}
	return 0;
}

int
traces_make(struct shard_trace *t, const struct air_machine *m,
    const struct proving_key *key, const struct shard_events *s,
    struct err *e)
{
	struct lookups *l;
	struct fill f = {.events = s};
	kb *column;
	int bad = 0;

	if (traces_shape(t, m, key, s, e) < 0)
		return -1;
	l = calloc(par_threads(), sizeof *l);
	if (!l) {
		err_set(e, EX_OSERR, "no memory for traces");
		goto fail;
	}
	if (map_trace(t, e) < 0)
		goto fail;
	f.lookups = l;
	column = t->main;
	for (unsigned i = 0; i < t->cluster->nchips; i++) {
		f.chip = t->cluster->chip[i];
		f.rows = t->rows[i];
		f.column = column;
		column += f.rows * f.chip->main_width;
		if (f.rows && !is_table(f.chip) && fill_chip(&f, e) < 0)
			goto fail;
	}
	count_public_lookups(l, m, s->public_values);
	sum_lookups(l, par_threads());
	if (l->bad.chip) {
		bad = 1;
		err_set(e, EX_SOFTWARE, "%s row %zu: Byte (%u, %u, %u, %u) is "
		    "sent at %s, and is in no table", l->bad.chip,
		    l->bad.row, l->bad.v[0], l->bad.v[1], l->bad.v[2],
		    l->bad.v[3], l->bad.at);
	}
	column = t->main;
	for (unsigned i = 0; i < t->cluster->nchips; i++) {
		const struct air_chip *c = t->cluster->chip[i];

		if (is_table(c))
			fill_table(c, column, t->rows[i], l, s);
		column += t->rows[i] * c->main_width;
	}
	free(l);
	return bad;
fail:
	free(l);
	traces_free(t);
	return -1;
}

void
traces_free(struct shard_trace *t)
{
	if (t->main)
		munmap(t->main, dense_bytes(t->area));
	free(t->rows);
	memset(t, 0, sizeof *t);
}

size_t
traces_debug(const struct shard_trace *t, const struct air_machine *m,
    const struct proving_key *key, FILE *f)
{
	struct air_balance *b = air_balance_new();
	const kb *column = t->main, *prep = key->prep;
	size_t failures = 0;

	must(b);
	for (unsigned i = 0; i < t->cluster->nchips; i++) {
		const struct air_chip *c = t->cluster->chip[i];
		size_t rows = t->rows[i];
		kb row[MAX_WIDTH], prow[MAX_WIDTH];
		int bad = 0;

		must(c->main_width <= MAX_WIDTH && c->prep_width <= MAX_WIDTH);
		for (size_t r = 0; r < rows; r++) {
			for (unsigned j = 0; j < c->main_width; j++)
				row[j] = column[j * rows + r];
			for (unsigned j = 0; j < c->prep_width; j++)
				prow[j] = prep[j * rows + r];
			if (!bad && air_debug_row(c, row, prow,
			    t->public_values, f) >= 0) {
				if (f)
					fprintf(f, "%s: row %zu of %zu\n",
					    c->name, r, rows);
				bad = 1;
				failures++;
			}
			air_balance_add(b, c, row, prow, r);
		}
		column += rows * c->main_width;
		prep += rows * c->prep_width;
	}
	failures += air_debug_row(&m->public_values, NULL, NULL,
	    t->public_values, f) >= 0;
	air_balance_public(b, m, t->public_values);
	failures += air_balance_report(b, f, 20);
	air_balance_free(b);
	return failures;
}
