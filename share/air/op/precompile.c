#include "air/op/precompile.h"
#include "air/op/check.h"

void
op_syscall_addr(struct air *a, unsigned len,
    const struct op_syscall_addr_x *cols, expr is_real)
{
	expr top, end;

	air_bool(a, is_real);
	top = x_add(cols->addr[1], cols->addr[2]);
	air_equal(a, x_mul(cols->top_two_limb_min, top), is_real);
	op_is_zero(a, x_subk(top, 2 * U16_MAX), &cols->top_two_limb_max,
	    is_real);
	/* 13 bits of the lowest limb / 8; of its end, if that may pass 2^48 */
	end = x_add(cols->addr[0], x_mulk(cols->top_two_limb_max.result, len));
	air_range_bits(a, x_mulk(end, INV_8), 13, is_real);
}

void
precompile_addr(struct air *a, const expr ptr[3], unsigned offset,
    const struct op_addr_add_x *out, expr is_real)
{
	expr b[WORD] = {ptr[0], ptr[1], ptr[2], x_zero(a)}, c[WORD];

	word_zero(a, c);
	c[0] = x_k(a, offset);
	op_addr_add(a, b, c, out, is_real);
}

void
precompile_addrs(struct air *a, const expr ptr[3], unsigned offset,
    const struct op_addr_add_x *out, unsigned n, expr is_real)
{
	for (unsigned i = 0; i < n; i++)
		precompile_addr(a, ptr, offset + WORD_BYTES * i, &out[i],
		    is_real);
}

void
precompile_bytes(struct air *a, expr *bytes,
    const struct memory_access_u8_x *m, unsigned n, expr is_real)
{
	for (unsigned i = 0; i < n; i++)
		op_u16_to_u8_safe(a, bytes + WORD_BYTES * i,
		    m[i].memory_access.prev_value, &m[i].prev_value_u8,
		    is_real);
}

void
precompile_words(expr (*out)[4], const expr *bytes, unsigned n)
{
	for (unsigned i = 0; i < WORD * n; i++)
		out[i / WORD][i % WORD] = x_add(bytes[2 * i],
		    x_mulk(bytes[2 * i + 1], 1 << 8));
}

void
precompile_read(struct air *a, expr clk_high, expr clk_low,
    const struct op_addr_add_x *addr, const struct memory_access_u8_x *m,
    unsigned n, expr is_real)
{
	for (unsigned i = 0; i < n; i++)
		adapter_memory_read(a, clk_high, clk_low, addr[i].value,
		    &m[i].memory_access, is_real);
}

void
precompile_write(struct air *a, expr clk_high, expr clk_low,
    const struct op_addr_add_x *addr, const struct memory_access_u8_x *m,
    const expr (*value)[4], unsigned n, expr is_real)
{
	for (unsigned i = 0; i < n; i++)
		adapter_memory_write(a, clk_high, clk_low, addr[i].value,
		    &m[i].memory_access, value[i], is_real);
}

void
precompile_call(struct air *a, expr clk_high, expr clk_low, expr id,
    const expr arg1[3], const expr *arg2, expr is_real)
{
	expr zero = x_zero(a);

	air_receive(a, AIR_SYSCALL, is_real, (expr[]){
		clk_high, clk_low, id, arg1[0], arg1[1], arg1[2],
		arg2 ? arg2[0] : zero, arg2 ? arg2[1] : zero,
		arg2 ? arg2[2] : zero
	}, 9);
}
