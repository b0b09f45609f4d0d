#ifndef AIR_RECURSION_MEMORY_H
#define AIR_RECURSION_MEMORY_H
/* Inside the chips: blocks and elements on the memory bus. */
#include "air/recursion/chips.h"

/* Sends the block v at addr mult times: one write that is read mult times. */
void mem_write(struct air *a, expr addr, const struct block_x *v, expr mult);
/* Receives the block v at addr mult times. */
void mem_read(struct air *a, expr addr, const struct block_x *v, expr mult);
/* mem_write() of the block (v, 0, 0, 0). */
void mem_write_felt(struct air *a, expr addr, expr v, expr mult);
/* mem_read() of the block (v, 0, 0, 0). */
void mem_read_felt(struct air *a, expr addr, expr v, expr mult);

/* Blocks as extension elements, X^4 = 3 (sp1-proof(7), Fields). */

/* A block of columns as such an element: 0 + each, as in the stock. */
struct block_x block_from(const struct block_x *x);
/* x + y, by coefficient. */
struct block_x block_add(const struct block_x *x, const struct block_x *y);
/* x - y, by coefficient. */
struct block_x block_sub(const struct block_x *x, const struct block_x *y);
/* x * y mod X^4 - 3, by 16 products. */
struct block_x block_mul(const struct block_x *x, const struct block_x *y);

#endif
