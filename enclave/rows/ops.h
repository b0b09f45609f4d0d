#ifndef ROWS_OPS_H
#define ROWS_OPS_H
/*
 * Fillers for the operations of air/op/op_*.h.
 */
#include "air/core/mul.h"
#include "air/core/syscall.h"
#include "air/op/op_add.h"
#include "air/op/op_word.h"
#include "rows/adapter.h"

/* 1 / x for -2^17 < x < 2^17 from a table; 0 gives 0. */
DEVICE kb small_inv(int32_t x);

/* The top bit of a limb. */
KERNEL void
fill_msb(struct op_msb *o, uint16_t x)
{
	o->msb = cell(x >> 15);
}

/* b + c mod 2^64. */
KERNEL void
fill_add(struct op_add *o, uint64_t b, uint64_t c)
{
	fill_word(o->value, b + c);
}

/* b - c mod 2^64. */
KERNEL void
fill_sub(struct op_sub *o, uint64_t b, uint64_t c)
{
	fill_word(o->value, b - c);
}

/* b + c mod 2^32, and its top bit. */
DEVICE void fill_addw(struct op_addw *o, uint64_t b, uint64_t c);
/* b - c mod 2^32, and its top bit. */
DEVICE void fill_subw(struct op_subw *o, uint64_t b, uint64_t c);
/* b + c, below 2^48. */
DEVICE void fill_addr_add(struct op_addr_add *o, uint64_t b, uint64_t c);
/* The address b + c of a load or store, and the inverse of its upper limbs'
 * sum. */
DEVICE void fill_address(struct op_address *o, uint64_t b, uint64_t c);

/* Is x 0, a difference of limbs? */
DEVICE void fill_is_zero(struct op_is_zero *o, int32_t x);
/* Is x 0? */
DEVICE void fill_is_zero_word(struct op_is_zero_word *o, uint64_t x);
/* Is x equal to y? */
DEVICE void fill_is_equal_word(struct op_is_equal_word *o, uint64_t x, uint64_t y);

/* x < y, unsigned. */
DEVICE void fill_lt(struct op_lt *o, uint64_t x, uint64_t y);
/* x < y; signed where is_signed, 0 or 1, is 1. */
DEVICE void fill_slt(struct op_slt *o, uint64_t x, uint64_t y, int is_signed);

/* Of x's low 32 bits. */
KERNEL void
fill_field_word(struct op_field_word *o, uint64_t x)
{
	o->most_sig_limb_lt_top_limb.bit = cell(limb(x, 1) < KB_P >> 16);
}

/* The low byte of each limb. */
DEVICE void fill_u16_to_u8(struct op_u16_to_u8 *o, uint64_t x);
/* The bytes of a, which is b OP c, and the low bytes of b's and c's limbs. */
DEVICE void fill_bitwise_u16(struct op_bitwise_u16 *o, uint64_t a, uint64_t b,
    uint64_t c);

/* b * c, 128 bits by bytes, with carries; the flags choose which operands are
 * signed. */
DEVICE void fill_mul(struct op_mul *o, uint64_t b, uint64_t c, int is_mulh,
    int is_mulhsu, int is_mulw);

#endif
