/* Rows of the chips of instructions, of memory and of system calls. */
#define ROW_KERNEL GPU_KERNEL
#include "gpu/rows.h"
#include "air/chips/alu.h"
#include "air/chips/bump.h"
#include "air/chips/control.h"
#include "air/chips/divrem.h"
#include "air/chips/load.h"
#include "air/chips/memory.h"
#include "air/chips/mul.h"
#include "air/chips/shift.h"
#include "air/chips/store.h"
#include "air/chips/syscall.h"
#include "prover/trace/instr.h"
#include "prover/trace/ops.h"
#include "prover/trace/row_of.h"
#include "prover/trace/rows.h"

#include "field/kb.c"
#include "prover/trace/adapter.c"
#include "prover/trace/ops.c"
#include "prover/trace/alu.c"
#include "prover/trace/bump.c"
#include "prover/trace/control.c"
#include "prover/trace/divrem.c"
#include "prover/trace/loadstore.c"
#include "prover/trace/memory.c"
#include "prover/trace/shift.c"
#include "prover/trace/syscall.c"

#define TRACE_INSTR ROW_OF_INSTR
#include "prover/trace/chips.def"

#define TRACE_INSTR ROWS
#define TRACE_EVENTS ROWS
#define TRACE_GLOBAL(...)
#include "prover/trace/chips.def"
