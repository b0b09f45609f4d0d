#ifndef TEST_LIB_RUN_H
#define TEST_LIB_RUN_H
/*
 * A run of a guest of test/guest, a shard at a time: guest_run(); guest_next() until
 * it is not 1; guest_end().  Records are kept in memory.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "shards/public_values.h"
#include "shards/shards.h"
#include "test/lib/tap.h"
#include "vm/vm.h"

struct guest_run {
	int fd;
	struct rv_program program;
	struct shard_source source;
};

/* cut: ELEMENT_THRESHOLD, or 0.  guest_end() in either case. */
int guest_run(struct guest_run *g, const char *guest, const char *input,
    uint64_t cut, struct err *e);

/* 1: *s is the next shard, prepared, its public values filled; free it with
 * shard_events_free(); 0: that was the last; -1: error. */
int guest_next(struct guest_run *g, struct shard_events *s, struct err *e);

/* From the first shard again. */
int guest_rewind(struct guest_run *g, struct err *e);

/* What guest_run() took. */
void guest_end(struct guest_run *g);

#endif
