#ifndef SHARDS_PUBLIC_VALUES_H
#define SHARDS_PUBLIC_VALUES_H
/*
 * A shard's public values (sp1-proof(7), Public values).  Call after
 * shard_prepare(): the global sum is among them.
 */
#include "rows/trace.h"

/* What memory shards repeat of the run: the last execution shard's end. */
void public_values_fill(struct shard_events *s, const uint32_t nonce[4]);

#endif
