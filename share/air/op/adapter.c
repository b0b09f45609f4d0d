#include "air/op/adapter.h"
#include "air/op/check.h"

/* Within an instruction, by operand. */
enum { CLK_C = 2, CLK_B = 3, CLK_A = 4 };

expr
adapter_clk_low(const struct cpu_state_x *s)
{
	return x_add(s->clk_0_16, x_mulk(s->clk_16_24, 1 << 16));
}

void
adapter_state(struct air *a, const struct cpu_state_x *s,
    const expr next_pc[3], expr clk_increment, expr is_real)
{
	expr low = adapter_clk_low(s);
	expr top[2] = {s->clk_16_24, x_zero(a)};

	air_bool(a, is_real);
	air_receive(a, AIR_STATE, is_real, (expr[]){s->clk_high, low, s->pc[0],
	    s->pc[1], s->pc[2]}, 5);
	air_send(a, AIR_STATE, is_real, (expr[]){s->clk_high,
	    x_add(low, clk_increment), next_pc[0], next_pc[1], next_pc[2]}, 5);
	/* 13 bits of (clk_0_16 - 1) / 8: 16 bits, and 1 mod 8 */
	air_range_bits(a, x_mulk(x_subk(s->clk_0_16, 1), INV_8), 13, is_real);
	air_range_u8(a, top, 2, is_real);
}

void
adapter_state_step(struct air *a, const struct cpu_state_x *s, expr is_real)
{
	expr next[3] = {x_addk(s->pc[0], PC_INC), s->pc[1], s->pc[2]};

	adapter_state(a, s, next, x_k(a, CLK_INC), is_real);
}

/* ---- accesses ---- */

void
adapter_register_time(struct air *a, const struct register_time_x *t,
    expr do_check, expr clk_low)
{
	expr diff = x_subk(x_sub(clk_low, t->prev_low), 1);
	expr high = x_mulk(x_sub(diff, t->diff_low_limb), INV_65536);

	air_range_bits(a, t->diff_low_limb, 16, do_check);
	air_range_u8(a, &high, 1, do_check);
}

void
adapter_memory_time(struct air *a, const struct memory_time_x *t,
    expr do_check, expr clk_high, expr clk_low)
{
	expr prev, now, diff;

	air_bool_when(a, do_check, t->compare_low);
	air_equal_when2(a, do_check, t->compare_low, clk_high, t->prev_high);
	prev = x_select(t->compare_low, t->prev_low, t->prev_high);
	now = x_select(t->compare_low, clk_low, clk_high);
	diff = x_subk(x_sub(now, prev), 1);
	air_equal_when(a, do_check, diff,
	    x_add(t->diff_low_limb, x_mulk(t->diff_high_limb, 1 << 16)));
	air_range_bits(a, t->diff_low_limb, 16, do_check);
	air_range_u8(a, &t->diff_high_limb, 1, do_check);
}

static void
exchange(struct air *a, expr prev_high, expr prev_low, expr high, expr low,
    const expr addr[3], const expr prev[4], const expr value[4],
    expr do_check)
{
	air_send(a, AIR_MEMORY, do_check, (expr[]){prev_high, prev_low,
	    addr[0], addr[1], addr[2], prev[0], prev[1], prev[2], prev[3]}, 9);
	air_receive(a, AIR_MEMORY, do_check, (expr[]){high, low,
	    addr[0], addr[1], addr[2], value[0], value[1], value[2],
	    value[3]}, 9);
}

void
adapter_register_write(struct air *a, expr clk_high, expr clk_low,
    const expr addr[3], const struct register_access_x *m,
    const expr write[4], expr do_check)
{
	air_bool(a, do_check);
	adapter_register_time(a, &m->access_timestamp, do_check, clk_low);
	exchange(a, clk_high, m->access_timestamp.prev_low, clk_high, clk_low,
	    addr, m->prev_value, write, do_check);
}

void
adapter_register_read(struct air *a, expr clk_high, expr clk_low,
    const expr addr[3], const struct register_access_x *m, expr do_check)
{
	adapter_register_write(a, clk_high, clk_low, addr, m, m->prev_value,
	    do_check);
}

void
adapter_memory_write(struct air *a, expr clk_high, expr clk_low,
    const expr addr[3], const struct memory_access_x *m,
    const expr write[4], expr do_check)
{
	const struct memory_time_x *t = &m->access_timestamp;

	air_bool(a, do_check);
	adapter_memory_time(a, t, do_check, clk_high, clk_low);
	exchange(a, t->prev_high, t->prev_low, clk_high, clk_low, addr,
	    m->prev_value, write, do_check);
}

void
adapter_memory_read(struct air *a, expr clk_high, expr clk_low,
    const expr addr[3], const struct memory_access_x *m, expr do_check)
{
	adapter_memory_write(a, clk_high, clk_low, addr, m, m->prev_value,
	    do_check);
}

/* ---- readers ---- */

struct instruction { expr opcode, op_a, b[4], c[4], op_a_0, imm_b, imm_c; };

static void
send_program(struct air *a, const struct cpu_state_x *s,
    const struct instruction *i, expr mult)
{
	air_send(a, AIR_PROGRAM, mult, (expr[]){s->pc[0], s->pc[1], s->pc[2],
	    i->opcode, i->op_a, i->b[0], i->b[1], i->b[2], i->b[3],
	    i->c[0], i->c[1], i->c[2], i->c[3], i->op_a_0, i->imm_b,
	    i->imm_c}, 16);
}

static void
word_copy(expr to[4], const expr from[4])
{
	for (int i = 0; i < 4; i++)
		to[i] = from[i];
}

/* The register `reg`, at clk_low + offset. */
static void
access_register(struct air *a, const struct cpu_state_x *s, expr clk_low,
    unsigned offset, expr reg, const struct register_access_x *m,
    const expr value[4], expr do_check)
{
	expr addr[3] = {reg, x_zero(a), x_zero(a)};

	adapter_register_write(a, s->clk_high, x_addk(clk_low, offset), addr,
	    m, value, do_check);
}

static void
write_op_a(struct air *a, const struct cpu_state_x *s, expr clk_low, expr op_a,
    expr op_a_0, const struct register_access_x *m, const expr write[4],
    expr is_real)
{
	expr zero[4];

	word_zero(a, zero);
	air_word_equal_when(a, op_a_0, write, zero);
	access_register(a, s, clk_low, CLK_A, op_a, m, write, is_real);
}

void
adapter_r(struct air *a, const struct cpu_state_x *s, expr clk_low,
    expr opcode, const expr write[4], const struct r_reader_x *cols,
    expr is_real)
{
	struct instruction i = {.opcode = opcode, .op_a = cols->op_a,
	    .op_a_0 = cols->op_a_0, .imm_b = x_zero(a), .imm_c = x_zero(a)};

	air_bool(a, is_real);
	word_extend(i.b, cols->op_b);
	word_extend(i.c, cols->op_c);
	send_program(a, s, &i, is_real);
	write_op_a(a, s, clk_low, cols->op_a, cols->op_a_0, &cols->op_a_memory,
	    write, is_real);
	access_register(a, s, clk_low, CLK_B, cols->op_b, &cols->op_b_memory,
	    cols->op_b_memory.prev_value, is_real);
	access_register(a, s, clk_low, CLK_C, cols->op_c, &cols->op_c_memory,
	    cols->op_c_memory.prev_value, is_real);
}

void
adapter_i(struct air *a, const struct cpu_state_x *s, expr clk_low,
    expr opcode, const expr write[4], const struct i_reader_x *cols,
    expr is_real)
{
	struct instruction i = {.opcode = opcode, .op_a = cols->op_a,
	    .op_a_0 = cols->op_a_0, .imm_b = x_zero(a), .imm_c = x_one(a)};

	air_bool(a, is_real);
	word_extend(i.b, cols->op_b);
	word_copy(i.c, cols->op_c_imm);
	send_program(a, s, &i, is_real);
	write_op_a(a, s, clk_low, cols->op_a, cols->op_a_0, &cols->op_a_memory,
	    write, is_real);
	access_register(a, s, clk_low, CLK_B, cols->op_b, &cols->op_b_memory,
	    cols->op_b_memory.prev_value, is_real);
}

void
adapter_j(struct air *a, const struct cpu_state_x *s, expr clk_low,
    expr opcode, const expr write[4], const struct j_reader_x *cols,
    expr is_real)
{
	struct instruction i = {.opcode = opcode, .op_a = cols->op_a,
	    .op_a_0 = cols->op_a_0, .imm_b = x_one(a), .imm_c = x_one(a)};

	word_copy(i.b, cols->op_b_imm);
	word_copy(i.c, cols->op_c_imm);
	air_bool(a, is_real);
	send_program(a, s, &i, is_real);
	write_op_a(a, s, clk_low, cols->op_a, cols->op_a_0, &cols->op_a_memory,
	    write, is_real);
}

void
adapter_alu(struct air *a, const struct cpu_state_x *s, expr clk_low,
    expr opcode, const expr write[4], const struct alu_reader_x *cols,
    expr is_real)
{
	struct instruction i = {.opcode = opcode, .op_a = cols->op_a,
	    .op_a_0 = cols->op_a_0, .imm_b = x_zero(a), .imm_c = cols->imm_c};
	expr c_low;

	air_bool(a, is_real);
	/* so that a padding row reads no op_c: its multiplicity is
	 * is_real - imm_c */
	air_equal_unless(a, is_real, cols->imm_c, x_zero(a));
	word_extend(i.b, cols->op_b);
	word_copy(i.c, cols->op_c);
	send_program(a, s, &i, is_real);
	write_op_a(a, s, clk_low, cols->op_a, cols->op_a_0, &cols->op_a_memory,
	    write, is_real);
	access_register(a, s, clk_low, CLK_B, cols->op_b, &cols->op_b_memory,
	    cols->op_b_memory.prev_value, is_real);
	c_low = x_addk(clk_low, CLK_C);
	adapter_register_read(a, s->clk_high, c_low, (expr[]){cols->op_c[0],
	    x_zero(a), x_zero(a)}, &cols->op_c_memory,
	    x_sub(is_real, cols->imm_c));
	air_word_equal_when(a, cols->imm_c, cols->op_c_memory.prev_value,
	    cols->op_c);
}
