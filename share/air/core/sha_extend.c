#include "air/core/chips.h"
#include "air/core/sha_extend.h"
#include "air/op/check.h"
#include "run/call_codes.h"

static void
message(expr v[6], expr clk_high, expr clk_low, const expr ptr[3], expr i)
{
	v[0] = clk_high;
	v[1] = clk_low;
	for (int k = 0; k < 3; k++)
		v[2 + k] = ptr[k];
	v[5] = i;
}

/* The address of w[i - back]. */
static void
address(struct air *a, const struct sha_extend_cols_x *m, unsigned back,
    const struct op_addr_add_x *out)
{
	expr ptr[WORD] = {m->w_ptr[0], m->w_ptr[1], m->w_ptr[2], x_zero(a)};
	expr offset[WORD];

	word_extend(offset, x_mulk(back ? x_subk(m->i, back) : m->i, 8));
	op_addr_add(a, ptr, offset, out, m->is_real);
}

/* Reads w[i - back], a number of 32 bits. */
static void
read_word(struct air *a, const struct sha_extend_cols_x *m, unsigned back,
    const struct op_addr_add_x *ptr, const struct memory_access_x *w)
{
	expr high;

	address(a, m, back, ptr);
	high = x_add(m->clk_high, m->next_clk.is_overflow);
	adapter_memory_read(a, high, op_clk_low(&m->next_clk), ptr->value, w,
	    m->is_real);
	air_zero(a, w->prev_value[2]);
	air_zero(a, w->prev_value[3]);
}

void
chip_ShaExtend(struct air *a, const void *main, const void *prep)
{
	const struct sha_extend_cols_x *m = main;
	const expr *w15 = m->w_i_minus_15.prev_value;
	const expr *w2 = m->w_i_minus_2.prev_value;
	expr real = m->is_real, high, v[6], s0[HALF], s1[HALF], sum[4][HALF];
	expr written[WORD] = {m->s2.value[0], m->s2.value[1], x_zero(a),
	    x_zero(a)};

	air_bool(a, real);
	message(v, m->clk_high, m->clk_low, m->w_ptr, m->i);
	air_receive(a, AIR_SHA_EXTEND, real, v, 6);
	v[5] = x_addk(m->i, 1);
	air_send(a, AIR_SHA_EXTEND, real, v, 6);
	/* 16 <= i < 64 */
	air_send_byte(a, x_k(a, AIR_OP_LTU), x_one(a), x_subk(m->i, 16),
	    x_k(a, SHA_EXTEND_ROWS), real);
	op_clk(a, m->clk_low, x_subk(m->i, 16), &m->next_clk, real);

	read_word(a, m, 15, &m->w_i_minus_15_ptr, &m->w_i_minus_15);
	read_word(a, m, 2, &m->w_i_minus_2_ptr, &m->w_i_minus_2);
	read_word(a, m, 16, &m->w_i_minus_16_ptr, &m->w_i_minus_16);
	read_word(a, m, 7, &m->w_i_minus_7_ptr, &m->w_i_minus_7);

	op_rotate_u32(a, w15, 7, &m->w_i_minus_15_rr_7, real);
	op_rotate_u32(a, w15, 18, &m->w_i_minus_15_rr_18, real);
	op_shift_u32(a, w15, 3, &m->w_i_minus_15_rs_3, real);
	op_bitwise_u32(a, s0, AIR_OP_XOR, m->w_i_minus_15_rr_7.value,
	    m->w_i_minus_15_rr_18.value, &m->s0_intermediate, real);
	op_bitwise_u32(a, s0, AIR_OP_XOR, s0, m->w_i_minus_15_rs_3.value,
	    &m->s0, real);

	op_rotate_u32(a, w2, 17, &m->w_i_minus_2_rr_17, real);
	op_rotate_u32(a, w2, 19, &m->w_i_minus_2_rr_19, real);
	op_shift_u32(a, w2, 10, &m->w_i_minus_2_rs_10, real);
	op_bitwise_u32(a, s1, AIR_OP_XOR, m->w_i_minus_2_rr_17.value,
	    m->w_i_minus_2_rr_19.value, &m->s1_intermediate, real);
	op_bitwise_u32(a, s1, AIR_OP_XOR, s1, m->w_i_minus_2_rs_10.value,
	    &m->s1, real);

	for (int i = 0; i < HALF; i++) {
		sum[0][i] = m->w_i_minus_16.prev_value[i];
		sum[1][i] = s0[i];
		sum[2][i] = m->w_i_minus_7.prev_value[i];
		sum[3][i] = s1[i];
	}
	op_sum_u32(a, (const expr (*)[HALF])sum, 4, &m->s2, real);
	address(a, m, 0, &m->w_i_ptr);
	high = x_add(m->clk_high, m->next_clk.is_overflow);
	adapter_memory_write(a, high, op_clk_low(&m->next_clk),
	    m->w_i_ptr.value, &m->w_i, written, real);
}

void
chip_ShaExtendControl(struct air *a, const void *main, const void *prep)
{
	const struct sha_extend_control_cols_x *m = main;
	const expr *ptr = m->w_ptr.addr;
	expr real = m->is_real, v[6];

	air_bool(a, real);
	op_syscall_addr(a, WORD_BYTES * SHA_WORDS, &m->w_ptr, real);
	precompile_addr(a, ptr, 15 * WORD_BYTES, &m->w_16th_addr, real);
	precompile_addr(a, ptr, 16 * WORD_BYTES, &m->w_17th_addr, real);
	precompile_addr(a, ptr, 63 * WORD_BYTES, &m->w_64th_addr, real);
	precompile_call(a, m->clk_high, m->clk_low,
	    x_k(a, CODE_SHA_EXTEND), ptr, NULL, real);
	message(v, m->clk_high, x_addk(m->clk_low, 1), ptr, x_k(a, 16));
	air_send(a, AIR_SHA_EXTEND, real, v, 6);
	message(v, m->clk_high, x_addk(m->clk_low, 1), ptr,
	    x_k(a, SHA_WORDS));
	air_receive(a, AIR_SHA_EXTEND, real, v, 6);
}
