/*
 * Rows of the instruction chips, one event a thread.  The fillers of prover/trace/ are
 * compiled here for the device: what they fill stays in registers, then goes out column by
 * column.
 */
#include "gpu/device.h"
#include "air/chips/alu.h"
#include "air/chips/control.h"
#include "air/chips/divrem.h"
#include "air/chips/load.h"
#include "air/chips/mul.h"
#include "air/chips/shift.h"
#include "air/chips/store.h"
#include "air/chips/syscall.h"
#include "prover/trace/instr.h"
#include "prover/trace/ops.h"

#include "field/kb.c"
#include "prover/trace/adapter.c"
#include "prover/trace/ops.c"
#include "prover/trace/alu.c"
#include "prover/trace/control.c"
#include "prover/trace/divrem.c"
#include "prover/trace/loadstore.c"
#include "prover/trace/shift.c"
#include "prover/trace/syscall.c"

#define TRACE(n, cols) \
GPU_KERNEL \
gpu_trace_##n(kb *out, size_t rows, const struct rec_instr *e, \
    GPU_CONST struct rv_program p, size_t n_) \
{ \
	const size_t width = COLS_WIDTH(cols); \
\
	EACH(i, n_) { \
		kb row[width] = {}; \
\
		trace_##n(row, &e[i], &p.insn[e[i].index], &p); \
		_Pragma("unroll") \
		for (size_t j = 0; j < width; j++) \
			out[j * rows + i] = row[j]; \
	} \
}
GPU_TRACES(TRACE)
