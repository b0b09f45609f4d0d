/* KECCAK_PERMUTE: air/core/keccak.h. */
#include "air/core/keccak.h"

#include <string.h>

#include "base/fips.h"
#include "rows/precompile.h"

DEVICE static uint64_t
rotate_left(uint64_t x, unsigned by)
{
	return by ? x << by | x >> (64 - by) : x;
}

/* What a round's columns hold.  Lane (x, y) is [5 y + x]. */
struct keccak_state {
	uint64_t a[KECCAK_LANES], c[5], c_prime[5];
	uint64_t a_prime[KECCAK_LANES], a_prime_prime[KECCAK_LANES];
	uint64_t out[KECCAK_LANES];
};

DEVICE static void
keccak_round(struct keccak_state *k, unsigned round)
{
	uint64_t b[KECCAK_LANES];

	for (unsigned x = 0; x < 5; x++)
		k->c[x] = k->a[x] ^ k->a[x + 5] ^ k->a[x + 10] ^
		    k->a[x + 15] ^ k->a[x + 20];
	for (unsigned x = 0; x < 5; x++)
		k->c_prime[x] = k->c[x] ^ k->c[(x + 4) % 5] ^
		    rotate_left(k->c[(x + 1) % 5], 1);
	for (unsigned i = 0; i < KECCAK_LANES; i++) {
		unsigned x = i % 5, y = i / 5;

		k->a_prime[i] = k->a[i] ^ k->c[x] ^ k->c_prime[x];
		b[5 * ((2 * x + 3 * y) % 5) + y] = rotate_left(k->a_prime[i],
		    keccak_rotation[x][y]);
	}
	for (unsigned y = 0; y < KECCAK_LANES; y += 5)
		for (unsigned x = 0; x < 5; x++)
			k->a_prime_prime[y + x] = b[y + x] ^
			    (~b[y + (x + 1) % 5] & b[y + (x + 2) % 5]);
	memcpy(k->out, k->a_prime_prime, sizeof k->out);
	k->out[0] ^= keccak_round_constant[round];
}

DEVICE static void
fill_lane(struct keccak_limbs *c, uint64_t x)
{
	fill_word(c->limb, x);
}

DEVICE static void
fill_bits(struct keccak_bits *c, uint64_t x)
{
	for (unsigned z = 0; z < 64; z++)
		c->z[z] = x >> z & 1 ? KB_ONE : KB_ZERO;
}

DEVICE static void
fill_keccak(struct keccak_round *c, const uint64_t in[KECCAK_LANES],
    unsigned round)
{
	struct keccak_state k;

	memcpy(k.a, in, sizeof k.a);
	keccak_round(&k, 0);
	for (unsigned r = 1; r <= round; r++) {
		memcpy(k.a, k.out, sizeof k.a);
		keccak_round(&k, r);
	}
	c->step_flags[round] = KB_ONE;
	for (unsigned i = 0; i < KECCAK_LANES; i++) {
		unsigned x = i % 5, y = i / 5;

		fill_lane(&c->preimage[y].x[x], in[i]);
		fill_lane(&c->a[y].x[x], k.a[i]);
		fill_bits(&c->a_prime[y].x[x], k.a_prime[i]);
		fill_lane(&c->a_prime_prime[y].x[x], k.a_prime_prime[i]);
	}
	for (unsigned x = 0; x < 5; x++) {
		fill_bits(&c->c[x], k.c[x]);
		fill_bits(&c->c_prime[x], k.c_prime[x]);
	}
	fill_bits(&c->a_prime_prime_0_0_bits, k.a_prime_prime[0]);
	fill_lane(&c->a_prime_prime_prime_0_0_limbs, k.out[0]);
}

DEVICE void
trace_KeccakPermute(kb *row, const struct precompile_event *e, unsigned step)
{
	struct keccak_permute_cols *c = (struct keccak_permute_cols *)row;
	uint64_t in[KECCAK_LANES];

	for (unsigned i = 0; i < KECCAK_LANES; i++)
		in[i] = e->access[i].value;
	fill_keccak(&c->keccak, in, step);
	c->clk_high = clk_high(e);
	c->clk_low = clk_low(e);
	fill_addr(c->state_addr, e->head.arg1);
	c->index = cell(step);
	c->is_real = KB_ONE;
}

DEVICE void
pad_KeccakPermute(const struct shard_events *s, size_t i, kb *row)
{
	const uint64_t zero[KECCAK_LANES] = {0};
	struct keccak_permute_cols *c = (struct keccak_permute_cols *)row;

	fill_keccak(&c->keccak, zero, i % KECCAK_ROUNDS);
}

DEVICE void
trace_KeccakPermuteControl(kb *row, const struct precompile_event *e,
    unsigned step)
{
	struct keccak_permute_control_cols *c = (struct keccak_permute_control_cols *)row;
	const struct rec_access *write = e->access + KECCAK_LANES;

	c->clk_high = clk_high(e);
	c->clk_low = clk_low(e);
	fill_syscall_addr(&c->state_addr, e->head.arg1);
	fill_addrs(c->addrs, e->head.arg1, KECCAK_LANES);
	for (unsigned i = 0; i < KECCAK_LANES; i++) {
		fill_access(&c->initial_memory_access[i], &e->access[i]);
		fill_access(&c->final_memory_access[i], &write[i]);
		fill_word(c->final_value[i].v, write[i].value);
	}
	c->is_real = KB_ONE;
}
