#include "air/op/sha_op.h"

void
half_extend(expr w[WORD], const expr x[HALF])
{
	struct air *a = x[0].air;

	for (int i = 0; i < WORD; i++)
		w[i] = i < HALF ? x_add(x_zero(a), x[i]) : x_zero(a);
}

/* limb = low + high * 2^bits, low below 2^bits, high below 2^(16 - bits); low */
static expr
split(struct air *a, expr limb, expr high, unsigned bits, expr is_real)
{
	expr low = x_sub(limb, x_mul(high, x_k(a, 1u << bits)));

	air_range_bits(a, low, bits, is_real);
	air_range_bits(a, high, 16 - bits, is_real);
	return low;
}

void
op_rotate_u32(struct air *a, const expr x[HALF], unsigned by,
    const struct op_rotate_u32_x *cols, expr is_real)
{
	unsigned bits = by % 16, limbs = by / 16;
	const expr *high = cols->higher_limb;
	expr low[HALF];

	air_bool(a, is_real);
	for (unsigned i = 0; i < HALF; i++)
		low[i] = split(a, x[(i + limbs) % HALF], high[i], bits,
		    is_real);
	air_equal_when(a, is_real, cols->value[1],
	    x_add(high[1], x_mulk(low[0], 1u << (16 - bits))));
	air_equal_when(a, is_real, cols->value[0],
	    x_add(high[0], x_mulk(low[1], 1u << (16 - bits))));
}

void
op_shift_u32(struct air *a, const expr x[HALF], unsigned by,
    const struct op_rotate_u32_x *cols, expr is_real)
{
	unsigned bits = by % 16, limbs = by / 16;
	const expr *high = cols->higher_limb;
	expr low[HALF];

	air_bool(a, is_real);
	for (unsigned i = 0; i < HALF; i++)
		low[i] = split(a, i + limbs < HALF ? x[i + limbs] : x_zero(a),
		    high[i], bits, is_real);
	air_equal_when(a, is_real, cols->value[1], high[1]);
	air_equal_when(a, is_real, cols->value[0],
	    x_add(high[0], x_mulk(low[1], 1u << (16 - bits))));
}

/* unsafe: the caller has the bytes range-checked */
static void
bytes_unsafe(expr out[HALF_BYTES], const expr x[HALF],
    const struct op_u32_to_u8_x *cols)
{
	for (int i = 0; i < HALF; i++) {
		out[2 * i] = cols->low_bytes[i];
		out[2 * i + 1] = x_mulk(x_sub(x[i], cols->low_bytes[i]),
		    INV_256);
	}
}

void
op_bitwise_u32(struct air *a, expr out[HALF], unsigned op,
    const expr b[HALF], const expr c[HALF],
    const struct op_bitwise_u32_x *cols, expr is_real)
{
	expr x[HALF_BYTES], y[HALF_BYTES];

	air_bool(a, is_real);
	/* the table's operands are bytes, so the lookups check them */
	bytes_unsafe(x, b, &cols->b_low_bytes);
	bytes_unsafe(y, c, &cols->c_low_bytes);
	for (int i = 0; i < HALF_BYTES; i++)
		air_send_byte(a, x_k(a, op), cols->value[i], x[i], y[i],
		    is_real);
	for (int i = 0; i < HALF; i++)
		out[i] = x_add(cols->value[2 * i],
		    x_mulk(cols->value[2 * i + 1], 1 << 8));
}

void
op_not_u32(struct air *a, const expr x[HALF],
    const struct op_not_u32_x *cols, expr is_real)
{
	for (int i = 0; i < HALF; i++)
		air_equal_when(a, is_real, x_add(cols->value[i], x[i]),
		    x_k(a, U16_MAX));
}

void
op_add_u32(struct air *a, const expr b[HALF], const expr c[HALF],
    const struct op_add_u32_x *cols, expr is_real)
{
	expr carry = x_zero(a);

	air_bool(a, is_real);
	for (int i = 0; i < HALF; i++) {
		carry = x_mulk(x_add(x_sub(x_add(b[i], c[i]), cols->value[i]),
		    carry), INV_65536);
		air_bool_when(a, is_real, carry);
	}
	air_range_u16(a, cols->value, HALF, is_real);
}

void
op_sum_u32(struct air *a, const expr (*x)[HALF], unsigned n,
    const struct op_add_u32_x *cols, expr is_real)
{
	expr carry[HALF], last = x_zero(a);

	air_bool(a, is_real);
	for (int i = 0; i < HALF; i++) {
		expr sum = x[0][i];

		for (unsigned k = 1; k < n; k++)
			sum = x_add(sum, x[k][i]);
		last = x_mulk(x_add(x_sub(sum, cols->value[i]), last),
		    INV_65536);
		carry[i] = last;
	}
	air_range_u16(a, cols->value, HALF, is_real);
	air_range_u8(a, carry, HALF, is_real);
}

expr
op_clk_low(const struct op_clk_x *cols)
{
	return x_add(cols->next_clk_0_16, x_mulk(cols->next_clk_16_24,
	    1 << 16));
}

void
op_clk(struct air *a, expr clk_low, expr increment,
    const struct op_clk_x *cols, expr is_real)
{
	expr top[2] = {cols->next_clk_16_24, x_zero(a)};

	air_bool(a, is_real);
	air_bool(a, cols->is_overflow);
	air_equal_when(a, is_real,
	    x_sub(x_add(clk_low, increment),
	    x_mulk(cols->is_overflow, 1 << 24)), op_clk_low(cols));
	air_range_bits(a, cols->next_clk_0_16, 16, is_real);
	air_range_u8(a, top, 2, is_real);
}
