#ifndef PROVER_TRACE_H
#define PROVER_TRACE_H
/*
 * A shard's trace: the main columns of its chips.  They belong to the backend, which makes
 * them where it computes: it is handed what rows are made of, never columns, and counts
 * what
 * the rows look up as they are made.
 *
 * What is above says which chips are in and how high (trace_shape), and what each one's
 * rows
 * come from (trace_source); trace_make() puts the two together.
 */
#include <stdbool.h>
#include <stdio.h>

#include "air/air.h"
#include "base/err.h"
#include "proof/proof.h"

struct prover;
struct prover_backend;
struct prover_trace;
struct proving_key;

struct trace_shape {
	const struct air_machine *machine;
	const struct air_cluster *cluster;
	kb public_values[STARK_PUBLIC_VALUES];
	size_t *rows;		/* height of each chip of the cluster; 0: no rows */
	size_t area;		/* cells of all of them */
};

/* Makes row i of a chip, main_width zeros when it is called.  Called by several threads at
 * once. */
typedef void trace_row_fn(const void *events, size_t i, kb *row);

/* What a chip's rows come from. */
struct trace_rows {
	const void *events;	/* for row and pad */
	trace_row_fn *row;	/* NULL: a table, whose columns, one after the other,
				 * are the counts from number `first` on */
	size_t n;		/* rows that it makes: the first; pad makes the others, */
	trace_row_fn *pad;	/* but NULL: those are zeros */
	size_t first;
};

/*
 * What a whole trace comes from.  A backend with row functions of its own (a GPU's kernels)
 * finds them by the chip's name, and takes events for what they read.
 */
struct trace_source {
	struct trace_rows (*rows_of)(const void *ctx, const struct air_chip *c);
	const void *ctx;
	/* A chip's sends of this kind are lookups, in tables.  count_of: number of the
	 * count, of ncounts, that message v (four canonical values) adds its
	 * multiplicity to; ncounts: it is in no table.  NULL: nothing is counted. */
	enum air_kind lookups;
	size_t ncounts;
	size_t (*count_of)(const uint32_t v[4]);
};

/* A lookup that is in no table. */
struct trace_miss {
	const struct air_chip *chip;
	const struct air_interaction *send;
	size_t row;
	uint32_t v[4];
};

struct shard_trace {
	const struct prover_backend *backend;
	struct trace_shape shape;
	struct prover_trace *cells;	/* the backend's */
};

/* Makes *t on p's backend, of s, whose array of rows is t's from then on, whatever is
 * returned.  *t is not to be moved before trace_free().  -1: EX_OSERR, and there is nothing
 * to free.  1: the trace is there, for trace_debug(), but *miss is in no table. */
CHECKED int trace_make(struct shard_trace *t, const struct prover *p,
    struct trace_shape s, const struct trace_source *from,
    struct trace_miss *miss, struct err *e);
/* Gives the trace back to its backend. */
void trace_free(struct shard_trace *t);

/* Bytes of a trace of this shape, and of what its making takes. */
size_t trace_size(const struct prover *p, const struct trace_shape *s,
    const struct trace_source *from);

/* Every constraint of every row and of the public values, and the balance of
 * interactions: prints what fails to f (NULL: nothing), with what the rows were made of
 * where origin is not NULL; returns the number of failures (of constraints: the first of
 * each chip).  key: of the preprocessed columns. */
size_t trace_debug(const struct shard_trace *t, const struct proving_key *key,
    const struct air_origin *origin, FILE *f);

/* For backends: the message of a row's lookup, and its multiplicity, canonical.  false: that
 * is 0, and v is not filled. */
CHECKED bool trace_message(const struct air_interaction *x, const kb *row, size_t width,
    uint32_t v[4], uint32_t *mult);

#endif
