/* Rows of the chips of instructions, of memory and of system calls. */
#define ROW_KERNEL GPU_KERNEL
#include "gpu/rows.h"
#include "air/core/alu.h"
#include "air/core/bump.h"
#include "air/core/control.h"
#include "air/core/divrem.h"
#include "air/core/load.h"
#include "air/core/memory.h"
#include "air/core/mul.h"
#include "air/core/shift.h"
#include "air/core/store.h"
#include "air/core/syscall.h"
#include "rows/instr.h"
#include "rows/ops.h"
#include "rows/row_of.h"
#include "rows/rows.h"

#include "field/kb.c"
#include "rows/adapter.c"
#include "rows/ops.c"
#include "rows/alu.c"
#include "rows/bump.c"
#include "rows/control.c"
#include "rows/divrem.c"
#include "rows/loadstore.c"
#include "rows/memory.c"
#include "rows/shift.c"
#include "rows/syscall.c"

#define CHIP_INSTR ROW_OF_INSTR
#include "run/chips.def"

#define CHIP_INSTR ROWS
#define CHIP_EVENTS ROWS
#define CHIP_GLOBAL(...)
#include "run/chips.def"
