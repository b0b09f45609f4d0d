#ifndef TEST_LIB_AIR_SEARCH_H
#define TEST_LIB_AIR_SEARCH_H
/*
 * Which constraints does a trace need?  Of each constraint of a chip, removed in turn:
 * a row is sought that all the others let pass and that it alone refused.
 *
 * Rows that hold are altered (air_moves.h, air_repair.h).  A row found is of one of
 * these kinds, the last the best:
 *
 *	PROGRAM	preprocessed cells were altered: another program's row
 *	LOOKUP	a lookup refuses it too
 *	IDLE	a row without messages, before and after: a trace with it would pass,
 *		but nothing comes of it
 *	OPEN	lookups have their rows, other messages change: it would pass once the
 *		rows that they go to agree
 *	WRITTEN	nothing changes but the value of words that it writes: the trace with
 *		that row in it would pass where the word is overwritten unread (an
 *		overwriting row takes any old value)
 *	FREE	the messages are the same: the trace with that row in it would pass
 *
 * The others, and those with a lookup, are the survivors.  Some follow from one other
 * constraint, which is shown at random rows; of the rest a table says why, and a test
 * fails both where one is not in its table and where one there is no survivor.
 *
 * subject_init(), subject_offer() of rows; subject_search(); subject_report();
 * subject_free().
 */
#include "test/lib/air_repair.h"

/* How many constraints are 0 at every row, as the stock chips have them. */
struct zeros { const char *chip; unsigned n; };

/* Rows that are hard to come by: cells to set, or to add to, in a row where `of` is
 * 1; in a row of zeros, and public values of zeros, where it is NULL. */
#define WITNESS_CELLS 20
struct witness {
	const char *chips, *of;
	struct witness_cell {
		const char *cell;
		uint32_t value;
		bool add;
	} set[WITNESS_CELLS];
};

/* Looks for rows, those of the witnesses first. */
void subject_search(struct subject *s, const struct witness *w, size_t nwitnesses);

/* What was found, over subjects. */
struct tally {
	unsigned constraints, zero, copies, found[FOUND_COUNT], survivors,
	    follow, explained;
};

/* Every survivor must be known, and what is known a survivor. */
bool subject_report(const struct subject *s, unsigned zeros, struct tally *sum);

/* For who reads: no test. */
void tally_report(const struct tally *n, unsigned chips);

#endif
