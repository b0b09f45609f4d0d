#ifndef TEST_LIB_AIR_SUBJECT_H
#define TEST_LIB_AIR_SUBJECT_H
/*
 * A chip of which each constraint is removed in turn, rows that it holds at, and what
 * an altered row shows about the constraint that it alone breaks (air_search.h).
 *
 * subject_init(), subject_offer() of each row; then, of each row, a struct trial, in
 * which trial_set() and trial_reset() alter and trial_look() notes.  subject_free().
 * A subject is one thread's at a time.
 */
#include "test/lib/splitmix.h"
#include "test/lib/air_poly.h"
#include "test/lib/tap.h"

#define MAX_ROWS 100		/* of a chip */
#define MAX_SPECIAL 256		/* and such as are hard to come by */
#define MAX_PLAIN 12		/* of them, with the Booleans of one before */
#define SEARCH_VALUES 128

#define ZERO UINT32_MAX
/* Chips of more cells are wide. */
#define NARROW 200

enum found { NONE, PROGRAM, LOOKUP, IDLE, OPEN, WRITTEN, FREE, FOUND_COUNT };

/* Survivors, of those that follow from no other one. */
struct known {
	const char *chips;		/* their names, by commas */
	unsigned first, last;		/* constraints */
	unsigned step;			/* from one to the next */
	const char *why;
};

struct list { unsigned n; uint32_t *of; };

/* main: main cells, then preprocessed ones; or public values. */
struct sample { kb *main, *pv; };
struct subject {
	const struct air_chip *chip;
	bool of_public;			/* the public values, as a chip without columns */
	const void *own;		/* the test's */
	const struct known **why;	/* of each constraint: known, or NULL */
	unsigned width;			/* of a row */
	unsigned cells;			/* the first of them: those of a trace */
	unsigned nrows;
	unsigned nspecial;
	struct sample row[MAX_ROWS], special[MAX_SPECIAL];
	size_t plain;			/* rows offered that are like one before */
	uint64_t booleans[MAX_ROWS];	/* of the rows, a hash */
	bool *boolean;			/* cells that a constraint reads alone */
	struct polys polys;		/* of firsts; others are 0 */
	struct list *reads;		/* the cells of each constraint, rising */
	struct list *messages;		/* the interactions of each cell, rising */
	/* Of each constraint: the first that is a multiple of it, itself mostly, or
	 * ZERO where it is 0.  Copies are removed together. */
	uint32_t *first;
	uint8_t *found;			/* an enum found of each first */
	enum found enough;		/* no better is sought */
	uint32_t *gives, *turn;		/* see subject_givers() */
	unsigned nturns;
	unsigned nzero, ncopies;
	unsigned left;			/* firsts that are less than `enough` */
	uint64_t seed;			/* its own, whatever other chips draw */
};

/* What the search draws at random: of each thread its own, the same in each run. */
extern _Thread_local uint64_t search_seed;
uint64_t search_rnd(void);

/* An element. */
kb search_rnd_kb(void);

/* n of them. */
void search_random(kb *cell, unsigned n);

/* Has it so few cells that all of them can be tried? */
bool subject_narrow(const struct subject *s);

/* Is the name a word of the list? */
bool in_list(const char *name, const char *list);

/* Why constraint k survives, or NULL. */
const struct known *subject_known(const struct subject *s, unsigned k);

/* Is a better row sought for constraint k? */
bool subject_sought(const struct subject *s, unsigned k);

/* The form at a row: main cells, then preprocessed ones. */
kb row_affine(const struct air_chip *c, const struct air_affine *f, const kb *row);

/* A row of the subject under alteration. */
struct trial {
	struct subject *s;
	struct altered a;
	unsigned active;		/* messages of the row as it was */
	uint32_t *before;		/* lookups that had no row then */
	unsigned nbefore;
	uint32_t *refused, *refused_at;	/* lookups without a row; where + 1 */
	unsigned nrefused;
	uint32_t *seen, turn;		/* of each message */
};

/* How many messages a row may send and receive. */
unsigned chip_messages(const struct air_chip *c);

/* Once a subject has its chip; trial_free() in the end. */
void trial_init(struct trial *t, struct subject *s);

/* What trial_init() took. */
void trial_free(struct trial *t);

/* Its cells as they are. */
const kb *trial_row(const struct trial *t);

/* Begins with a row of the subject. */
void trial_base(struct trial *t, const struct sample *r);

/* Changes a cell, keeps t->refused. */
void trial_put(struct trial *t, uint32_t cell, kb x);

/* Changes a cell; t->refused is not kept, and empty. */
void trial_set(struct trial *t, uint32_t cell, kb x);

/* A cell as it is. */
kb trial_cell(const struct trial *t, uint32_t cell);

/* The row as trial_base() had it. */
void trial_reset(struct trial *t);

/* Notes what the altered row shows. */
void trial_look(struct trial *t);

/* c: a chip, or a machine's public values; known: ends with NULL chips, or NULL. */
void subject_init(struct subject *s, const struct air_chip *c,
    const struct known *known, const void *own);

/* What subject_init() took, and the rows. */
void subject_free(struct subject *s);

/* A row of which not much is tried; one that breaks a single constraint is one more
 * that it alone refuses. */
void subject_offer_special(struct subject *s, const kb *row, const kb *pv);

/* Which cell each constraint gives, of those that it is linear in, as one that no
 * other reads but those that are given later: s->turn has these constraints, what is
 * given first first.  Constraints of one cell give none, nor such as are linear in none.
 * Where none can give, the one that reads least is taken for a check of what others
 * give.  subject_init() calls it. */
void subject_givers(struct subject *s);

/* A row that holds: of s->width cells. */
void subject_offer(struct subject *s, const kb *row, const kb *pv);

/* Do all constraints hold at the rows offered, by the chip itself, and are the
 * polynomials its constraints?  How many rows are wrong. */
unsigned subject_unsound(const struct subject *s);

#endif
