#ifndef AIR_CORE_KECCAK_H
#define AIR_CORE_KECCAK_H
/*
 * KECCAK_PERMUTE: a round of Keccak-f[1600] a row; KeccakPermuteControl takes the
 * call, reads and writes the state, and starts and ends the chain of rows.
 */
#include "air/op/precompile.h"

#define KECCAK_ROUNDS 24
#define KECCAK_LANES 25

/* A lane's limbs, its bits; five of them of one y, by x. */
#define COLS_keccak_limbs(CELL, CELLS, SUB, SUBS) CELLS(limb, 4)
COLS_DEFINE(keccak_limbs)
#define COLS_keccak_limb_plane(CELL, CELLS, SUB, SUBS) \
	SUBS(keccak_limbs, x, 5)
COLS_DEFINE(keccak_limb_plane)
#define COLS_keccak_bits(CELL, CELLS, SUB, SUBS) CELLS(z, 64)
COLS_DEFINE(keccak_bits)
#define COLS_keccak_bit_plane(CELL, CELLS, SUB, SUBS) SUBS(keccak_bits, x, 5)
COLS_DEFINE(keccak_bit_plane)

/* a: the state before the round; c: the columns' parities; c_prime: those that
 * they have after theta; a_prime: after theta; a_prime_prime: after chi;
 * the last two: its lane 0 before and after iota.  preimage: the state before
 * round 0, which nothing constrains; export stays 0. */
#define COLS_keccak_round(CELL, CELLS, SUB, SUBS) \
	CELLS(step_flags, 24) CELL(export) \
	SUBS(keccak_limb_plane, preimage, 5) SUBS(keccak_limb_plane, a, 5) \
	SUBS(keccak_bits, c, 5) SUBS(keccak_bits, c_prime, 5) \
	SUBS(keccak_bit_plane, a_prime, 5) \
	SUBS(keccak_limb_plane, a_prime_prime, 5) \
	SUB(keccak_bits, a_prime_prime_0_0_bits) \
	SUB(keccak_limbs, a_prime_prime_prime_0_0_limbs)
COLS_DEFINE(keccak_round)

#define COLS_keccak_permute_cols(CELL, CELLS, SUB, SUBS) \
	SUB(keccak_round, keccak) CELL(clk_high) CELL(clk_low) \
	CELLS(state_addr, 3) CELL(index) CELL(is_real)
COLS_DEFINE(keccak_permute_cols)

#define COLS_keccak_word(CELL, CELLS, SUB, SUBS) CELLS(v, 4)
COLS_DEFINE(keccak_word)
#define COLS_keccak_permute_control_cols(CELL, CELLS, SUB, SUBS) \
	CELL(clk_high) CELL(clk_low) SUB(op_syscall_addr, state_addr) \
	SUBS(op_addr_add, addrs, 25) CELL(is_real) \
	SUBS(memory_access, initial_memory_access, 25) \
	SUBS(memory_access, final_memory_access, 25) \
	SUBS(keccak_word, final_value, 25)
COLS_DEFINE(keccak_permute_control_cols)

#endif
