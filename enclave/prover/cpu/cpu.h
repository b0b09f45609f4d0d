#ifndef PROVER_CPU_CPU_H
#define PROVER_CPU_CPU_H
/*
 * The CPU backend's trace and session, shared by its files, one a phase.
 */
#include <stdlib.h>

#include "base/err.h"
#include "base/par.h"
#include "prover/cpu/kernels.h"

struct cpu_gkr;
struct cpu_zerocheck;
struct cpu_jagged;
struct cpu_basefold;

/* What is kept, and what is made again from the traces when it is needed. */
struct cpu_plan {
	unsigned gkr_leaf;	/* tables of fractions are kept from 1 / 2^this of
				 * the rows down, 2 .. CPU_GKR_LEAF */
	unsigned zero_fold;	/* columns are kept once folded so often, 2 .. 3 */
	size_t cells;		/* bytes of the session's large arrays */
};
#define CPU_GKR_LEAF 4
#define CPU_ZERO_FOLD 3

/* Main columns, dense: chip after chip in cluster order, each chip's columns one after the
 * other; zeros up to whole stacked columns. */
struct prover_trace {
	const struct trace_shape *shape;
	const struct trace_source *source;	/* until its end */
	kb *main;
	size_t size;			/* bytes of main */
	kb **column;			/* first of each chip */
	uint32_t *count;		/* source->ncounts a thread, until its end */
	struct trace_miss *miss;	/* the first of each thread; chip NULL: none */
};

struct prover_session {
	const struct prover_shard *shard;
	const kb *dense[2];		/* the key's columns, the trace's */
	const struct cpu_kernels *k;
	struct cpu_plan plan;
	const kb ***col;		/* [chip][column]: main, then prep */
	struct stacked_commitment main;
	char *cells;			/* plan.cells bytes */
	size_t cells_used;
	struct cpu_gkr *gkr;
	struct cpu_zerocheck *zerocheck;
	struct cpu_jagged *jagged;
	struct cpu_basefold *basefold;
};

/* The smallest multiple of m that is n or more. */
static inline size_t
round_up(size_t n, size_t m)
{
	return (n + m - 1) / m * m;
}

/* Pages of zeros for what is large, NULL: no memory; huge: of large pages, where there
 * are some. */
void *cpu_map(size_t size, bool huge);
void cpu_unmap(void *p, size_t size);	/* p may be NULL */

/* trace.c, as backend_cpu has it: backend.h says what these do. */

/* .trace_size */
size_t cpu_trace_size(const struct stark_params *params,
    const struct trace_shape *shape, const struct trace_source *source);
/* .trace_new */
struct prover_trace *cpu_trace_new(const struct stark_params *params,
    const struct trace_shape *shape, const struct trace_source *source);
/* .trace_rows, in blocks of rows over the pool of base/par.h. */
CHECKED int cpu_trace_rows(struct prover_trace *t, size_t c,
    const struct trace_rows *r);
/* .trace_count */
void cpu_trace_count(struct prover_trace *t, size_t count, uint32_t n);
/* .trace_table: adds up what each thread counted. */
void cpu_trace_table(struct prover_trace *t, size_t c, size_t first);
/* .trace_end */
CHECKED int cpu_trace_end(struct prover_trace *t, struct trace_miss *miss);
/* .trace_read */
void cpu_trace_read(const struct prover_trace *t, size_t c, size_t first,
    size_t n, kb *rows);
/* .trace_free */
void cpu_trace_free(struct prover_trace *t);

/* The session's large arrays are a stack in one piece of memory, as large as the plan
 * says; a phase writes over the pages of the one before. */

CHECKED int cells_open(struct prover_session *p);	/* -1: no memory */
/* Gives all of it back. */
void cells_close(struct prover_session *p);
/* n elements, aligned to 64 bytes, whatever they hold; the plan has room for
 * them. */
kb *cells_raw(struct prover_session *p, size_t n);
/* The same, zeros. */
kb *cells_new(struct prover_session *p, size_t n);
/* Gives back what was taken since cells_used was `used`. */
void cells_release(struct prover_session *p, size_t used);
/* Bytes that n elements take. */
size_t cells_size(size_t n);

/* Bytes of cells that a phase takes at most. */

/* The tables of fractions that are kept, and eq. */
size_t cpu_gkr_size(const struct prover_shard *s, const struct cpu_plan *p);
/* The batched columns of all chips, eq, the columns once kept, each thread's
 * scratch. */
size_t cpu_zerocheck_size(const struct prover_shard *s,
    const struct cpu_plan *p);
/* eq, both factors, and both once folded. */
size_t cpu_jagged_size(const struct prover_shard *s);
/* The codeword, the polynomials and leaves of all rounds, and the openings'
 * work space. */
size_t cpu_basefold_size(const struct prover_shard *s);

/* Element i of four planes that are `plane` elements apart. */
static inline ef
plane_get(const kb *p, size_t plane, size_t i)
{
	return (ef){{p[i], p[plane + i], p[2 * plane + i], p[3 * plane + i]}};
}

/*
 * The start of the table of eq(point, .): 2^low entries, which is all of it or as many
 * as were asked for; zeros from there to the plane's end.
 */
struct cpu_eq {
	kb *t;
	size_t plane;
	unsigned n, low;	/* coordinates; those of the index */
	ef point[32];
};

/* Makes the table, of at least the entries below `need`, in the session's
 * cells.  point: n <= 32 coordinates, of which the last is the index's lowest
 * bit. */
void cpu_eq_init(struct cpu_eq *e, struct prover_session *p, const ef *point,
    unsigned n, size_t need);
/* Drops the last coordinate: the table of the others, half as long, in
 * place. */
void cpu_eq_drop(struct cpu_eq *e, struct prover_session *p);
size_t cpu_eq_size(unsigned n, size_t need);	/* bytes of cells */

/* The phases, a file each, as backend_cpu has them.  -1: no memory. */

/* .gkr_build: tables from 2^-gkr_leaf of the rows down are kept. */
CHECKED int cpu_gkr_build(struct prover_session *p,
    const struct gkr_fraction *f, ef *num, ef *den);
/* .gkr_layer: of a table that is not kept, leaves are made again at each
 * round. */
CHECKED int cpu_gkr_layer(struct prover_session *p, unsigned j, ef lambda,
    const ef *eq_slot, const ef *row_point);
/* .gkr_sum */
void cpu_gkr_sum(struct prover_session *p, ef out[2]);
/* .gkr_fold: binds the last row variable to r. */
CHECKED int cpu_gkr_fold(struct prover_session *p, ef r);
/* .gkr_take */
void cpu_gkr_take(struct prover_session *p, ef (*out)[4]);
/* .gkr_end; also after a build that failed. */
void cpu_gkr_free(struct prover_session *p);

/* .zerocheck_begin: weight and power stay where they are until the end. */
CHECKED int cpu_zerocheck_begin(struct prover_session *p,
    const ef *const *weight, const ef *power, const ef *zeta);
/* .zerocheck_sum */
void cpu_zerocheck_sum(struct prover_session *p, struct zerocheck_sums *out);
/* .zerocheck_fold: binds the last variable to r; columns are stored from fold
 * number zero_fold on, before that made again from the trace. */
CHECKED int cpu_zerocheck_fold(struct prover_session *p, ef r);
/* .zerocheck_take */
void cpu_zerocheck_take(struct prover_session *p, ef *out);
/* .zerocheck_end; also after a begin that failed. */
void cpu_zerocheck_free(struct prover_session *p);

/* .jagged_begin: col stays where it is until the end. */
CHECKED int cpu_jagged_begin(struct prover_session *p,
    const struct jagged_column *col, size_t ncols, const ef *eq_col,
    const ef *z_row, unsigned bits, ef *partial);
/* .jagged_bind: both factors become tables in planes. */
CHECKED int cpu_jagged_bind(struct prover_session *p, const ef *r);
/* .jagged_sum */
void cpu_jagged_sum(struct prover_session *p, ef out[2]);
/* .jagged_fold: binds the lowest variable to r. */
CHECKED int cpu_jagged_fold(struct prover_session *p, ef r);
/* .jagged_take: zeros behind the last value. */
void cpu_jagged_take(struct prover_session *p, ef *dense, size_t n);
/* .jagged_end; also after a begin that failed. */
void cpu_jagged_free(struct prover_session *p);

/* .basefold_begin: coeff, of each stacked column, stays until the last fold. */
CHECKED int cpu_basefold_begin(struct prover_session *p, const ef *coeff,
    const ef *point);
/* .basefold_eval */
void cpu_basefold_eval(struct prover_session *p, ef *out);
/* .basefold_commit: a leaf is a pair of the codeword's entries, 8 elements. */
CHECKED int cpu_basefold_commit(struct prover_session *p, any_digest *tensor);
/* .basefold_fold: polynomial and codeword by beta, after the commitment. */
CHECKED int cpu_basefold_fold(struct prover_session *p, ef beta);
/* .basefold_final */
ef cpu_basefold_final(struct prover_session *p);
/* .rows */
void cpu_rows(struct prover_session *p, size_t which, struct prover_rows *out);
/* .rows_open: stacked rows are encoded again, layers are kept. */
CHECKED int cpu_rows_open(struct prover_session *p, size_t which,
    const size_t *index, size_t n, kb *values, any_digest *paths);
/* Frees what .basefold_begin and the folds made, at the session's close. */
void cpu_basefold_free(struct prover_session *p);

#endif
