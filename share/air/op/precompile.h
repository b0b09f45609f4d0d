#ifndef AIR_OP_PRECOMPILE_H
#define AIR_OP_PRECOMPILE_H
/*
 * What the chips of precompiles share: pointers given to a system call, the words
 * they point at, the call itself (facts: sp1-proof(7), Traces; sp1-machine(7),
 * Precompiles).
 */
#include "air/cells.h"
#include "air/op/adapter.h"
#include "air/op/op_add.h"
#include "air/op/op_word.h"

/* A pointer to words: a multiple of 8, not below 2^16 (where the registers are),
 * its end below 2^48.  top_two_limb_min: 1 / (the upper limbs' sum);
 * top_two_limb_max: are both 2^16 - 1? */
#define COLS_op_syscall_addr(CELL, CELLS, SUB, SUBS) \
	CELLS(addr, 3) CELL(top_two_limb_min) SUB(op_is_zero, top_two_limb_max)
COLS_DEFINE(op_syscall_addr)
/* Asserts this of cols.  len: bytes that it points at, a multiple of 8. */
void op_syscall_addr(struct air *a, unsigned len,
    const struct op_syscall_addr_x *cols, expr is_real);

/* A word that is computed with byte by byte. */
#define COLS_memory_access_u8(CELL, CELLS, SUB, SUBS) \
	SUB(memory_access, memory_access) SUB(op_u16_to_u8, prev_value_u8)
COLS_DEFINE(memory_access_u8)

/* Asserts that out is ptr + offset, the address of one word. */
void precompile_addr(struct air *a, const expr ptr[3], unsigned offset,
    const struct op_addr_add_x *out, expr is_real);
/* Asserts that out[i] is ptr + offset + 8 i, i < n. */
void precompile_addrs(struct air *a, const expr ptr[3], unsigned offset,
    const struct op_addr_add_x *out, unsigned n, expr is_real);

/* The bytes that n words have before the access, range-checked. */
void precompile_bytes(struct air *a, expr *bytes,
    const struct memory_access_u8_x *m, unsigned n, expr is_real);
/* Words of bytes: out[i] from bytes[8 i ..]. */
void precompile_words(expr (*out)[4], const expr *bytes, unsigned n);

/* Reads n words, m[i] at addr[i], all at one time. */
void precompile_read(struct air *a, expr clk_high, expr clk_low,
    const struct op_addr_add_x *addr, const struct memory_access_u8_x *m,
    unsigned n, expr is_real);
/* Writes them likewise: word i becomes value[i]. */
void precompile_write(struct air *a, expr clk_high, expr clk_low,
    const struct op_addr_add_x *addr, const struct memory_access_u8_x *m,
    const expr (*value)[4], unsigned n, expr is_real);

/* Receives the call (clk, id, arg1, arg2) that SyscallInstrs sends, or in a shard of the
 * call's own SyscallPrecompile; arg2 NULL: 0. */
void precompile_call(struct air *a, expr clk_high, expr clk_low, expr id,
    const expr arg1[3], const expr *arg2, expr is_real);

#endif
