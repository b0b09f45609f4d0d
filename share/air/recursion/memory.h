#ifndef AIR_RECURSION_MEMORY_H
#define AIR_RECURSION_MEMORY_H
/* Inside the chips: blocks and elements on the memory bus. */
#include "air/recursion/chips.h"

void mem_write(struct air *a, expr addr, const struct block_x *v, expr mult);
void mem_read(struct air *a, expr addr, const struct block_x *v, expr mult);
void mem_write_felt(struct air *a, expr addr, expr v, expr mult);
void mem_read_felt(struct air *a, expr addr, expr v, expr mult);

/* x^4 = 3 */
struct block_x block_add(const struct block_x *x, const struct block_x *y);
struct block_x block_sub(const struct block_x *x, const struct block_x *y);
struct block_x block_mul(const struct block_x *x, const struct block_x *y);

#endif
