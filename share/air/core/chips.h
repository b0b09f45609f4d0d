#ifndef AIR_CORE_CHIPS_H
#define AIR_CORE_CHIPS_H
/*
 * Every chip's columns, and the function that records its constraints: main and
 * prep point to the struct COLUMNS_x of run/chips.def's column tables.
 */
#include "air/air.h"
#include "air/core/alu.h"
#include "air/core/bump.h"
#include "air/core/control.h"
#include "air/core/divrem.h"
#include "air/core/global.h"
#include "air/core/keccak.h"
#include "air/core/load.h"
#include "air/core/memory.h"
#include "air/core/mul.h"
#include "air/core/precompile_curve.h"
#include "air/core/precompile_ed.h"
#include "air/core/precompile_field.h"
#include "air/core/precompile_poseidon2.h"
#include "air/core/precompile_uint256.h"
#include "air/core/sha_compress.h"
#include "air/core/sha_extend.h"
#include "air/core/shift.h"
#include "air/core/store.h"
#include "air/core/syscall.h"
#include "air/core/tables.h"

#define COLS_none(CELL, CELLS, SUB, SUBS)
COLS_DEFINE(none)

#define CHIP(name, ...) \
	void chip_##name(struct air *a, const void *main, const void *prep);
#include "run/chips.def"

/* The public values' constraints and interactions (sp1-proof(7), Public
 * values). */
void public_values_eval(struct air *a);

#endif
