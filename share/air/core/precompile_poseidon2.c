#include "air/core/chips.h"
#include "air/core/precompile_poseidon2.h"
#include "air/op/check.h"
#include "run/call_codes.h"

#define WORDS 8

/* The two elements of a word, each checked to be below KB_P. */
static void
elements(struct air *a, expr out[2], const expr w[WORD],
    const struct op_field_word_x check[2], expr is_real)
{
	for (int i = 0; i < 2; i++)
		out[i] = x_add(w[2 * i], x_mulk(w[2 * i + 1], 1 << 16));
	air_range_u16(a, w, WORD, is_real);
	for (int i = 0; i < 2; i++) {
		expr half[WORD] = {w[2 * i], w[2 * i + 1], x_zero(a),
		    x_zero(a)};

		op_field_word(a, half, &check[i], is_real);
	}
}

void
chip_Poseidon2(struct air *a, const void *main, const void *prep)
{
	const struct precompile_poseidon2_cols_x *m = main;
	const struct poseidon2_cells_x *p = &m->permutation;
	expr real = m->is_real, in[16], out[16];

	op_syscall_addr(a, WORD_BYTES * WORDS, &m->ptr, real);
	precompile_addrs(a, m->ptr.addr, 0, m->addrs, WORDS, real);
	for (int i = 0; i < WORDS; i++)
		adapter_memory_write(a, m->clk_high, m->clk_low,
		    m->addrs[i].value, &m->memory[i], m->hash_result[i].v,
		    real);
	for (int i = 0; i < WORDS; i++)
		elements(a, in + 2 * i, m->memory[i].prev_value,
		    m->input_range_checkers + 2 * i, real);
	for (int i = 0; i < WORDS; i++)
		elements(a, out + 2 * i, m->hash_result[i].v,
		    m->hash_result_range_checkers + 2 * i, real);
	for (int i = 0; i < 16; i++)
		air_equal_when(a, real, p->external_rounds_state[0].s[i],
		    in[i]);
	poseidon2_rounds(a, p);
	for (int i = 0; i < 16; i++)
		air_equal_when(a, real, p->output_state[i], out[i]);
	precompile_call(a, m->clk_high, m->clk_low, x_k(a, CODE_POSEIDON2),
	    m->ptr.addr, NULL, real);
	air_bool(a, real);
}
