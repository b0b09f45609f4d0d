#ifndef PROVER_BACKEND_H
#define PROVER_BACKEND_H
/*
 * What a shard's trace and proof compute over large data, behind one table: the CPU's
 * (cpu/) now, CUDA's later.  The transcript, and all that is small, stays
 * with the caller (shard.c and the file of each phase).  A trace and a session keep their
 * data where they compute; what passes through here are challenges, small tables and
 * results, in host memory.  The key's tables alone are the caller's, and are only read.
 *
 * Points are big-endian, and every sumcheck binds the last coordinate first.
 * "Leading coefficient" is that of X in products of linear functions of the
 * variable at hand.  Functions that return int return -1 when memory is out.
 */
#include "air/air.h"
#include "poly/commit.h"
#include "prover/trace.h"
#include "stark/params.h"

struct prover_chip {
	const struct air_chip *air;
	size_t rows;
	const kb *prep;		/* column j: prep + j * rows; NULL: it has none */
	size_t slot;		/* number of its first interaction in the shard */
};

struct prover_shard {
	const struct stark_params *params;
	size_t nchips;
	const struct prover_chip *chip;
	size_t ninteractions;
	const kb *public_values;
	const struct prover_trace *trace;	/* the main columns */
	const kb *prep;			/* the key's, dense */
	const struct stacked_commitment *prep_commitment;
	/* Columns of 2^log_stack elements each of the two dense vectors, prep and the
	 * trace. */
	size_t ncols[2];
	size_t memory;		/* bytes that the session may take; 0: any */
};

/* One interaction as linear forms over its chip's columns (numbered as in
 * air_term): numerator and fingerprint. */
struct gkr_term { uint32_t col; ef weight; };
struct gkr_fraction {
	kb n0;
	ef d0;
	unsigned nn, nd;
	const struct air_term *n;
	const struct gkr_term *d;
};

/* A column of the jagged polynomial: cells [start, start + rows) of the two
 * dense vectors, one after the other. */
struct jagged_column { size_t start, rows; };

/* Rows of a commitment at given indices. */
struct prover_rows {
	size_t width;		/* elements in a leaf */
	unsigned log_height;
	any_digest root;
};

struct zerocheck_sums { ef constraint[3], column[2]; };

struct prover_session;

struct prover_backend {
	const char *name;

	/*
	 * A trace (trace.h): new; for each chip of the cluster with rows, in any order,
	 * trace_rows or, after all of these, trace_table; end.  shape and source stay where
	 * they are until then, shape until trace_free.
	 */
	size_t (*trace_size)(const struct stark_params *params,
	    const struct trace_shape *shape, const struct trace_source *source);
	struct prover_trace *(*trace_new)(const struct stark_params *params,
	    const struct trace_shape *shape, const struct trace_source *source);
	/* All rows of chip c; counts what the first r->n look up. */
	int (*trace_rows)(struct prover_trace *t, size_t c,
	    const struct trace_rows *r);
	/* Adds to one of the counts. */
	void (*trace_count)(struct prover_trace *t, size_t count, uint32_t n);
	/* Chip c's columns are the counts from number `first` on. */
	void (*trace_table)(struct prover_trace *t, size_t c, size_t first);
	/* Gives back what only the making took.  -1: a lookup was in no table: *miss. */
	int (*trace_end)(struct prover_trace *t, struct trace_miss *miss);
	/* Rows [first, first + n) of chip c, main_width elements each: for who looks
	 * for a fault. */
	void (*trace_read)(const struct prover_trace *t, size_t c, size_t first,
	    size_t n, kb *rows);
	void (*trace_free)(struct prover_trace *t);

	/*
	 * Bytes that a session takes for a shard, of which params, chips (air and
	 * rows) and ncols are set, and memory: of the fastest way to prove it that stays
	 * within that, else of the one that takes least.  All ways have the same
	 * results.
	 */
	size_t (*need)(const struct prover_shard *s);
	/* NULL: no memory, or need() is more than s->memory.  s and its trace stay where
	 * they are until close. */
	struct prover_session *(*open)(const struct prover_shard *s);
	void (*close)(struct prover_session *p);

	/* Commits to the trace. */
	int (*commit)(struct prover_session *p, any_digest *tensor);

	/*
	 * LogUp-GKR.  Table j has 2^j rows of fractions an interaction, of which
	 * those beyond a chip's are 0/1; table max_log_row holds the interactions'
	 * own; two neighbours add up to a row of table j - 1.  build: all of
	 * them; num and den receive table 1, two a slot.
	 */
	int (*gkr_build)(struct prover_session *p, const struct gkr_fraction *f,
	    ef *num, ef *den);
	/* Starts the sumcheck over table j: pairs of neighbours (n0, d0), (n1, d1)
	 * with j - 1 row variables, numerators times lambda.  eq_slot: weight of
	 * each slot; row_point: j - 1 coordinates.  Tables are used in the order
	 * 2, 3, ..., max_log_row. */
	int (*gkr_layer)(struct prover_session *p, unsigned j, ef lambda,
	    const ef *eq_slot, const ef *row_point);
	/* With q = n0 d1 + n1 d0 + d0 d1 - 1, which is 0 at 0/1: the sum, over all slots
	 * and the row variables but the last, of eq times q's value at 0 (out[0]) and
	 * its leading coefficient, that of X^2 (out[1]). */
	void (*gkr_sum)(struct prover_session *p, ef out[2]);
	int (*gkr_fold)(struct prover_session *p, ef r);
	/* When no row variable is left: n0, n1 (times lambda), d0, d1 of each slot. */
	void (*gkr_take)(struct prover_session *p, ef (*out)[4]);
	/* Each *_end gives its phase's memory back. */
	void (*gkr_end)(struct prover_session *p);

	/* Every column at a point of max_log_row coordinates: chip by chip, its main
	 * columns, then its preprocessed ones. */
	int (*open_columns)(struct prover_session *p, const ef *point, ef *out);

	/* Zerocheck.  weight[c][i] of constraint i of chip c; power[k] of column
	 * k of a chip, main then preprocessed. */
	int (*zerocheck_begin)(struct prover_session *p,
	    const ef *const *weight, const ef *power, const ef *zeta);
	/* For each chip, the sum over pairs of its rows of eq(zeta's coordinates but the
	 * last unbound one) times constraints: out[c].constraint at 0, 2, 4 (at 0, in
	 * the first round, 0 instead: constraints hold on rows); and the same
	 * for the columns' combination: out[c].column at 0, 1. */
	void (*zerocheck_sum)(struct prover_session *p,
	    struct zerocheck_sums *out);
	int (*zerocheck_fold)(struct prover_session *p, ef r);
	/* When no variable is left: the columns, in the order of open_columns. */
	void (*zerocheck_take)(struct prover_session *p, ef *out);
	void (*zerocheck_end)(struct prover_session *p);

	/*
	 * Jagged.  All starts and rows are multiples of 2^bits; eq_col: weight of each
	 * column; z_row: max_log_row coordinates.  partial[k], k < 2^bits: the sum over
	 * cells i = k mod 2^bits of dense(i) eq_col(column of i) eq(z_row's high
	 * coordinates, row >> bits).
	 */
	int (*jagged_begin)(struct prover_session *p,
	    const struct jagged_column *col, size_t ncols, const ef *eq_col,
	    const ef *z_row, unsigned bits, ef *partial);
	/* Binds the low `bits` variables, r[0] the highest of them. */
	int (*jagged_bind)(struct prover_session *p, const ef *r);
	/* Value at 0 and leading coefficient of the sum of products. */
	void (*jagged_sum)(struct prover_session *p, ef out[2]);
	int (*jagged_fold)(struct prover_session *p, ef r);
	/* The first n values of the dense factor. */
	void (*jagged_take)(struct prover_session *p, ef *dense, size_t n);
	void (*jagged_end)(struct prover_session *p);

	/* BaseFold over the combination of all stacked columns, at log_stack
	 * coordinates. */
	int (*basefold_begin)(struct prover_session *p, const ef *coeff,
	    const ef *point);
	/* The current polynomial, last variable 0, at the point's others. */
	void (*basefold_eval)(struct prover_session *p, ef *out);
	/* Commits to the current codeword. */
	int (*basefold_commit)(struct prover_session *p, any_digest *tensor);
	int (*basefold_fold)(struct prover_session *p, ef beta);
	ef (*basefold_final)(struct prover_session *p);	/* all folded: its value */
	/* Openings: of the preprocessed (0) and main (1) commitment, and of
	 * layer which - 2.  values: n * width; paths: n * log_height. */
	void (*rows)(struct prover_session *p, size_t which,
	    struct prover_rows *out);
	int (*rows_open)(struct prover_session *p, size_t which,
	    const size_t *index, size_t n, kb *values, any_digest *paths);
};

extern const struct prover_backend backend_cpu;

#endif
