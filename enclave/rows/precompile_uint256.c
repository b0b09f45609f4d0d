#include "air/core/precompile_uint256.h"

#include "rows/field_op.h"
#include "rows/precompile.h"

#define WORDS 4

/* Accesses: y and the modulus are read, then x written. */
DEVICE void
trace_Uint256MulMod(kb *row, const struct precompile_event *e, unsigned step)
{
	const struct field_params *f = &field_u256;
	struct uint256_mul_cols *c = (struct uint256_mul_cols *)row;
	const struct rec_access *y = e->access, *x = e->access + 2 * WORDS;
	struct num given = num_of_accesses(y + WORDS, WORDS), m = given;
	struct num p = num_of_accesses(x, WORDS), q = num_of_accesses(y, WORDS);
	int32_t sum = 0;

	c->clk_high = clk_high(e);
	c->clk_low = clk_low(e);
	fill_syscall_addr(&c->x_ptr, e->head.arg1);
	fill_syscall_addr(&c->y_ptr, e->head.arg2);
	fill_addrs(c->x_addrs, e->head.arg1, WORDS);
	fill_addrs(c->y_and_modulus_addrs, e->head.arg2, 2 * WORDS);
	fill_access_u8(c->x_memory, x, WORDS);
	fill_access_u8(c->y_memory, y, WORDS);
	fill_access_u8(c->modulus_memory, y + WORDS, WORDS);
	for (unsigned i = 0; i < f->limbs; i++)
		sum += (int32_t)field_byte(given.w, i);
	fill_is_zero(&c->modulus_is_zero, sum);
	c->modulus_is_not_zero = cell(sum != 0);
	if (sum == 0)
		m = field_modulus(f);
	p = fill_field_op_modulus(FIELD_CELLS(c->output), f, &p, &q,
	    FIELD_MUL, &m);
	if (sum != 0)
		fill_field_lt(FIELD_LT_CELLS(c->output_range_check), &p,
		    &given, f->limbs);
	c->is_real = KB_ONE;
}

DEVICE void
pad_Uint256MulMod(const struct shard_events *s, size_t i, kb *row)
{
	const struct field_params *f = &field_u256;
	struct uint256_mul_cols *c = (struct uint256_mul_cols *)row;
	struct num zero = num_small(0);

	fill_field_op(FIELD_CELLS(c->output), f, &zero, &zero, FIELD_MUL);
}

KERNEL void
fill_pointer(struct op_syscall_addr *ptr, struct op_addr_add *addrs,
    uint64_t pointer)
{
	fill_syscall_addr(ptr, pointer);
	fill_addrs(addrs, pointer, WORDS);
}

/* Accesses: x12, x13, x14; a, b, c are read, d and e written. */
DEVICE static void
ops_memory(struct uint256_ops_cols *c, const struct precompile_event *e)
{
	const struct rec_access *reg = e->access, *a = e->access + 3;

	fill_pointer(&c->a_ptr, c->a_addrs, e->head.arg1);
	fill_pointer(&c->b_ptr, c->b_addrs, e->head.arg2);
	fill_pointer(&c->c_ptr, c->c_addrs, reg[0].value);
	fill_pointer(&c->d_ptr, c->d_addrs, reg[1].value);
	fill_pointer(&c->e_ptr, c->e_addrs, reg[2].value);
	fill_access(&c->c_ptr_memory, &reg[0]);
	fill_access(&c->d_ptr_memory, &reg[1]);
	fill_access(&c->e_ptr_memory, &reg[2]);
	fill_access_u8(c->a_memory, a, WORDS);
	fill_access_u8(c->b_memory, a + WORDS, WORDS);
	fill_access_u8(c->c_memory, a + 2 * WORDS, WORDS);
	for (unsigned i = 0; i < WORDS; i++) {
		fill_access(&c->d_memory[i], &a[3 * WORDS + i]);
		fill_access(&c->e_memory[i], &a[4 * WORDS + i]);
	}
}

DEVICE void
trace_Uint256Ops(kb *row, const struct precompile_event *e, unsigned step)
{
	struct uint256_ops_cols *c = (struct uint256_ops_cols *)row;
	const struct rec_access *a = e->access + 3;
	struct num x = num_of_accesses(a, WORDS);
	struct num y = num_of_accesses(a + WORDS, WORDS);
	struct num z = num_of_accesses(a + 2 * WORDS, WORDS);
	bool is_add = !(e->head.code & 1);

	c->clk_high = clk_high(e);
	c->clk_low = clk_low(e);
	c->is_add = cell(is_add);
	c->is_mul = cell(!is_add);
	c->is_real = KB_ONE;
	ops_memory(c, e);
	fill_field_op_carry(FIELD_CELLS(c->field_op), &field_u256, &x, &y, &z,
	    is_add);
}

DEVICE void
pad_Uint256Ops(const struct shard_events *s, size_t i, kb *row)
{
	const struct field_params *f = &field_u256;
	struct uint256_ops_cols *c = (struct uint256_ops_cols *)row;
	struct num zero = num_small(0);

	fill_field_op_carry(FIELD_CELLS(c->field_op), f, &zero, &zero, &zero,
	    true);
}
