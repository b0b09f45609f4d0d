#include "air/core/chips.h"
#include "air/core/global.h"
#include "air/core/public_values.h"
#include "air/core/syscall.h"
#include "air/op/check.h"
#include "air/op/opcode.h"

#define HALT_PC 1
#define TOP_LIMB 0x7f00u	/* check: (KB_P - 1) >> 16 */

void
op_field_word(struct air *a, const expr x[WORD],
    const struct op_field_word_x *cols, expr is_real)
{
	expr bit = cols->most_sig_limb_lt_top_limb.bit;

	air_bool(a, is_real);
	air_zero_when(a, is_real, x[2]);
	air_zero_when(a, is_real, x[3]);
	op_u16_compare(a, x[1], x_k(a, TOP_LIMB),
	    &cols->most_sig_limb_lt_top_limb, is_real);
	air_equal_when2(a, is_real, x_not(bit), x[1], x_k(a, TOP_LIMB));
	air_zero_when2(a, is_real, x_not(bit), x[0]);
}

/* sum of limb[i] * 2^(16 i) */
static expr
word_reduce(struct air *a, const expr x[WORD])
{
	expr sum = x_zero(a);

	for (unsigned i = 0; i < WORD; i++)
		sum = x_add(sum,
		    x_mul(x_kb(a, kb_from64((uint64_t)1 << 16 * i)), x[i]));
	return sum;
}

static expr
is_call(struct air *a, expr id, unsigned code,
    const struct op_is_zero_x *cols, expr is_real)
{
	op_is_zero(a, x_subk(id, code), cols, is_real);
	return cols->result;
}

/* The call to a table, and what x5 gets. */
static void
ecall(struct air *a, const struct syscall_instrs_cols_x *m,
    const expr code[8])
{
	const expr *b = m->adapter.op_b_memory.prev_value;
	const expr *c = m->adapter.op_c_memory.prev_value;
	const expr *old = m->adapter.op_a_memory.prev_value;
	expr real = m->is_real, id = code[0], has_table = code[1];
	expr deferred = m->is_commit_deferred_proofs.result;
	expr zero[WORD], unconstrained, hint_len, kept;

	air_zero_unless(a, real, has_table);
	air_zero_unless(a, real, m->is_halt);
	air_zero_unless(a, real, deferred);
	air_zero_when(a, has_table, b[3]);
	air_zero_when(a, has_table, c[3]);
	air_bool(a, has_table);
	air_send(a, AIR_SYSCALL, has_table, (expr[]){
		m->state.clk_high, adapter_clk_low(&m->state), id,
		b[0], b[1], b[2], c[0], c[1], c[2]
	}, 9);

	op_field_word(a, b, &m->op_b_range_check, m->is_halt);
	op_field_word(a, c, &m->op_c_range_check, deferred);

	unconstrained = is_call(a, id, CODE_ENTER_UNCONSTRAINED,
	    &m->is_enter_unconstrained, real);
	hint_len = is_call(a, id, CODE_HINT_LEN, &m->is_hint_len, real);
	word_zero(a, zero);
	for (int i = 0; i < WORD; i++)
		air_equal_when2(a, real, unconstrained, m->op_a_value[i],
		    zero[i]);
	kept = x_not(x_add(unconstrained, hint_len));
	for (int i = 0; i < WORD; i++)
		air_equal_when2(a, real, kept, m->op_a_value[i], old[i]);
	air_range_u16(a, m->op_a_value, WORD, real);
}

/* sum of array[i] * bitmap[i] */
static expr
chosen(struct air *a, const expr *array, unsigned stride,
    const expr bitmap[8])
{
	expr sum = x_zero(a);

	for (unsigned i = 0; i < 8; i++)
		sum = x_add(sum, x_mul(array[i * stride], bitmap[i]));
	return sum;
}

/* COMMIT and COMMIT_DEFERRED_PROOFS: the word or element given is the one that
 * the public values have at its index. */
static void
commit(struct air *a, const struct syscall_instrs_cols_x *m,
    const struct public_values_x *pv, expr id)
{
	const expr *b = m->adapter.op_b_memory.prev_value;
	const expr *c = m->adapter.op_c_memory.prev_value;
	expr real = m->is_real, sum = x_zero(a), word[WORD];
	expr is_commit, deferred, byte[4], digest;

	is_commit = is_call(a, id, CODE_COMMIT, &m->is_commit, real);
	deferred = is_call(a, id, CODE_COMMIT_DEFERRED_PROOFS,
	    &m->is_commit_deferred_proofs, real);
	air_one_when(a, is_commit, pv->commit_syscall);
	air_one_when(a, deferred, pv->commit_deferred_syscall);

	for (int i = 0; i < 8; i++) {
		air_bool_when(a, real, m->index_bitmap[i]);
		sum = x_add(sum, m->index_bitmap[i]);
	}
	air_zero_when2(a, real, x_add(is_commit, deferred), x_subk(sum, 1));
	air_zero_when2(a, real, x_rsubk(1, x_add(is_commit, deferred)), sum);
	for (unsigned i = 0; i < 8; i++)
		air_equal_when2(a, real, m->index_bitmap[i], b[0], x_k(a, i));
	air_zero_when2(a, real, x_add(is_commit, deferred),
	    x_add(x_add(b[1], b[2]), b[3]));

	for (int i = 0; i < 4; i++)
		byte[i] = chosen(a, &pv->committed_value_digest[0].byte[i], 4,
		    m->index_bitmap);
	word_zero(a, word);
	for (int i = 0; i < 2; i++)
		word[i] = x_add(byte[2 * i], x_mulk(byte[2 * i + 1], 1 << 8));
	air_bool(a, is_commit);
	for (int i = 0; i < 4; i++)
		air_equal_when(a, is_commit, byte[i],
		    m->expected_public_values_digest[i]);
	air_range_u8(a, m->expected_public_values_digest, 4, is_commit);
	for (int i = 0; i < WORD; i++)
		air_equal_when2(a, real, is_commit, word[i], c[i]);
	digest = chosen(a, pv->deferred_proofs_digest, 1, m->index_bitmap);
	air_equal_when2(a, real, deferred, digest, word_reduce(a, c));
}

void
chip_SyscallInstrs(struct air *a, const void *main, const void *prep)
{
	const struct syscall_instrs_cols_x *m = main;
	struct public_values_x pv;
	expr code[8], real = m->is_real, is_halt;

	public_values_load(a, &pv);
	op_u16_to_u8_safe(a, code, m->adapter.op_a_memory.prev_value,
	    &m->a_low_bytes, real);
	air_bool(a, real);
	is_halt = is_call(a, code[0], CODE_HALT, &m->is_halt_check, real);
	air_equal(a, m->is_halt, x_mul(is_halt, real));
	adapter_state(a, &m->state, m->next_pc,
	    x_k(a, CLK_INC + SYSCALL_CLK_EXTRA), real);
	adapter_r(a, &m->state, adapter_clk_low(&m->state), x_k(a, OPC_ECALL),
	    m->op_a_value, &m->adapter, real);
	air_zero_when(a, real, m->adapter.op_a_0);

	air_equal_when2(a, real, x_rsubk(1, m->is_halt), m->next_pc[0],
	    x_addk(m->state.pc[0], PC_INC));
	air_equal_when2(a, real, x_rsubk(1, m->is_halt), m->next_pc[1],
	    m->state.pc[1]);
	air_equal_when2(a, real, x_rsubk(1, m->is_halt), m->next_pc[2],
	    m->state.pc[2]);
	ecall(a, m, code);
	commit(a, m, &pv, code[0]);

	air_equal_when(a, m->is_halt, m->next_pc[0], x_k(a, HALT_PC));
	air_zero_when(a, m->is_halt, m->next_pc[1]);
	air_zero_when(a, m->is_halt, m->next_pc[2]);
	air_equal_when(a, m->is_halt,
	    word_reduce(a, m->adapter.op_b_memory.prev_value), pv.exit_code);
}

/* ---- calls across shards ---- */

static void
syscall_row(struct air *a, const struct syscall_cols_x *m,
    bool core)
{
	expr real = m->is_real;
	expr local[9] = {
		m->clk_high, m->clk_low, m->syscall_id, m->arg1[0], m->arg1[1],
		m->arg1[2], m->arg2[0], m->arg2[1], m->arg2[2]
	};
	expr message[8] = {
		m->clk_high, m->clk_low, m->syscall_id, m->arg1[1],
		m->arg1[2], m->arg2[0], m->arg2[1], m->arg2[2]
	};

	air_bool(a, real);
	/* as in MemoryLocal */
	air_equal(a, x_mul(x_mul(real, real), real),
	    x_mul(x_mul(real, real), real));
	air_range_u8(a, (expr[]){m->syscall_id, x_zero(a)}, 2, real);
	air_range_u16(a, m->arg1, 1, real);
	if (core)
		air_receive(a, AIR_SYSCALL, real, local, 9);
	else
		air_send(a, AIR_SYSCALL, real, local, 9);
	message[2] = x_add(message[2], x_mulk(m->arg1[0], 1 << 8));
	global_send(a, message, AIR_SYSCALL, !core, real);
}

void
chip_SyscallCore(struct air *a, const void *main, const void *prep)
{
	syscall_row(a, main, true);
}

void
chip_SyscallPrecompile(struct air *a, const void *main, const void *prep)
{
	syscall_row(a, main, false);
}
