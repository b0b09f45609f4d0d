#ifndef TEST_LIB_HALT_H
#define TEST_LIB_HALT_H
/*
 * The stock prover's trace of the guest `halt`, test/vectors/prover/halt.trace: words
 * little-endian: 187 public values; the number of chips; for each its name in 24
 * bytes, rows, width, number of rows that are not zero; and these, each with its
 * index before it.
 *
 * Its columns lie in memory here; a trace is made of their rows as of any others.
 */
#include "base/err.h"
#include "base/io.h"
#include "prover/prover.h"
#include "test/lib/tap.h"

#define HALT_CHIPS 64

/* A chip's columns, one after the other. */
struct halt_chip { const struct air_chip *chip; size_t rows; kb *column; };
struct halt {
	const struct air_machine *machine;
	const struct air_cluster *cluster;
	kb public_values[STARK_PUBLIC_VALUES];
	struct halt_chip chip[HALT_CHIPS];
	kb *main;
};

/* Reads the file; -1, having said why.  Free h->main. */
CHECKED int halt_read(struct halt *h, const struct air_machine *m);

/* Makes the trace of these columns; it counts nothing, since all are there.  Free it with
 * trace_free(). */
void halt_make(struct shard_trace *t, const struct prover *p, const struct halt *h);

#endif
