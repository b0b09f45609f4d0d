#ifndef TEST_LIB_HALT_H
#define TEST_LIB_HALT_H
/*
 * The stock prover's trace of the guest `halt`, test/vectors/prover/halt.trace: words
 * little-endian: 187 public values; the number of chips; for each its name in 24
 * bytes, rows, width, number of rows that are not zero; and these, each with its
 * index before it.
 */
#include "base/err.h"
#include "base/io.h"
#include "prover/prover.h"
#include "test/lib/tap.h"

/* Free t->rows and t->main. */
int halt_trace(struct shard_trace *t, const struct air_machine *m);

#endif
