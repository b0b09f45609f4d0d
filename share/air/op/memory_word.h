#ifndef AIR_OP_MEMORY_WORD_H
#define AIR_OP_MEMORY_WORD_H
/*
 * What loads and stores share: the word they access, the limb they take of it.
 */
#include "air/op/adapter.h"
#include "air/op/op_add.h"

/* The word at b + c is accessed at clk + 1: `write` is its value afterwards, for a
 * load m's prev_value. */
void memory_word(struct air *a, const struct cpu_state_x *s, expr clk_low,
    const struct i_reader_x *adapter, const struct op_address_x *address,
    const struct memory_access_x *m, const expr write[4],
    const expr offset_bit[3], expr is_real);

/* limb is the word's limb number lo + 2 hi. */
void memory_select_limb(struct air *a, expr limb, const expr word[4], expr lo,
    expr hi);

/* x's bytes are low and the one that is returned; both are range-checked. */
expr memory_high_byte(struct air *a, expr x, expr low, expr is_real);

#endif
