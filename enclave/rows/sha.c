/* SHA_EXTEND, SHA_COMPRESS: air/core/sha_*.h. */
#include "air/core/sha_compress.h"
#include "air/core/sha_extend.h"
#include "base/fips.h"
#include "rows/precompile.h"

#define ROUNDS 64

enum { A, B, C, D, E, F, G, H };

DEVICE static uint32_t
rotate(uint32_t x, unsigned by)
{
	return x >> by | x << (-by & 31);
}

DEVICE static void
fill_half(kb out[2], uint32_t x)
{
	out[0] = cell(x & 0xffff);
	out[1] = cell(x >> 16);
}

DEVICE static uint32_t
fill_rotate(struct op_rotate_u32 *o, uint32_t x, unsigned by)
{
	/* high half: the limb that rotates into the lowest one */
	uint32_t moved = rotate(x, by / 16 * 16), y = rotate(x, by);

	fill_half(o->value, y);
	o->higher_limb[0] = cell((moved & 0xffff) >> by % 16);
	o->higher_limb[1] = cell(moved >> 16 >> by % 16);
	return y;
}

/* by < 16 */
DEVICE static uint32_t
fill_shift(struct op_rotate_u32 *o, uint32_t x, unsigned by)
{
	fill_half(o->value, x >> by);
	o->higher_limb[0] = cell((x & 0xffff) >> by);
	o->higher_limb[1] = cell(x >> 16 >> by);
	return x >> by;
}

DEVICE static uint32_t
fill_bitwise(struct op_bitwise_u32 *o, uint32_t x, uint32_t b, uint32_t c)
{
	for (unsigned i = 0; i < 2; i++) {
		o->b_low_bytes.low_bytes[i] = cell(b >> 16 * i & 0xff);
		o->c_low_bytes.low_bytes[i] = cell(c >> 16 * i & 0xff);
	}
	for (unsigned i = 0; i < 4; i++)
		o->value[i] = cell(x >> 8 * i & 0xff);
	return x;
}

DEVICE static uint32_t
fill_xor(struct op_bitwise_u32 *o, uint32_t b, uint32_t c)
{
	return fill_bitwise(o, b ^ c, b, c);
}

DEVICE static uint32_t
fill_and(struct op_bitwise_u32 *o, uint32_t b, uint32_t c)
{
	return fill_bitwise(o, b & c, b, c);
}

DEVICE static uint32_t
fill_sum(struct op_add_u32 *o, uint32_t sum)
{
	fill_half(o->value, sum);
	return sum;
}

/* ---- SHA_EXTEND ---- */

/* In the order of a row's accesses. */
enum { READ_15, READ_2, READ_16, READ_7, WRITE_0, EXTEND_ACCESSES };

DEVICE void
trace_ShaExtend(kb *row, const struct precompile_event *e, unsigned step)
{
	struct sha_extend_cols *c = (struct sha_extend_cols *)row;
	const struct rec_access *m = e->access + EXTEND_ACCESSES * step;
	uint64_t clk = e->head.clk + 1, next = clk + step, w = e->head.arg1;
	uint32_t w15 = (uint32_t)m[READ_15].value;
	uint32_t w2 = (uint32_t)m[READ_2].value, x, s0, s1;
	unsigned i = SHA_WORDS - SHA_EXTEND_ROWS + step;

	c->clk_high = cell((uint32_t)(clk >> 24));
	c->clk_low = cell((uint32_t)clk & 0xffffff);
	c->next_clk.next_clk_16_24 = cell((uint32_t)(next >> 16) & 0xff);
	c->next_clk.next_clk_0_16 = cell((uint32_t)next & 0xffff);
	c->next_clk.is_overflow = cell(next >> 24 != clk >> 24);
	fill_addr(c->w_ptr, w);
	fill_addr_add(&c->w_i_minus_15_ptr, w, 8 * (i - 15));
	fill_addr_add(&c->w_i_minus_2_ptr, w, 8 * (i - 2));
	fill_addr_add(&c->w_i_minus_16_ptr, w, 8 * (i - 16));
	fill_addr_add(&c->w_i_minus_7_ptr, w, 8 * (i - 7));
	fill_addr_add(&c->w_i_ptr, w, 8 * i);
	c->i = cell(i);
	fill_access(&c->w_i_minus_15, &m[READ_15]);
	fill_access(&c->w_i_minus_2, &m[READ_2]);
	fill_access(&c->w_i_minus_16, &m[READ_16]);
	fill_access(&c->w_i_minus_7, &m[READ_7]);
	fill_access(&c->w_i, &m[WRITE_0]);

	x = fill_xor(&c->s0_intermediate,
	    fill_rotate(&c->w_i_minus_15_rr_7, w15, 7),
	    fill_rotate(&c->w_i_minus_15_rr_18, w15, 18));
	s0 = fill_xor(&c->s0, x, fill_shift(&c->w_i_minus_15_rs_3, w15, 3));
	x = fill_xor(&c->s1_intermediate,
	    fill_rotate(&c->w_i_minus_2_rr_17, w2, 17),
	    fill_rotate(&c->w_i_minus_2_rr_19, w2, 19));
	s1 = fill_xor(&c->s1, x, fill_shift(&c->w_i_minus_2_rs_10, w2, 10));
	fill_sum(&c->s2, (uint32_t)m[READ_16].value + s0 +
	    (uint32_t)m[READ_7].value + s1);
	c->is_real = KB_ONE;
}

DEVICE void
trace_ShaExtendControl(kb *row, const struct precompile_event *e,
    unsigned step)
{
	struct sha_extend_control_cols *c = (struct sha_extend_control_cols *)row;

	c->clk_high = clk_high(e);
	c->clk_low = clk_low(e);
	fill_syscall_addr(&c->w_ptr, e->head.arg1);
	fill_addr_add(&c->w_16th_addr, e->head.arg1, 8 * 15);
	fill_addr_add(&c->w_17th_addr, e->head.arg1, 8 * 16);
	fill_addr_add(&c->w_64th_addr, e->head.arg1, 8 * 63);
	c->is_real = KB_ONE;
}

/* ---- SHA_COMPRESS ---- */

/* The accesses: h is read, w is read, h is written. */
#define READ_H 0
#define READ_W SHA_STATE
#define WRITE_H (SHA_STATE + ROUNDS)

DEVICE static void
fill_round(struct sha_compress_cols *c, uint32_t s[SHA_STATE], uint32_t w,
    uint32_t k)
{
	uint32_t x, y, s1, ch, t1, s0, maj, t2;

	x = fill_xor(&c->s1_intermediate, fill_rotate(&c->e_rr_6, s[E], 6),
	    fill_rotate(&c->e_rr_11, s[E], 11));
	s1 = fill_xor(&c->s1, x, fill_rotate(&c->e_rr_25, s[E], 25));
	x = fill_and(&c->e_and_f, s[E], s[F]);
	fill_half(c->e_not.value, ~s[E]);
	y = fill_and(&c->e_not_and_g, ~s[E], s[G]);
	ch = fill_xor(&c->ch, x, y);
	t1 = fill_sum(&c->temp1, s[H] + s1 + ch + w + k);

	x = fill_xor(&c->s0_intermediate, fill_rotate(&c->a_rr_2, s[A], 2),
	    fill_rotate(&c->a_rr_13, s[A], 13));
	s0 = fill_xor(&c->s0, x, fill_rotate(&c->a_rr_22, s[A], 22));
	x = fill_and(&c->a_and_b, s[A], s[B]);
	y = fill_and(&c->a_and_c, s[A], s[C]);
	maj = fill_xor(&c->maj, fill_xor(&c->maj_intermediate, x, y),
	    fill_and(&c->b_and_c, s[B], s[C]));
	t2 = fill_sum(&c->temp2, s0 + maj);

	fill_sum(&c->d_add_temp1, s[D] + t1);
	fill_sum(&c->temp1_add_temp2, t1 + t2);
}

/* The state before round n; n = ROUNDS: after the last. */
DEVICE static void
state_before(uint32_t s[SHA_STATE], const struct precompile_event *e,
    unsigned n)
{
	for (unsigned i = 0; i < SHA_STATE; i++)
		s[i] = (uint32_t)e->access[READ_H + i].value;
	for (unsigned i = 0; i < n; i++) {
		uint32_t s1 = rotate(s[E], 6) ^ rotate(s[E], 11) ^
		    rotate(s[E], 25);
		uint32_t ch = (s[E] & s[F]) ^ (~s[E] & s[G]);
		uint32_t t1 = s[H] + s1 + ch + sha_round_constant[i] +
		    (uint32_t)e->access[READ_W + i].value;
		uint32_t s0 = rotate(s[A], 2) ^ rotate(s[A], 13) ^
		    rotate(s[A], 22);
		uint32_t maj = (s[A] & s[B]) ^ (s[A] & s[C]) ^ (s[B] & s[C]);

		for (unsigned k = H; k > A; k--)
			s[k] = s[k - 1];
		s[E] += t1;
		s[A] = t1 + s0 + maj;
	}
}

/* What a row has whether it is real or not. */
DEVICE static void
fill_position(struct sha_compress_cols *c, unsigned step)
{
	unsigned round = step - SHA_STATE;

	c->index = cell(step);
	c->octet[step % 8] = KB_ONE;
	c->octet_num[step / 8] = KB_ONE;
	if (round < ROUNDS)
		fill_half(c->k, sha_round_constant[round]);
}

DEVICE void
pad_ShaCompress(const struct shard_events *s, size_t i, kb *row)
{
	fill_position((struct sha_compress_cols *)row,
	    (unsigned)(i % SHA_COMPRESS_ROWS));
}

DEVICE void
trace_ShaCompress(kb *row, const struct precompile_event *e, unsigned step)
{
	struct sha_compress_cols *c = (struct sha_compress_cols *)row;
	const struct rec_access *m = &e->access[step];	/* in steps' order */
	uint64_t w = e->head.arg1, h = e->head.arg2;
	unsigned round = step < SHA_STATE ? 0 : step - SHA_STATE;
	uint32_t s[SHA_STATE];

	if (round > ROUNDS)
		round = ROUNDS;
	state_before(s, e, round);
	c->clk_high = clk_high(e);
	c->clk_low = clk_low(e);
	fill_addr(c->w_ptr, w);
	fill_addr(c->h_ptr, h);
	fill_position(c, step);
	fill_access(&c->mem, m);
	fill_half(c->mem_value, (uint32_t)m->value);
	for (unsigned i = 0; i < SHA_STATE; i++)
		fill_half(c->state[i].v, s[i]);
	if (step < READ_W) {
		c->is_initialize = KB_ONE;
		fill_addr_add(&c->mem_addr_init, h, 8 * step);
		fill_addr(c->mem_addr, h + 8 * step);
	} else if (step < WRITE_H) {
		c->is_compression = KB_ONE;
		fill_addr_add(&c->mem_addr_compress, w, 8 * round);
		fill_addr(c->mem_addr, w + 8 * round);
		fill_round(c, s, (uint32_t)m->value,
		    sha_round_constant[round]);
	} else {
		unsigned k = step - WRITE_H;

		c->is_finalize = KB_ONE;
		fill_addr_add(&c->mem_addr_finalize, h, 8 * k);
		fill_addr(c->mem_addr, h + 8 * k);
		fill_half(c->finalized_operand, s[k]);
		fill_sum(&c->finalize_add, (uint32_t)m->prev + s[k]);
	}
	c->is_real = KB_ONE;
}

DEVICE void
trace_ShaCompressControl(kb *row, const struct precompile_event *e,
    unsigned step)
{
	struct sha_compress_control_cols *c = (struct sha_compress_control_cols *)row;
	uint64_t w = e->head.arg1, h = e->head.arg2;

	c->clk_high = clk_high(e);
	c->clk_low = clk_low(e);
	fill_syscall_addr(&c->w_ptr, w);
	fill_syscall_addr(&c->h_ptr, h);
	fill_addr_add(&c->w_slice_end, w, 8 * (ROUNDS - 1));
	fill_addr_add(&c->h_slice_end, h, 8 * (SHA_STATE - 1));
	for (unsigned i = 0; i < SHA_STATE; i++) {
		uint32_t before = (uint32_t)e->access[READ_H + i].value;

		fill_half(c->initial_state[i].v, before);
		fill_half(c->final_state[i].v,
		    (uint32_t)e->access[WRITE_H + i].value - before);
	}
	c->is_real = KB_ONE;
}
