#ifndef PROOFS_COMPRESSED_H
#define PROOFS_COMPRESSED_H
/*
 * A compressed proof: one proof of constant size.  Each shard of the run is normalized as
 * soon as it is proved, and neighbours are composed, four at a time, until one is left
 * (sp1-proof(7), Recursion tree).
 */
#include "proofs/core.h"

/*
 * As prove_core().  on_shard is told of each node too, and on_phase of "program" and "key"
 * where its program is new, "execute", "trace", and prove_shard()'s; "kept".  Proofs that
 * the stream carries get nodes of their own.  The proof depends on nothing but stream and
 * program.  -1 also: EX_DATAERR, the guest verified others than those; EX_NO, one of them
 * does not hold.
 */
CHECKED int prove_compressed(struct compressed_proof *out, struct arena *a,
    const struct proving_key *key, const struct rv_program *program, int fd,
    const uint64_t *magic, const struct core_options *o, struct err *e);

#endif
