#include "run/chips.h"

#include "riscv/rv.h"

const struct chip_info core_chips[CHIP_COUNT + 1] = {
#define CHIP(name_, columns, width_, constraints_, ...) [CHIP_##name_] = { \
	.name = #name_, .width = width_, .constraints = constraints_ },
#define CHIP_CALLS(name_, columns, width_, constraints_, interactions, \
    padding, calls, rows_) [CHIP_##name_] = { .name = #name_, \
	.width = width_, .constraints = constraints_, .rows = rows_ },
#include "run/chips.def"
	[CHIP_None] = { .name = "None" }
};

const uint16_t chip_control_width[CHIP_COUNT + 1] = {
#define CHIP_CONTROL(name, columns, width, constraints, interactions, padding, \
    calls, rows) [CHIP_##calls] = width,
#include "run/chips.def"
};

const uint8_t chip_of_opcode[RV_NOPCODES][2] = {
#define RV_OPCODE(name, chip, chip_x0) \
	[RV_##name] = { CHIP_##chip, CHIP_##chip_x0 },
#include "riscv/opcodes.def"
#undef RV_OPCODE
};
