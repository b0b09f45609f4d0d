#include "air/core/chips.h"
#include "air/core/sha_compress.h"
#include "air/op/check.h"
#include "base/fips.h"
#include "run/call_codes.h"

#define ROUNDS 64
#define MESSAGE 25

enum { A, B, C, D, E, F, G, H };

/* The chain's message, up to the state. */
static void
message(expr v[MESSAGE], expr clk_high, expr clk_low, const expr w_ptr[3],
    const expr h_ptr[3], expr index)
{
	v[0] = clk_high;
	v[1] = clk_low;
	for (int k = 0; k < 3; k++) {
		v[2 + k] = w_ptr[k];
		v[5 + k] = h_ptr[k];
	}
	v[8] = index;
}

static void
put(expr v[MESSAGE], unsigned i, const expr x[HALF])
{
	for (unsigned k = 0; k < HALF; k++)
		v[9 + HALF * i + k] = x[k];
}

static void
put_state(expr v[MESSAGE], const struct sha_half_x state[SHA_STATE])
{
	for (unsigned i = 0; i < SHA_STATE; i++)
		put(v, i, state[i].v);
}

/* ---- which row it is ---- */

static void
flags(struct air *a, const struct sha_compress_cols_x *m)
{
	expr index = x_zero(a), sum = x_zero(a);
	const expr *num = m->octet_num;

	air_bool(a, m->is_real);
	for (unsigned i = 0; i < 8; i++) {
		air_bool(a, m->octet[i]);
		sum = x_add(sum, m->octet[i]);
		index = x_add(index, x_mul(m->octet[i], x_k(a, i)));
	}
	air_equal(a, sum, x_one(a));
	sum = x_zero(a);
	for (unsigned i = 0; i < 10; i++) {
		air_bool(a, num[i]);
		sum = x_add(sum, num[i]);
		index = x_add(index, x_mul(num[i], x_k(a, 8 * i)));
	}
	air_equal(a, sum, x_one(a));
	air_equal(a, m->index, index);
	air_equal(a, m->is_initialize, x_mul(num[0], m->is_real));
	air_equal(a, m->is_compression, x_mul(x_sum(num + 1, 8), m->is_real));
	air_equal(a, m->is_finalize, x_mul(num[9], m->is_real));
}

static void
chain(struct air *a, const struct sha_compress_cols_x *m)
{
	expr v[MESSAGE];

	message(v, m->clk_high, m->clk_low, m->w_ptr, m->h_ptr, m->index);
	put_state(v, m->state);
	air_receive(a, AIR_SHA_COMPRESS, m->is_real, v, MESSAGE);
	v[8] = x_addk(m->index, 1);
	air_send(a, AIR_SHA_COMPRESS, x_add(m->is_initialize, m->is_finalize),
	    v, MESSAGE);
	v[8] = x_addk(m->index, 1);
	/* a round: each moves on, but a and e are new */
	for (unsigned i = 1; i < SHA_STATE; i++)
		put(v, i, m->state[i - 1].v);
	put(v, A, m->temp1_add_temp2.value);
	put(v, E, m->d_add_temp1.value);
	air_send(a, AIR_SHA_COMPRESS, m->is_compression, v, MESSAGE);
}

/* ---- memory ---- */

static void
address(struct air *a, const expr ptr[3], expr index,
    const struct op_addr_add_x *out, expr when)
{
	expr b[WORD] = {ptr[0], ptr[1], ptr[2], x_zero(a)}, c[WORD];

	word_extend(c, x_mul(index, x_k(a, WORD_BYTES)));
	op_addr_add(a, b, c, out, when);
}

static void
memory(struct air *a, const struct sha_compress_cols_x *m)
{
	expr init = m->is_initialize, compress = m->is_compression;
	expr finalize = m->is_finalize, value[WORD], state[SHA_STATE][WORD];

	half_extend(value, m->mem_value);
	adapter_memory_write(a, m->clk_high,
	    x_add(x_add(m->clk_low, compress), x_mul(finalize, x_k(a, 2))),
	    m->mem_addr, &m->mem, value, m->is_real);
	air_word_equal_when(a, x_add(init, compress), m->mem.prev_value, value);
	air_zero(a, m->mem.prev_value[2]);
	air_zero(a, m->mem.prev_value[3]);

	for (int i = 0; i < 3; i++)
		air_equal_when(a, init, m->mem_addr[i],
		    m->mem_addr_init.value[i]);
	for (int i = 0; i < 3; i++)
		air_equal_when(a, compress, m->mem_addr[i],
		    m->mem_addr_compress.value[i]);
	for (int i = 0; i < 3; i++)
		air_equal_when(a, finalize, m->mem_addr[i],
		    m->mem_addr_finalize.value[i]);
	address(a, m->h_ptr, m->index, &m->mem_addr_init, init);
	address(a, m->w_ptr, x_subk(m->index, 8), &m->mem_addr_compress,
	    compress);
	address(a, m->h_ptr, x_subk(m->index, 72), &m->mem_addr_finalize,
	    finalize);

	for (int i = 0; i < SHA_STATE; i++)
		half_extend(state[i], m->state[i].v);
	for (int i = 0; i < SHA_STATE; i++) {
		air_word_equal_when(a, x_mul(init, m->octet[i]), state[i],
		    m->mem.prev_value);
		air_word_equal_when(a, x_mul(init, m->octet[i]), state[i],
		    value);
	}
	for (int i = 0; i < HALF; i++)
		air_equal_when(a, finalize, m->mem_value[i],
		    m->finalize_add.value[i]);
}

/* ---- a round ---- */

static void
round_constant(struct air *a, const struct sha_compress_cols_x *m)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		expr here = x_mul(m->octet_num[i / 8 + 1], m->octet[i % 8]);

		air_equal_when(a, here, m->k[0],
		    x_k(a, sha_round_constant[i] & U16_MAX));
		air_equal_when(a, here, m->k[1],
		    x_k(a, sha_round_constant[i] >> 16));
	}
}

static void
compression(struct air *a, const struct sha_compress_cols_x *m)
{
	const struct sha_half_x *s = m->state;
	expr on = m->is_compression;
	expr t[HALF], u[HALF], s1[HALF], ch[HALF], s0[HALF], maj[HALF];
	expr sum[5][HALF];

	op_rotate_u32(a, s[E].v, 6, &m->e_rr_6, on);
	op_rotate_u32(a, s[E].v, 11, &m->e_rr_11, on);
	op_rotate_u32(a, s[E].v, 25, &m->e_rr_25, on);
	op_bitwise_u32(a, t, AIR_OP_XOR, m->e_rr_6.value, m->e_rr_11.value,
	    &m->s1_intermediate, on);
	op_bitwise_u32(a, s1, AIR_OP_XOR, t, m->e_rr_25.value, &m->s1, on);

	op_bitwise_u32(a, t, AIR_OP_AND, s[E].v, s[F].v, &m->e_and_f, on);
	op_not_u32(a, s[E].v, &m->e_not, on);
	op_bitwise_u32(a, u, AIR_OP_AND, m->e_not.value, s[G].v,
	    &m->e_not_and_g, on);
	op_bitwise_u32(a, ch, AIR_OP_XOR, t, u, &m->ch, on);

	for (int i = 0; i < HALF; i++) {
		sum[0][i] = s[H].v[i];
		sum[1][i] = s1[i];
		sum[2][i] = ch[i];
		sum[3][i] = m->k[i];
		sum[4][i] = m->mem_value[i];
	}
	op_sum_u32(a, (const expr (*)[HALF])sum, 5, &m->temp1, on);

	op_rotate_u32(a, s[A].v, 2, &m->a_rr_2, on);
	op_rotate_u32(a, s[A].v, 13, &m->a_rr_13, on);
	op_rotate_u32(a, s[A].v, 22, &m->a_rr_22, on);
	op_bitwise_u32(a, t, AIR_OP_XOR, m->a_rr_2.value, m->a_rr_13.value,
	    &m->s0_intermediate, on);
	op_bitwise_u32(a, s0, AIR_OP_XOR, t, m->a_rr_22.value, &m->s0, on);

	op_bitwise_u32(a, t, AIR_OP_AND, s[A].v, s[B].v, &m->a_and_b, on);
	op_bitwise_u32(a, u, AIR_OP_AND, s[A].v, s[C].v, &m->a_and_c, on);
	op_bitwise_u32(a, maj, AIR_OP_AND, s[B].v, s[C].v, &m->b_and_c, on);
	op_bitwise_u32(a, t, AIR_OP_XOR, t, u, &m->maj_intermediate, on);
	op_bitwise_u32(a, maj, AIR_OP_XOR, t, maj, &m->maj, on);

	op_add_u32(a, s0, maj, &m->temp2, on);
	op_add_u32(a, s[D].v, m->temp1.value, &m->d_add_temp1, on);
	op_add_u32(a, m->temp1.value, m->temp2.value, &m->temp1_add_temp2, on);
}

/* h[octet] + the state's word of that number */
static void
finalize(struct air *a, const struct sha_compress_cols_x *m)
{
	expr chosen[HALF] = {x_zero(a), x_zero(a)};

	for (int i = 0; i < SHA_STATE; i++)
		for (int k = 0; k < HALF; k++)
			chosen[k] = x_add(chosen[k], x_mul(m->octet[i],
			    m->state[i].v[k]));
	for (int k = 0; k < HALF; k++)
		air_equal_when(a, m->is_finalize, chosen[k],
		    m->finalized_operand[k]);
	op_add_u32(a, m->mem.prev_value, m->finalized_operand,
	    &m->finalize_add, m->is_finalize);
}

void
chip_ShaCompress(struct air *a, const void *main, const void *prep)
{
	const struct sha_compress_cols_x *m = main;

	flags(a, m);
	chain(a, m);
	memory(a, m);
	round_constant(a, m);
	compression(a, m);
	finalize(a, m);
}

void
chip_ShaCompressControl(struct air *a, const void *main, const void *prep)
{
	const struct sha_compress_control_cols_x *m = main;
	const expr *w_ptr = m->w_ptr.addr, *h_ptr = m->h_ptr.addr;
	expr real = m->is_real, v[MESSAGE];

	air_bool(a, real);
	op_syscall_addr(a, WORD_BYTES * ROUNDS, &m->w_ptr, real);
	op_syscall_addr(a, WORD_BYTES * SHA_STATE, &m->h_ptr, real);
	precompile_addr(a, w_ptr, WORD_BYTES * (ROUNDS - 1), &m->w_slice_end,
	    real);
	precompile_addr(a, h_ptr, WORD_BYTES * (SHA_STATE - 1),
	    &m->h_slice_end, real);
	precompile_call(a, m->clk_high, m->clk_low,
	    x_k(a, CODE_SHA_COMPRESS), w_ptr, h_ptr, real);
	message(v, m->clk_high, m->clk_low, w_ptr, h_ptr, x_zero(a));
	put_state(v, m->initial_state);
	air_send(a, AIR_SHA_COMPRESS, real, v, MESSAGE);
	v[8] = x_k(a, SHA_COMPRESS_ROWS);
	put_state(v, m->final_state);
	air_receive(a, AIR_SHA_COMPRESS, real, v, MESSAGE);
}
