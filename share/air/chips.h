#ifndef AIR_CHIPS_H
#define AIR_CHIPS_H
/*
 * Every chip's columns, and the function that records its constraints: main and
 * prep point to the struct NAME_x of chips.def's column tables.
 */
#include "air/air.h"
#include "air/chips/alu.h"
#include "air/chips/bump.h"
#include "air/chips/control.h"
#include "air/chips/divrem.h"
#include "air/chips/global.h"
#include "air/chips/keccak.h"
#include "air/chips/load.h"
#include "air/chips/memory.h"
#include "air/chips/mul.h"
#include "air/chips/precompile_curve.h"
#include "air/chips/precompile_ed.h"
#include "air/chips/precompile_field.h"
#include "air/chips/precompile_poseidon2.h"
#include "air/chips/precompile_uint256.h"
#include "air/chips/sha_compress.h"
#include "air/chips/sha_extend.h"
#include "air/chips/shift.h"
#include "air/chips/store.h"
#include "air/chips/syscall.h"
#include "air/chips/tables.h"

#define COLS_none(CELL, CELLS, SUB, SUBS)
COLS_DEFINE(none)

#define CHIP(f, ...) \
	void chip_##f(struct air *a, const void *main, const void *prep);
#include "air/chips.def"
#undef CHIP

/* The public values' constraints and interactions (prover.md 2.7). */
void public_values_eval(struct air *a);

#endif
