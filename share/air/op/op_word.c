#include "air/op/check.h"
#include "air/op/op_word.h"

void
op_is_zero(struct air *a, expr x, const struct op_is_zero_x *cols,
    expr is_real)
{
	/* A wrong inverse either makes this no bit, or 1 with x not 0. */
	expr is_zero = x_rsubk(1, x_mul(cols->inverse, x));

	air_equal_when(a, is_real, is_zero, cols->result);
	air_bool_when(a, is_real, cols->result);
	air_zero_when2(a, is_real, cols->result, x);
}

void
op_is_zero_word(struct air *a, const expr x[4],
    const struct op_is_zero_word_x *cols, expr is_real)
{
	const struct op_is_zero_x *limb = cols->is_zero_limb;

	for (int i = 0; i < WORD; i++)
		op_is_zero(a, x[i], &limb[i], is_real);
	air_bool(a, is_real);
	air_bool(a, cols->result);
	air_equal(a, cols->is_zero_first_half,
	    x_mul(limb[0].result, limb[1].result));
	air_equal(a, cols->is_zero_second_half,
	    x_mul(limb[2].result, limb[3].result));
	air_equal_when(a, is_real, cols->result,
	    x_mul(cols->is_zero_first_half, cols->is_zero_second_half));
}

void
op_is_equal_word(struct air *a, const expr x[4], const expr y[4],
    const struct op_is_equal_word_x *cols, expr is_real)
{
	expr diff[WORD];

	air_bool(a, is_real);
	for (int i = 0; i < WORD; i++)
		diff[i] = x_sub(x[i], y[i]);
	op_is_zero_word(a, diff, &cols->is_diff_zero, is_real);
}

void
op_u16_compare(struct air *a, expr x, expr y,
    const struct op_u16_compare_x *cols, expr is_real)
{
	expr diff;

	air_bool(a, is_real);
	air_bool(a, cols->bit);
	/* x - y + 2^16 bit has 16 bits: only for the right bit */
	diff = x_add(x_sub(x, y), x_mulk(cols->bit, BASE));
	air_range_bits(a, diff, 16, is_real);
}

void
op_lt(struct air *a, const expr x[4], const expr y[4],
    const struct op_lt_x *cols, expr is_real)
{
	const expr *flag = cols->u16_flags, *limb = cols->comparison_limbs;
	expr sum, is_equal, visited, x_limb, y_limb;

	air_bool(a, is_real);
	sum = x_sum(flag, WORD);
	for (int i = 0; i < WORD; i++)
		air_bool(a, flag[i]);
	air_bool(a, sum);
	is_equal = x_rsubk(1, sum);

	/* From the top, limbs are equal up to the flagged one. */
	visited = x_limb = y_limb = x_zero(a);
	for (int i = WORD - 1; i >= 0; i--) {
		visited = x_add(visited, flag[i]);
		air_equal_when(a, x_sub(is_real, visited), x[i], y[i]);
		x_limb = x_add(x_limb, x_mul(x[i], flag[i]));
		y_limb = x_add(y_limb, x_mul(y[i], flag[i]));
	}
	air_equal(a, x_limb, limb[0]);
	air_equal(a, y_limb, limb[1]);
	/* a flagged limb does differ */
	air_equal_unless(a, is_equal,
	    x_mul(cols->not_eq_inv, x_sub(limb[0], limb[1])), is_real);
	op_u16_compare(a, limb[0], limb[1], &cols->u16_compare_operation,
	    is_real);
}

/* limb + is_signed * 2^15 - 2^16 * msb: the limb with its top bit flipped */
static expr
flip(struct air *a, expr limb, expr is_signed, expr msb)
{
	limb = x_add(limb, x_mulk(is_signed, 1 << 15));
	return x_sub(limb, x_mul(x_k(a, BASE), msb));
}

void
op_slt(struct air *a, const expr x[4], const expr y[4],
    const struct op_slt_x *cols, expr is_signed, expr is_real)
{
	expr b[WORD], c[WORD];

	air_bool(a, is_signed);
	air_bool(a, is_real);
	air_zero_unless(a, is_real, is_signed);
	op_msb(a, x[WORD - 1], &cols->b_msb, is_signed);
	op_msb(a, y[WORD - 1], &cols->c_msb, is_signed);
	air_zero_unless(a, is_signed, cols->b_msb.msb);
	air_zero_unless(a, is_signed, cols->c_msb.msb);
	/* order of signed numbers is that of unsigned ones, sign bit flipped */
	for (int i = 0; i < WORD - 1; i++) {
		b[i] = x[i];
		c[i] = y[i];
	}
	b[3] = flip(a, x[3], is_signed, cols->b_msb.msb);
	c[3] = flip(a, y[3], is_signed, cols->c_msb.msb);
	op_lt(a, b, c, &cols->result, is_real);
}

void
op_u16_to_u8_unsafe(struct air *a, expr bytes[8], const expr x[4],
    const struct op_u16_to_u8_x *cols)
{
	for (int i = 0; i < WORD; i++) {
		bytes[2 * i] = cols->low_bytes[i];
		bytes[2 * i + 1] = x_mulk(x_sub(x[i], cols->low_bytes[i]),
		    INV_256);
	}
}

void
op_u16_to_u8_safe(struct air *a, expr bytes[8], const expr x[4],
    const struct op_u16_to_u8_x *cols, expr is_real)
{
	op_u16_to_u8_unsafe(a, bytes, x, cols);
	air_range_u8(a, bytes, WORD_BYTES, is_real);
}

void
op_bitwise(struct air *a, const expr b[8], const expr c[8],
    const struct op_bitwise_x *cols, expr op, expr is_real)
{
	for (int i = 0; i < WORD_BYTES; i++)
		air_send_byte(a, op, cols->result[i], b[i], c[i], is_real);
}

void
op_bitwise_u16(struct air *a, expr out[4], const expr b[4], const expr c[4],
    const struct op_bitwise_u16_x *cols, expr op, expr is_real)
{
	const expr *result = cols->bitwise_operation.result;
	expr b_bytes[WORD_BYTES], c_bytes[WORD_BYTES];

	air_bool(a, is_real);
	/* unsafe: the table's operands are bytes, so the lookups check them */
	op_u16_to_u8_unsafe(a, b_bytes, b, &cols->b_low_bytes);
	op_u16_to_u8_unsafe(a, c_bytes, c, &cols->c_low_bytes);
	op_bitwise(a, b_bytes, c_bytes, &cols->bitwise_operation, op, is_real);
	for (int i = 0; i < WORD; i++)
		out[i] = x_add(result[2 * i], x_mulk(result[2 * i + 1], 256));
}
