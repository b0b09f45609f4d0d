#include "air/chips/precompile_uint256.h"

#include "prover/trace/field_op.h"
#include "prover/trace/precompile.h"

#define WORDS 4

static const struct field_params *const f = &field_u256;

/* Accesses: y and the modulus are read, then x written. */
void
trace_Uint256MulMod(kb *row, const struct precompile_event *e, unsigned step)
{
	struct uint256_mul_cols *c = (void *)row;
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

void
pad_Uint256MulMod(const struct shard_events *s, size_t i, kb *row)
{
	struct uint256_mul_cols *c = (void *)row;
	struct num zero = num_small(0);

	fill_field_op(FIELD_CELLS(c->output), f, &zero, &zero, FIELD_MUL);
}

/* Accesses: x12, x13, x14; a, b, c are read, d and e written. */
void
trace_Uint256Ops(kb *row, const struct precompile_event *e, unsigned step)
{
	struct uint256_ops_cols *c = (void *)row;
	const struct rec_access *reg = e->access, *a = e->access + 3;
	uint64_t pointer[5] = {
		e->head.arg1, e->head.arg2, reg[0].value, reg[1].value,
		reg[2].value
	};
	struct op_syscall_addr *ptr[5] = {
		&c->a_ptr, &c->b_ptr, &c->c_ptr, &c->d_ptr, &c->e_ptr
	};
	struct op_addr_add *addrs[5] = {
		c->a_addrs, c->b_addrs, c->c_addrs, c->d_addrs, c->e_addrs
	};
	struct num x = num_of_accesses(a, WORDS);
	struct num y = num_of_accesses(a + WORDS, WORDS);
	struct num z = num_of_accesses(a + 2 * WORDS, WORDS);
	bool is_add = !(e->head.code & 1);

	c->clk_high = clk_high(e);
	c->clk_low = clk_low(e);
	for (int k = 0; k < 5; k++) {
		fill_syscall_addr(ptr[k], pointer[k]);
		fill_addrs(addrs[k], pointer[k], WORDS);
	}
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
	fill_field_op_carry(FIELD_CELLS(c->field_op), f, &x, &y, &z, is_add);
	c->is_add = cell(is_add);
	c->is_mul = cell(!is_add);
	c->is_real = KB_ONE;
}

void
pad_Uint256Ops(const struct shard_events *s, size_t i, kb *row)
{
	struct uint256_ops_cols *c = (void *)row;
	struct num zero = num_small(0);

	fill_field_op_carry(FIELD_CELLS(c->field_op), f, &zero, &zero, &zero,
	    true);
}
