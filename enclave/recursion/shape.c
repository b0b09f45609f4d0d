#include "recursion/programs.h"

#include <string.h>

#include "air/air.h"
#include "base/err.h"
#include "poly/mle.h"

/* Chips without preprocessed columns have no table in round 0. */
static void
tables(struct circuit *c, struct proof_shape *s, int r)
{
	unsigned *cols = circuit_alloc(c, s->nchips + 2, sizeof *cols), n = 0;

	for (unsigned i = 0; i < s->nchips; i++) {
		unsigned width = r == 0 ? s->chip[i]->prep_width :
		    s->chip[i]->main_width;

		if (r == 1 || width > 0)
			cols[n++] = width;
	}
	cols[n++] = s->padding[r] - 1;
	cols[n++] = 1;
	s->ntables[r] = n;
	s->table_cols[r] = cols;
	while (n-- > 0)
		s->ncols += cols[n];
}

void
proof_shape_finish(struct circuit *c, struct proof_shape *s)
{
	unsigned widest = 0, n = 0;

	for (unsigned i = 0; i < s->nchips; i++) {
		/* Lowered when it is asked for by name. */
		air_chip_by_name(s->machine, s->chip[i]->name,
		    strlen(s->chip[i]->name));
		n += s->chip[i]->nsends + s->chip[i]->nreceives;
		if (widest < s->chip[i]->max_arity)
			widest = s->chip[i]->max_arity;
	}
	s->log_interactions = log2_ceil(n);
	s->log_beta = log2_ceil(widest);
	s->ncols = 0;
	tables(c, s, 0);
	tables(c, s, 1);
	s->log_area = log2_ceil((size_t)(s->multiple[0] + s->multiple[1]) <<
	    s->params->log_stack);
}

/* Rows of each chip in every proof of compress: what the largest normalize program
 * and compose of four need (the stock's compress_shape.json). */
static const struct { const char *chip; uint32_t rows; }
compress_rows[SHAPE_COMPRESS_CHIPS] = {
	{"BaseAlu", 592384}, {"ExtAlu", 795264}, {"MemoryConst", 492320},
	{"MemoryVar", 661984}, {"Poseidon2WideDeg3", 158368},
	{"PrefixSumChecks", 224608}, {"PublicValues", 16}, {"Select", 1087808}
};

struct proof_shape
proof_shape_of(const struct stark_params *params, const uint32_t *rows)
{
	const struct air_machine *m = air_machine_compress();
	uint64_t stack = 1u << params->log_stack, area[2] = {0, 0};
	struct proof_shape s = {
		.params = params, .machine = m,
		.nchips = m->cluster[0].nchips, .chip = m->cluster[0].chip
	};

	for (unsigned i = 0; i < s.nchips; i++) {
		area[0] += (uint64_t)rows[i] * s.chip[i]->prep_width;
		area[1] += (uint64_t)rows[i] * s.chip[i]->main_width;
	}
	for (int r = 0; r < 2; r++) {
		s.multiple[r] = (unsigned)((area[r] + stack - 1) / stack);
		/* Less than a stacked column, which is shorter than a column
		 * of padding may be. */
		s.padding[r] = 1;
	}
	return s;
}

void
shape_compress_rows(uint32_t rows[SHAPE_COMPRESS_CHIPS])
{
	const struct air_machine *m = air_machine_compress();

	must(m->nchips == SHAPE_COMPRESS_CHIPS);
	for (unsigned i = 0; i < m->nchips; i++) {
		must(strcmp(m->chip[i].name, compress_rows[i].chip) == 0);
		rows[i] = compress_rows[i].rows;
	}
}

struct proof_shape
shape_compress(void)
{
	uint32_t rows[SHAPE_COMPRESS_CHIPS];

	shape_compress_rows(rows);
	return proof_shape_of(&stark_compress, rows);
}
