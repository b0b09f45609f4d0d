#ifndef AIR_OP_ADAPTER_H
#define AIR_OP_ADAPTER_H
/*
 * What every instruction chip begins with: the CPU's state, the instruction's
 * operands (readers), and memory accesses (facts: sp1-proof(7), Traces).
 *
 * A clock has 48 bits: clk_high has bits 24 and up; the low part is
 * clk_16_24 * 2^16 + clk_0_16 and is 1 mod 8.  Addresses and pc are three 16-bit
 * limbs, lowest first; values are four.
 */
#include "air/cells.h"
#include "air/expr.h"

#define CLK_INC 8	/* clk per instruction */
#define PC_INC 4
#define CLK_MEMORY 1	/* of a load or store, within an instruction */

#define COLS_cpu_state(CELL, CELLS, SUB, SUBS) \
	CELL(clk_high) CELL(clk_16_24) CELL(clk_0_16) CELLS(pc, 3)
COLS_DEFINE(cpu_state)

/* A register's access: its previous timestamp has the clock's high part, or
 * prev_low is 0 and MemoryBump stands between. */
#define COLS_register_time(CELL, CELLS, SUB, SUBS) \
	CELL(prev_low) CELL(diff_low_limb)
COLS_DEFINE(register_time)

#define COLS_register_access(CELL, CELLS, SUB, SUBS) \
	CELLS(prev_value, 4) SUB(register_time, access_timestamp)
COLS_DEFINE(register_access)

/* A memory word's access, at any previous timestamp.  compare_low: the high
 * parts are equal, the low ones are compared; diff: of those compared, minus 1. */
#define COLS_memory_time(CELL, CELLS, SUB, SUBS) \
	CELL(prev_high) CELL(prev_low) CELL(compare_low) \
	CELL(diff_low_limb) CELL(diff_high_limb)
COLS_DEFINE(memory_time)

#define COLS_memory_access(CELL, CELLS, SUB, SUBS) \
	CELLS(prev_value, 4) SUB(memory_time, access_timestamp)
COLS_DEFINE(memory_access)

/* rd, rs1, rs2 */
#define COLS_r_reader(CELL, CELLS, SUB, SUBS) \
	CELL(op_a) SUB(register_access, op_a_memory) CELL(op_a_0) \
	CELL(op_b) SUB(register_access, op_b_memory) \
	CELL(op_c) SUB(register_access, op_c_memory)
COLS_DEFINE(r_reader)

/* rd, rs1, immediate */
#define COLS_i_reader(CELL, CELLS, SUB, SUBS) \
	CELL(op_a) SUB(register_access, op_a_memory) CELL(op_a_0) \
	CELL(op_b) SUB(register_access, op_b_memory) \
	CELLS(op_c_imm, 4)
COLS_DEFINE(i_reader)

/* rd, two immediates */
#define COLS_j_reader(CELL, CELLS, SUB, SUBS) \
	CELL(op_a) SUB(register_access, op_a_memory) CELL(op_a_0) \
	CELLS(op_b_imm, 4) CELLS(op_c_imm, 4)
COLS_DEFINE(j_reader)

/* rd, rs1, rs2 or immediate; the operand's value is op_c_memory.prev_value
 * either way. */
#define COLS_alu_reader(CELL, CELLS, SUB, SUBS) \
	CELL(op_a) SUB(register_access, op_a_memory) CELL(op_a_0) \
	CELL(op_b) SUB(register_access, op_b_memory) \
	CELLS(op_c, 4) SUB(register_access, op_c_memory) CELL(imm_c)
COLS_DEFINE(alu_reader)

/* clk_0_16 + clk_16_24 * 2^16 */
expr adapter_clk_low(const struct cpu_state_x *s);

/* Receives this instruction's state, sends the next one's.  is_real is asserted to
 * be boolean, as in everything below that takes it. */
void adapter_state(struct air *a, const struct cpu_state_x *s,
    const expr next_pc[3], expr clk_increment, expr is_real);
/* The same for pc + 4, clk + 8 (the lowest limb is not carried: StateBump). */
void adapter_state_step(struct air *a, const struct cpu_state_x *s,
    expr is_real);

/*
 * Readers: look the instruction up in Program, access its registers (rd at
 * clk + 4, b at clk + 3, c at clk + 2), assert that x0 is only written with 0.
 * clk_low is adapter_clk_low(s), made before or with other arguments.
 * `write` is the value written to op_a; for an op_a that is only read, (a branch's
 * rs1, a store's data, x0's AluX0) pass cols->op_a_memory.prev_value.
 */
void adapter_r(struct air *a, const struct cpu_state_x *s, expr clk_low,
    expr opcode, const expr write[4], const struct r_reader_x *cols,
    expr is_real);
/* The same for rd, rs1 and an immediate: op_c is not accessed. */
void adapter_i(struct air *a, const struct cpu_state_x *s, expr clk_low,
    expr opcode, const expr write[4], const struct i_reader_x *cols,
    expr is_real);
/* The same for rd and two immediates: only rd is accessed. */
void adapter_j(struct air *a, const struct cpu_state_x *s, expr clk_low,
    expr opcode, const expr write[4], const struct j_reader_x *cols,
    expr is_real);
/* The same for rs1 and either rs2 or an immediate.  With imm_c op_c is not
 * accessed, and the immediate is asserted to be op_c_memory.prev_value. */
void adapter_alu(struct air *a, const struct cpu_state_x *s, expr clk_low,
    expr opcode, const expr write[4], const struct alu_reader_x *cols,
    expr is_real);

/* One access each: the previous timestamp and value are sent, the current
 * ones received, `do_check` (boolean) times. */

/* Reads the register at addr: the value received is the one sent. */
void adapter_register_read(struct air *a, expr clk_high, expr clk_low,
    const expr addr[3], const struct register_access_x *m, expr do_check);
/* Writes to the register: the value received is `write`. */
void adapter_register_write(struct air *a, expr clk_high, expr clk_low,
    const expr addr[3], const struct register_access_x *m,
    const expr write[4], expr do_check);
/* Reads the word at addr, whatever the high part of its previous timestamp. */
void adapter_memory_read(struct air *a, expr clk_high, expr clk_low,
    const expr addr[3], const struct memory_access_x *m, expr do_check);
/* Writes to the word likewise: the value received is `write`. */
void adapter_memory_write(struct air *a, expr clk_high, expr clk_low,
    const expr addr[3], const struct memory_access_x *m,
    const expr write[4], expr do_check);

/* Asserts that the previous timestamp is before the current one, where do_check is 1, by
 * lookups alone. */
void adapter_register_time(struct air *a, const struct register_time_x *t,
    expr do_check, expr clk_low);
/* The same for a memory word: where compare_low is 1 the high parts are equal
 * and the low ones are compared, else the high ones. */
void adapter_memory_time(struct air *a, const struct memory_time_x *t,
    expr do_check, expr clk_high, expr clk_low);

#endif
