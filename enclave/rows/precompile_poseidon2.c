#include "air/core/precompile_poseidon2.h"

#include "rows/poseidon2.h"
#include "rows/precompile.h"

#define WORDS 8

DEVICE static void
fill_checks(struct op_field_word check[2], uint64_t word)
{
	fill_field_word(&check[0], word);
	fill_field_word(&check[1], word >> 32);
}

DEVICE void
trace_Poseidon2(kb *row, const struct precompile_event *e, unsigned step)
{
	struct precompile_poseidon2_cols *c =
	    (struct precompile_poseidon2_cols *)row;
	kb in[2 * WORDS];

	c->clk_high = clk_high(e);
	c->clk_low = clk_low(e);
	fill_syscall_addr(&c->ptr, e->head.arg1);
	fill_addrs(c->addrs, e->head.arg1, WORDS);
	for (unsigned i = 0; i < WORDS; i++) {
		const struct rec_access *m = &e->access[i];

		fill_access(&c->memory[i], m);
		fill_word(c->hash_result[i].v, m->value);
		fill_checks(&c->hash_result_range_checkers[2 * i], m->value);
		fill_checks(&c->input_range_checkers[2 * i], m->prev);
		in[2 * i] = kb_from((uint32_t)m->prev);
		in[2 * i + 1] = kb_from((uint32_t)(m->prev >> 32));
	}
	fill_poseidon2(&c->permutation, in);
	c->is_real = KB_ONE;
}

DEVICE void
pad_Poseidon2(const struct shard_events *s, size_t i, kb *row)
{
	struct precompile_poseidon2_cols *c =
	    (struct precompile_poseidon2_cols *)row;
	const kb zero[16] = {{0}};

	fill_poseidon2(&c->permutation, zero);
}
