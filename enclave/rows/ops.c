#include "rows/ops.h"

#ifdef __CUDACC__			/* a thread has no table */
DEVICE kb
small_inv(int32_t x)
{
	kb r = kb_inv(cell(x < 0 ? -(uint32_t)x : (uint32_t)x));

	return x < 0 ? kb_neg(r) : r;
}
#else
#include <pthread.h>
#include <stdlib.h>

#include "base/err.h"

#define INVERSES (1u << 17)

static kb inverse[INVERSES];

static void
make_inverses(void)
{
	kb *x = malloc(INVERSES * sizeof *x);

	must(x);
	for (uint32_t i = 0; i < INVERSES; i++)
		x[i] = cell(i);
	kb_inv_many(inverse + 1, x + 1, INVERSES - 1);
	free(x);
}

kb
small_inv(int32_t x)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	uint32_t y = x < 0 ? -(uint32_t)x : (uint32_t)x;

	pthread_once(&once, make_inverses);
	must(y < INVERSES);
	return x < 0 ? kb_neg(inverse[y]) : inverse[y];
}
#endif

DEVICE void
fill_addw(struct op_addw *o, uint64_t b, uint64_t c)
{
	uint64_t x = b + c;

	o->value[0] = cell(limb(x, 0));
	o->value[1] = cell(limb(x, 1));
	fill_msb(&o->msb, limb(x, 1));
}

DEVICE void
fill_subw(struct op_subw *o, uint64_t b, uint64_t c)
{
	uint64_t x = b - c;

	o->value[0] = cell(limb(x, 0));
	o->value[1] = cell(limb(x, 1));
	fill_msb(&o->msb, limb(x, 1));
}

DEVICE void
fill_addr_add(struct op_addr_add *o, uint64_t b, uint64_t c)
{
	fill_addr(o->value, b + c);
}

DEVICE void
fill_address(struct op_address *o, uint64_t b, uint64_t c)
{
	uint64_t addr = b + c;

	fill_addr_add(&o->addr_operation, b, c);
	o->top_two_limb_inv = small_inv(limb(addr, 1) + limb(addr, 2));
}

DEVICE void
fill_is_zero(struct op_is_zero *o, int32_t x)
{
	o->inverse = small_inv(x);
	o->result = cell(x == 0);
}

DEVICE static void
is_zero_limbs(struct op_is_zero_word *o, const int32_t x[4])
{
	for (int i = 0; i < 4; i++)
		fill_is_zero(&o->is_zero_limb[i], x[i]);
	o->is_zero_first_half = cell(!(x[0] | x[1]));
	o->is_zero_second_half = cell(!(x[2] | x[3]));
	o->result = cell(!(x[0] | x[1] | x[2] | x[3]));
}

DEVICE void
fill_is_zero_word(struct op_is_zero_word *o, uint64_t x)
{
	const int32_t limbs[4] = {limb(x, 0), limb(x, 1), limb(x, 2),
	    limb(x, 3)};

	is_zero_limbs(o, limbs);
}

DEVICE void
fill_is_equal_word(struct op_is_equal_word *o, uint64_t x, uint64_t y)
{
	int32_t d[4];

	for (unsigned i = 0; i < 4; i++)
		d[i] = limb(x, i) - limb(y, i);
	is_zero_limbs(&o->is_diff_zero, d);
}

DEVICE void
fill_lt(struct op_lt *o, uint64_t x, uint64_t y)
{
	o->u16_compare_operation.bit = cell(x < y);
	for (unsigned i = 4; i-- > 0;) {
		int32_t d = limb(x, i) - limb(y, i);

		if (d == 0)
			continue;
		o->u16_flags[i] = KB_ONE;
		o->not_eq_inv = small_inv(d);
		o->comparison_limbs[0] = cell(limb(x, i));
		o->comparison_limbs[1] = cell(limb(y, i));
		break;
	}
}

DEVICE void
fill_slt(struct op_slt *o, uint64_t x, uint64_t y, int is_signed)
{
	uint64_t flip = (uint64_t)is_signed << 63;

	if (is_signed) {
		fill_msb(&o->b_msb, limb(x, 3));
		fill_msb(&o->c_msb, limb(y, 3));
	}
	fill_lt(&o->result, x ^ flip, y ^ flip);
}

DEVICE void
fill_u16_to_u8(struct op_u16_to_u8 *o, uint64_t x)
{
	for (unsigned i = 0; i < 4; i++)
		o->low_bytes[i] = cell(limb(x, i) & 0xff);
}

DEVICE void
fill_bitwise_u16(struct op_bitwise_u16 *o, uint64_t a, uint64_t b, uint64_t c)
{
	fill_u16_to_u8(&o->b_low_bytes, b);
	fill_u16_to_u8(&o->c_low_bytes, c);
	for (unsigned i = 0; i < 8; i++)
		o->bitwise_operation.result[i] = cell(a >> 8 * i & 0xff);
}

/* Byte i of x, of 16 with its sign extension. */
DEVICE static uint32_t
long_byte(uint64_t x, unsigned i, int extend)
{
	return i < 8 ? x >> 8 * i & 0xff : extend ? 0xff : 0;
}

DEVICE void
fill_mul(struct op_mul *o, uint64_t b, uint64_t c, int is_mulh, int is_mulhsu,
    int is_mulw)
{
	int b_extend = (is_mulh || is_mulhsu) && b >> 63;
	int c_extend = is_mulh && c >> 63;
	uint32_t bb[16], cc[16], carry = 0;

	if (is_mulw)
		fill_msb(&o->product_msb, limb(b * c, 1));
	fill_u16_to_u8(&o->b_lower_byte, b);
	fill_u16_to_u8(&o->c_lower_byte, c);
	o->b_msb = cell(b >> 63);
	o->c_msb = cell(c >> 63);
	o->b_sign_extend = cell(b_extend);
	o->c_sign_extend = cell(c_extend);
	for (unsigned i = 0; i < 16; i++) {
		bb[i] = long_byte(b, i, b_extend);
		cc[i] = long_byte(c, i, c_extend);
	}
	for (unsigned i = 0; i < 16; i++) {
		uint32_t sum = carry;

		for (unsigned j = 0; j <= i; j++)
			sum += bb[j] * cc[i - j];
		carry = sum >> 8;
		o->product[i] = cell(sum & 0xff);
		o->carry[i] = cell(carry);
	}
}
