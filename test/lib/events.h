#ifndef TEST_LIB_EVENTS_H
#define TEST_LIB_EVENTS_H
/*
 * Calls of precompiles with operands that no guest is likely to have, made from a
 * call that one made: so that a result that is compared with the modulus differs from
 * it in its lowest byte and one other, or in its lowest alone, or its highest.
 *
 * events_of(e, take, ctx) gives take() each such call, as the only one of a shard.  A
 * call that has no proof is among them here and there: its row breaks constraints.
 *
 * In rows of secp256r1, whose modulus has bytes of 0, the result may be larger than
 * it, not reduced: the filler of field operations is compiled in here, and the
 * library's not linked.
 */
#include "poly/hash.h"
#include "rows/bignum.h"
#include "rows/calls.h"
#include "test/lib/tap.h"

/* Which result is to be near the modulus.  ODD: of ed_point() alone. */
enum which { FIRST, SECOND, LARGE, ODD, WHICH_COUNT };

/* What gets each call: s is the shard it is alone in, gone when it returns. */
typedef void take_shard(void *ctx, const struct shard_events *s);

/* The calls made from one that a guest made; of a kind that has none: nothing. */
void events_of(const struct precompile_event *e, take_shard *take, void *ctx);

#endif
