#ifndef AIR_AIR_H
#define AIR_AIR_H
/*
 * Chips, lowered: what every consumer reads (the verifier's point evaluation, the
 * prover's rows, the debugger, later CUDA and the recursion circuit).
 *
 * A machine is made once, by air_machine_NAME().  A chip is lowered when it is
 * first asked for, by its name or in a cluster that was looked up: its function of
 * run/chips.def (recursion.def) is run over a recorder, what that recorded is lowered,
 * and constraint
 * and interaction counts are asserted against the stock ones.  Then it is
 * immutable.  Any number of threads may do all this.
 */
#include <stddef.h>
#include <stdio.h>

#include "air/cells.h"
#include "air/expr.h"
#include "base/err.h"
#include "field/ef.h"

#define AIR_PUBLIC_VALUES 187

/* constant + sum of coeff[i] * column[i].  Columns: [0, main_width) are main,
 * main_width + j is preprocessed column j.  In the public values' interactions
 * the "columns" are the public values. */
struct air_term { uint32_t col; kb coeff; };
struct air_affine { kb constant; uint32_t n; const struct air_term *term; };

struct air_interaction {
	enum air_kind kind;
	bool send;
	unsigned nvalues;
	struct air_affine mult;
	const struct air_affine *value;
	const char *at;			/* "file:line" */
};

/* Constraint bytecode, in single-assignment order over a file of nslots values
 * (slots are reused after a value's last use).  Operands of AIR_ADD, AIR_SUB,
 * AIR_MUL, AIR_NEG are slots; AIR_ASSERT folds slot a as the next constraint. */
enum air_opcode {
	AIR_LOAD_MAIN,		/* dst <- main column a */
	AIR_LOAD_PREP,		/* dst <- preprocessed column a */
	AIR_LOAD_PUBLIC,	/* dst <- public value a */
	AIR_CONST,		/* dst <- constant[a] */
	AIR_ADD, AIR_SUB, AIR_MUL, AIR_NEG,
	AIR_ASSERT
};
struct air_insn { uint8_t op; uint16_t dst; uint32_t a, b; };

struct air_prog {
	size_t n;
	const struct air_insn *insn;
	unsigned nslots;
	size_t nconstants;
	const kb *constant;
};

struct air_chip {
	const char *name;		/* as in the transcript */
	unsigned index;			/* in machine->chip, which is in name order */
	unsigned id;			/* in its machine's table: an enum core_chip */
	struct chip_state *state;	/* the library's own */
	unsigned main_width, prep_width;
	const struct cell_field *main_fields, *prep_fields;
	unsigned nconstraints;
	struct air_prog prog;
	const struct air_block *block;	/* the same for air_fold_block_*() */
	unsigned nsends, nreceives;	/* interaction[]: sends, then receives */
	const struct air_interaction *interaction;
	unsigned max_arity;		/* widest interaction, its kind included */
	const char *const *constraint_at;	/* "file:line" of each constraint */
};

struct air_cluster { unsigned nchips; const struct air_chip *const *chip; };

struct air_machine {
	unsigned nchips;
	/* In name order.  Only names, widths and fields are there before a chip
	 * is lowered. */
	const struct air_chip *chip;
	unsigned nclusters;
	const struct air_cluster *cluster;
	/* The public values' constraints and interactions, as a chip without
	 * columns; interaction[] in call order, sends and receives mixed. */
	struct air_chip public_values;
	void (*record_public_values)(struct air *a);	/* NULL: there are none */
};

/* The machines of circuit v6.1.0.  Each is made at its first use and never freed;
 * out of memory is fatal. */

/* Core: RISC-V without page protection. */
const struct air_machine *air_machine_riscv(void);
/* Recursion: of compressed and shrunk proofs. */
const struct air_machine *air_machine_compress(void);
/* Recursion's last stage: of wrap proofs, whose commitments hash over BN254. */
const struct air_machine *air_machine_wrap(void);
/* The chip with this name of len bytes, lowered; NULL: the machine has none. */
const struct air_chip *air_chip_by_name(const struct air_machine *m,
    const char *name, size_t len);
/* The cluster with exactly the chips that `have` marks, lowered; NULL: none.  `have`
 * is indexed as machine->chip. */
const struct air_cluster *air_cluster_exact(const struct air_machine *m,
    const bool *have);
/* The cluster with the fewest chips that has all that `have` marks, its chips
 * lowered; NULL: none does. */
const struct air_cluster *air_cluster_smallest(const struct air_machine *m,
    const bool *have);

/* ---- evaluation ---- */

/* Writes every constraint's value, in order; returns 0 when all are 0, else the
 * last value that is not. */
kb air_eval_row(const struct air_chip *c, const kb *main, const kb *prep,
    const kb *public_values, kb *constraints /* nconstraints, or NULL */);
/* Every constraint folded by Horner: acc = acc * alpha + constraint, from 0. */
ef air_fold_row(const struct air_chip *c, const kb *main, const kb *prep,
    const kb *public_values, ef alpha);
/* The same fold where columns have extension values: main[main_width] and
 * prep[prep_width] are the columns' openings at a point. */
ef air_fold_point(const struct air_chip *c, const ef *main, const ef *prep,
    const kb *public_values, ef alpha);

/* Many rows at once, column-major: column j's row r is main[j][r], for r < n;
 * columns (and planes) are read up to n rounded up to a multiple of 16.
 * out[r] = sum over constraints i of weight[i] * constraint_i(row r), with
 * weight[i] = alpha^(nconstraints-1-i) for the Horner fold.  scratch: see size. */
size_t air_block_scratch(const struct air_chip *c, bool extension);
#define AIR_BLOCK 64	/* n <= AIR_BLOCK in one call */
/* Writes out[n] from rows of base field elements.  scratch has
 * air_block_scratch(c, false) bytes and no other user meanwhile. */
void air_fold_block_kb(const struct air_chip *c, const kb *const *main,
    const kb *const *prep, const kb *public_values, const ef *weight, size_t n,
    ef *out, void *scratch);
/* The same over extension elements, each column as four planes: coefficient k of
 * column j's row r is main[j][k * stride + r]. */
void air_fold_block_ef(const struct air_chip *c, const kb *const *main,
    const kb *const *prep, size_t stride, const kb *public_values,
    const ef *weight, size_t n, ef *out, void *scratch);

/* The form's value in one row: main[main_width], then prep[]. */
kb air_affine_row(const struct air_affine *f, unsigned main_width,
    const kb *main, const kb *prep);
/* The same of columns' openings at a point. */
ef air_affine_point(const struct air_affine *f, unsigned main_width,
    const ef *main, const ef *prep);

/* ---- reports ---- */

/* "adapter.op_a_memory.prev_value[2]" of main column j. */
void air_column_name(const struct air_chip *c, unsigned j, char *out,
    size_t size);
/* Checks one row; on a failure returns the constraint's index and prints its
 * place and the row's cells to f; -1: all hold. */
int air_debug_row(const struct air_chip *c, const kb *main, const kb *prep,
    const kb *public_values, FILE *f);

/* What rows were made of, for reports: print() adds it to a row's number, in brackets
 * after a space; nothing for a row of padding. */
struct air_origin {
	void (*print)(const void *ctx, const struct air_chip *c, size_t row,
	    FILE *f);
	const void *ctx;
};

/* Interaction balance over a shard: add every row's interactions, then look.
 * Local kinds must cancel within a shard. */
struct air_balance;
/* An empty balance, which air_balance_free() frees; out of memory is fatal. */
struct air_balance *air_balance_new(void);
/* Adds the interactions of one row; row is the number that a report prints.  *c must
 * stay. */
void air_balance_add(struct air_balance *b, const struct air_chip *c,
    const kb *main, const kb *prep, size_t row);
/* Adds the interactions of the public values, kb[AIR_PUBLIC_VALUES]. */
void air_balance_public(struct air_balance *b, const struct air_machine *m,
    const kb *public_values);
/* Number of messages that do not cancel; prints the first `show` with the chip
 * and row that sent or received them last, what that was made of where origin is not
 * NULL, and where that is described. */
size_t air_balance_report(struct air_balance *b, const struct air_origin *origin,
    FILE *f, unsigned show);
/* Frees a balance, or nothing for NULL. */
void air_balance_free(struct air_balance *b);

#endif
