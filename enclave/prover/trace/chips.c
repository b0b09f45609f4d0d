#include "prover/trace/calls.h"
#include "prover/trace/instr.h"
#include "prover/trace/rows.h"

/* Instruction chips: their bucket's events. */
#define B(n) \
static size_t count_##n(const struct shard_events *s) \
{ \
	return s->ninstr[BUCKET_##n]; \
} \
\
static void row_##n(const struct shard_events *s, size_t i, kb *row) \
{ \
	const struct rec_instr *e = &s->instr[BUCKET_##n][i]; \
\
	trace_##n(row, e, &s->program->insn[e->index], s->program); \
}
TRACE_BUCKETS(B)
#undef B

/* Precompiles: the calls that go to a chip, so many rows each. */
#define PRECOMPILE(n, source, rows) \
static size_t count_##n(const struct shard_events *s) \
{ \
	const size_t *first = &s->calls->first[CALL_CHIP_##source]; \
\
	return (rows) * (first[1] - first[0]); \
} \
\
static void row_##n(const struct shard_events *s, size_t i, kb *row) \
{ \
	const struct call_lists *l = s->calls; \
\
	trace_##n(row, \
	    l->event[l->first[CALL_CHIP_##source] + i / (rows)], \
	    (unsigned)(i % (rows))); \
}
#define PRECOMPILE_PADDED PRECOMPILE
#include "prover/trace/precompiles.def"
#undef PRECOMPILE
#undef PRECOMPILE_PADDED

#define CHIP(n) {#n, count_##n, row_##n, NULL},
#define PADDED(n) {#n, count_##n, row_##n, pad_##n},

const struct trace_chip trace_chips[] = {
	CHIP(Add) CHIP(Addi) CHIP(Addw) CHIP(AluX0) CHIP(Bitwise) CHIP(Branch)
	PADDED(DivRem) CHIP(Jal) CHIP(Jalr) CHIP(LoadByte) CHIP(LoadDouble)
	CHIP(LoadHalf) CHIP(LoadWord) CHIP(LoadX0) CHIP(Lt) CHIP(Mul)
	PADDED(ShiftLeft) PADDED(ShiftRight) CHIP(StoreByte) CHIP(StoreDouble)
	CHIP(StoreHalf) CHIP(StoreWord) CHIP(Sub) CHIP(Subw)
	CHIP(SyscallInstrs) CHIP(UType)
	CHIP(SyscallCore) CHIP(SyscallPrecompile) CHIP(MemoryLocal)
	CHIP(MemoryGlobalInit) CHIP(MemoryGlobalFinalize) CHIP(MemoryBump)
	CHIP(StateBump) PADDED(Global)
#define PRECOMPILE(n, ...) CHIP(n)
#define PRECOMPILE_PADDED(n, ...) PADDED(n)
#include "prover/trace/precompiles.def"
	{NULL, NULL, NULL, NULL}
};
