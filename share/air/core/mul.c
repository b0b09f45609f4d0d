#include "air/op/check.h"
#include "air/core/mul.h"
#include "air/op/decode.h"
#include "air/op/opcode.h"

#define LONG_BYTES (2 * WORD_BYTES)

/* Byte i of the sum of products, before carries. */
static void
convolve(struct air *a, expr m[LONG_BYTES], const expr b[LONG_BYTES],
    const expr c[LONG_BYTES])
{
	for (int i = 0; i < LONG_BYTES; i++)
		m[i] = x_zero(a);
	for (int i = 0; i < LONG_BYTES; i++)
		for (int j = 0; i + j < LONG_BYTES; j++)
			m[i + j] = x_add(m[i + j], x_mul(b[i], c[j]));
}

static void
carries(struct air *a, const expr m[LONG_BYTES], const struct op_mul_x *cols,
    expr is_real)
{
	for (int i = 0; i < LONG_BYTES; i++) {
		expr x = m[i];

		if (i)
			x = x_add(x, cols->carry[i - 1]);
		air_equal_when(a, is_real, cols->product[i],
		    x_sub(x, x_mulk(cols->carry[i], 256)));
	}
}

/* Limb i of the product. */
static expr
product_limb(const struct op_mul_x *cols, int i)
{
	return x_add(cols->product[2 * i],
	    x_mulk(cols->product[2 * i + 1], 256));
}

static void
result(struct air *a, const expr word[4], const struct op_mul_x *cols,
    const struct mul_flags *f)
{
	expr is_upper = x_add(x_add(f->is_mulh, f->is_mulhu), f->is_mulhsu);

	for (int i = 0; i < WORD; i++) {
		air_equal_when(a, f->is_mulw, i < WORD / 2 ?
		    product_limb(cols, i) :
		    x_mulk(cols->product_msb.msb, U16_MAX), word[i]);
		air_equal_when(a, f->is_mul, product_limb(cols, i), word[i]);
		air_equal_when(a, is_upper, product_limb(cols, i + WORD),
		    word[i]);
	}
}

void
op_mul(struct air *a, const expr word[4], const expr b[4], const expr c[4],
    const struct op_mul_x *cols, const struct mul_flags *f)
{
	expr bb[LONG_BYTES], cc[LONG_BYTES], m[LONG_BYTES], sum;

	op_u16_to_u8_safe(a, bb, b, &cols->b_lower_byte, f->is_real);
	op_u16_to_u8_safe(a, cc, c, &cols->c_lower_byte, f->is_real);
	air_send_byte(a, x_k(a, AIR_OP_MSB), cols->b_msb, bb[WORD_BYTES - 1],
	    x_zero(a), f->is_real);
	air_send_byte(a, x_k(a, AIR_OP_MSB), cols->c_msb, cc[WORD_BYTES - 1],
	    x_zero(a), f->is_real);
	op_msb(a, word[1], &cols->product_msb, f->is_mulw);
	air_equal(a, cols->b_sign_extend,
	    x_mul(x_add(f->is_mulh, f->is_mulhsu), cols->b_msb));
	air_equal(a, cols->c_sign_extend, x_mul(f->is_mulh, cols->c_msb));
	for (int i = WORD_BYTES; i < LONG_BYTES; i++) {
		bb[i] = x_mulk(cols->b_sign_extend, 255);
		cc[i] = x_mulk(cols->c_sign_extend, 255);
	}
	convolve(a, m, bb, cc);
	carries(a, m, cols, f->is_real);
	result(a, word, cols, f);

	sum = x_sum((expr[]){f->is_mul, f->is_mulh, f->is_mulhu,
	    f->is_mulhsu, f->is_mulw}, 5);
	air_bool(a, cols->b_msb);
	air_bool(a, cols->c_msb);
	air_bool(a, cols->b_sign_extend);
	air_bool(a, cols->c_sign_extend);
	air_bool(a, f->is_mul);
	air_bool(a, f->is_mulh);
	air_bool(a, f->is_mulhu);
	air_bool(a, f->is_mulhsu);
	air_bool(a, f->is_mulw);
	air_bool(a, sum);
	air_bool(a, f->is_real);
	air_equal_when(a, cols->b_sign_extend, cols->b_msb, x_one(a));
	air_equal_when(a, cols->c_sign_extend, cols->c_msb, x_one(a));
	air_range_u16(a, cols->carry, LONG_BYTES, f->is_real);
	air_range_u8(a, cols->product, LONG_BYTES, f->is_real);
}

void
chip_Mul(struct air *a, const void *cols, const void *prep)
{
	const struct mul_cols_x *c = cols;
	struct mul_flags f = {.is_mul = c->is_mul, .is_mulh = c->is_mulh,
	    .is_mulw = c->is_mulw, .is_mulhu = c->is_mulhu,
	    .is_mulhsu = c->is_mulhsu};
	const struct decode d = {(const expr[]){c->is_mul, c->is_mulh,
	    c->is_mulhu, c->is_mulhsu, c->is_mulw}, (const uint8_t[]){OPC_MUL,
	    OPC_MULH, OPC_MULHU, OPC_MULHSU, OPC_MULW}, 5};
	expr opcode;

	f.is_real = x_sum((expr[]){c->is_mul, c->is_mulh, c->is_mulhu,
	    c->is_mulhsu, c->is_mulw}, 5);
	op_mul(a, c->a, c->adapter.op_b_memory.prev_value,
	    c->adapter.op_c_memory.prev_value, &c->mul_operation, &f);
	air_bool(a, c->is_mul);
	air_bool(a, c->is_mulh);
	air_bool(a, c->is_mulhu);
	air_bool(a, c->is_mulw);
	air_bool(a, c->is_mulhsu);
	air_bool(a, f.is_real);
	opcode = decode_sum(&d, DECODE_OPCODE);
	decode_rest(&d);
	adapter_state_step(a, &c->state, f.is_real);
	air_zero(a, c->adapter.op_a_0);
	adapter_r(a, &c->state, adapter_clk_low(&c->state), opcode, c->a,
	    &c->adapter, f.is_real);
}
