#include "air/core/chips.h"
#include "air/op/check.h"
#include "run/call_codes.h"

#define LIMBS 32
#define WORDS 4

static const struct field_params *const f = &field_u256;

static struct field_poly
number(struct air *a, const struct memory_access_u8_x *m, expr is_real)
{
	expr bytes[LIMBS];

	precompile_bytes(a, bytes, m, WORDS, is_real);
	return field_poly(bytes, LIMBS);
}

void
chip_Uint256MulMod(struct air *a, const void *main, const void *prep)
{
	const struct uint256_mul_cols_x *m = main;
	expr real = m->is_real, is_zero = m->modulus_is_zero.result;
	expr words[WORDS][WORD], sum = x_zero(a);
	struct field_poly x, y, given, modulus, whole, result;

	x = number(a, m->x_memory, real);
	y = number(a, m->y_memory, real);
	given = number(a, m->modulus_memory, real);
	for (int i = 0; i < LIMBS; i++)
		sum = x_add(sum, given.c[i]);
	op_is_zero(a, sum, &m->modulus_is_zero, real);
	modulus = field_poly_scale(&given, x_rsubk(1, is_zero));
	whole = field_poly_modulus(a, f);
	whole = field_poly_scale(&whole, is_zero);
	modulus = field_poly_add(&modulus, &whole);
	field_op_modulus(a, f, FIELD_OP(m->output), &x, &y, FIELD_MUL,
	    &modulus, real);
	result = field_poly(m->output.result, LIMBS);
	field_lt(a, FIELD_LT(m->output_range_check), &result, &given, LIMBS,
	    m->modulus_is_not_zero);
	air_equal(a, m->modulus_is_not_zero, x_mul(real, x_rsubk(1, is_zero)));

	precompile_words(words, m->output.result, WORDS);
	op_syscall_addr(a, LIMBS, &m->x_ptr, real);
	op_syscall_addr(a, 2 * LIMBS, &m->y_ptr, real);
	precompile_addrs(a, m->x_ptr.addr, 0, m->x_addrs, WORDS, real);
	precompile_addrs(a, m->y_ptr.addr, 0, m->y_and_modulus_addrs,
	    2 * WORDS, real);
	precompile_write(a, m->clk_high, x_addk(m->clk_low, 1), m->x_addrs,
	    m->x_memory, words, WORDS, real);
	precompile_read(a, m->clk_high, m->clk_low, m->y_and_modulus_addrs,
	    m->y_memory, WORDS, real);
	precompile_read(a, m->clk_high, m->clk_low,
	    m->y_and_modulus_addrs + WORDS, m->modulus_memory, WORDS, real);
	precompile_call(a, m->clk_high, m->clk_low, x_k(a, CODE_UINT256_MUL),
	    m->x_ptr.addr, m->y_ptr.addr, real);
}

/* The register has the pointer. */
static void
read_pointer(struct air *a, const struct uint256_ops_cols_x *m, unsigned reg,
    const struct memory_access_x *access, const struct op_syscall_addr_x *ptr)
{
	const expr addr[3] = {x_k(a, reg), x_zero(a), x_zero(a)};

	adapter_memory_read(a, m->clk_high, m->clk_low, addr, access,
	    m->is_real);
	for (int i = 0; i < WORD; i++)
		air_equal(a, access->prev_value[i],
		    i < 3 ? ptr->addr[i] : x_zero(a));
}

static void
write_words(struct air *a, const struct uint256_ops_cols_x *m, unsigned offset,
    const struct op_addr_add_x *addr, const struct memory_access_x *access,
    const expr *bytes)
{
	expr words[WORDS][WORD], low;

	precompile_words(words, bytes, WORDS);
	low = x_addk(m->clk_low, offset);
	for (int i = 0; i < WORDS; i++)
		adapter_memory_write(a, m->clk_high, low, addr[i].value,
		    &access[i], words[i], m->is_real);
}

void
chip_Uint256Ops(struct air *a, const void *main, const void *prep)
{
	const struct uint256_ops_cols_x *m = main;
	const struct { const struct op_syscall_addr_x *ptr;
		const struct op_addr_add_x *addrs; } operand[5] = {
		{&m->a_ptr, m->a_addrs}, {&m->b_ptr, m->b_addrs},
		{&m->c_ptr, m->c_addrs}, {&m->d_ptr, m->d_addrs},
		{&m->e_ptr, m->e_addrs}
	};
	expr real = m->is_real;
	struct field_poly x, y, z;

	air_bool(a, m->is_add);
	air_bool(a, m->is_mul);
	air_bool(a, real);
	air_equal(a, real, x_add(m->is_add, m->is_mul));
	for (int i = 0; i < 5; i++)
		op_syscall_addr(a, LIMBS, operand[i].ptr, real);
	precompile_call(a, m->clk_high, m->clk_low,
	    x_add(x_mulk(m->is_add, CODE_UINT256_ADD_CARRY),
	    x_mulk(m->is_mul, CODE_UINT256_MUL_CARRY)), m->a_ptr.addr,
	    m->b_ptr.addr, real);
	read_pointer(a, m, 12, &m->c_ptr_memory, &m->c_ptr);
	read_pointer(a, m, 13, &m->d_ptr_memory, &m->d_ptr);
	read_pointer(a, m, 14, &m->e_ptr_memory, &m->e_ptr);
	for (int i = 0; i < WORDS; i++)
		for (int k = 0; k < 5; k++)
			precompile_addr(a, operand[k].ptr->addr, WORD_BYTES * i,
			    &operand[k].addrs[i], real);

	precompile_read(a, m->clk_high, m->clk_low, m->a_addrs, m->a_memory,
	    WORDS, real);
	precompile_read(a, m->clk_high, x_addk(m->clk_low, 1), m->b_addrs,
	    m->b_memory, WORDS, real);
	precompile_read(a, m->clk_high, x_addk(m->clk_low, 2), m->c_addrs,
	    m->c_memory, WORDS, real);
	x = number(a, m->a_memory, real);
	y = number(a, m->b_memory, real);
	z = number(a, m->c_memory, real);
	field_op_carry(a, f, FIELD_OP(m->field_op), &x, &y, &z, m->is_add,
	    m->is_mul, real);
	write_words(a, m, 3, m->d_addrs, m->d_memory, m->field_op.result);
	write_words(a, m, 4, m->e_addrs, m->e_memory, m->field_op.carry);
}
