#ifndef SHARDS_PLAN_H
#define SHARDS_PLAN_H
/*
 * Where the memory boundary and deferred precompiles go, as the stock library's
 * sequential routine has it (sp1-proof(7), Shards).  Any plan is valid for the verifier;
 * this one halves the work for small guests, and makes one run have one proof.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Whether initialise and finalize events fit into the last execution shard, where
 * no precompile shard comes with it. */
CHECKED bool plan_packs(uint64_t element_threshold, size_t ninit,
    size_t nfinalize);
/* Whether an execution shard of this estimated area that packs so much stays small enough
 * for a normalize program (sp1-proof(7), Recursion tree): the stock's third test, which
 * does nothing there. */
CHECKED bool plan_packs_reducible(uint64_t element_threshold, uint64_t area);

/* Events that a memory shard of its own takes at most: initialise events first,
 * then finalize events into what is left of the number. */
size_t plan_memory_capacity(uint64_t element_threshold,
    uint64_t height_threshold, uint32_t ninstructions);

/* Events that a precompile shard takes, each of `cost` cells and at most `height`
 * rows in a chip.  At least 32, where stock gives up. */
size_t plan_precompile_capacity(uint64_t element_threshold,
    uint64_t height_threshold, uint32_t ninstructions, uint32_t cost,
    uint32_t height);

#endif
