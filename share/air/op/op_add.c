#include "air/op/check.h"
#include "air/op/op_add.h"

void
op_msb(struct air *a, expr limb, const struct op_msb_x *cols, expr is_real)
{
	expr diff;

	air_bool(a, is_real);
	air_bool(a, cols->msb);
	/* 2 limb - 2^16 msb has 16 bits: only for the right msb */
	diff = x_sub(x_mul(x_k(a, 2), limb), x_mulk(cols->msb, BASE));
	air_range_bits(a, diff, 16, is_real);
}

/* carry <- (b + c - value + carry) / 2^16, a bit */
static expr
add_limb(struct air *a, expr b, expr c, expr value, expr carry, expr is_real)
{
	expr sum = x_add(x_sub(x_add(b, c), value), carry);

	carry = x_mulk(sum, INV_65536);
	air_bool_when(a, is_real, carry);
	return carry;
}

/* carry <- (b + 2^16 - 1 - c - value + carry) / 2^16, a bit: 0 is a borrow */
static expr
sub_limb(struct air *a, expr b, expr c, expr value, expr carry, expr is_real)
{
	expr sum = x_add(x_sub(x_sub(x_subk(x_addk(b, BASE), 1), c), value),
	    carry);

	carry = x_mulk(sum, INV_65536);
	air_bool_when(a, is_real, carry);
	return carry;
}

void
op_add(struct air *a, const expr b[4], const expr c[4],
    const struct op_add_x *cols, expr is_real)
{
	expr carry = x_zero(a);

	air_bool(a, is_real);
	for (int i = 0; i < WORD; i++)
		carry = add_limb(a, b[i], c[i], cols->value[i], carry, is_real);
	air_range_u16(a, cols->value, WORD, is_real);
}

void
op_sub(struct air *a, const expr b[4], const expr c[4],
    const struct op_sub_x *cols, expr is_real)
{
	expr carry = x_one(a);

	air_bool(a, is_real);
	for (int i = 0; i < WORD; i++)
		carry = sub_limb(a, b[i], c[i], cols->value[i], carry, is_real);
	air_range_u16(a, cols->value, WORD, is_real);
}

void
op_addw(struct air *a, const expr b[4], const expr c[4],
    const struct op_addw_x *cols, expr is_real)
{
	expr carry = x_zero(a);

	air_bool(a, is_real);
	for (int i = 0; i < WORD / 2; i++)
		carry = add_limb(a, b[i], c[i], cols->value[i], carry, is_real);
	air_range_u16(a, cols->value, WORD / 2, is_real);
	op_msb(a, cols->value[1], &cols->msb, is_real);
}

void
op_subw(struct air *a, const expr b[4], const expr c[4],
    const struct op_subw_x *cols, expr is_real)
{
	expr carry = x_one(a);

	air_bool(a, is_real);
	for (int i = 0; i < WORD / 2; i++)
		carry = sub_limb(a, b[i], c[i], cols->value[i], carry, is_real);
	air_range_u16(a, cols->value, WORD / 2, is_real);
	op_msb(a, cols->value[1], &cols->msb, is_real);
}

void
op_addr_add(struct air *a, const expr b[4], const expr c[4],
    const struct op_addr_add_x *cols, expr is_real)
{
	expr carry = x_zero(a);

	air_bool(a, is_real);
	for (int i = 0; i < WORD; i++)
		carry = add_limb(a, b[i], c[i],
		    i < 3 ? cols->value[i] : x_zero(a), carry, is_real);
	air_range_u16(a, cols->value, 3, is_real);
}

/* low - 4 bit2 - 2 bit1 - bit0 */
static expr
align(struct air *a, expr low, expr bit0, expr bit1, expr bit2)
{
	low = x_sub(low, x_mul(x_k(a, 4), bit2));
	low = x_sub(low, x_mul(x_k(a, 2), bit1));
	return x_sub(low, bit0);
}

void
op_address(struct air *a, expr out[3], const expr b[4], const expr c[4],
    expr bit0, expr bit1, expr bit2, expr is_real,
    const struct op_address_x *cols)
{
	const expr *addr = cols->addr_operation.value;

	air_bool(a, is_real);
	air_bool(a, bit0);
	air_bool(a, bit1);
	air_bool(a, bit2);
	op_addr_add(a, b, c, &cols->addr_operation, is_real);
	air_equal(a, x_mul(cols->top_two_limb_inv, x_add(addr[1], addr[2])),
	    is_real);
	air_range_bits(a, x_mulk(align(a, addr[0], bit0, bit1, bit2), INV_8),
	    13, is_real);
	out[0] = align(a, addr[0], bit0, bit1, bit2);
	out[1] = addr[1];
	out[2] = addr[2];
}
