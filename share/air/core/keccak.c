#include "air/core/chips.h"
#include "air/core/keccak.h"
#include "air/op/check.h"
#include "base/fips.h"
#include "run/call_codes.h"

#define MESSAGE (6 + WORD * KECCAK_LANES)
#define LIMB_BITS 16

/* Of bits: b and not a; a xor b. */
static expr
and_not(expr a, expr b)
{
	return x_sub(b, x_mul(a, b));
}

static expr
xor(expr a, expr b)
{
	return x_sub(x_add(a, b), x_mul(a, x_add(b, b)));
}

static expr
xor3(expr a, expr b, expr c)
{
	return xor(a, xor(b, c));
}

/* 2 acc + bit */
#define shift_in(acc, bit) x_add(x_add((acc), (acc)), (bit))

static void
flags(struct air *a, const struct keccak_permute_cols_x *m)
{
	const expr *flag = m->keccak.step_flags;
	expr sum = x_zero(a), index = x_zero(a);

	for (unsigned i = 0; i < KECCAK_ROUNDS; i++) {
		air_bool(a, flag[i]);
		sum = x_add(sum, flag[i]);
		index = x_add(index, x_mul(x_k(a, i), flag[i]));
	}
	air_equal(a, sum, x_one(a));
	air_equal_when(a, m->is_real, index, m->index);
}

/* The parity that column (x, z) has after theta, from those before. */
static void
theta_parity(struct air *a, const struct keccak_round_x *k)
{
	for (int x = 0; x < 5; x++)
		for (int z = 0; z < 64; z++) {
			expr p;

			air_bool(a, k->c[x].z[z]);
			p = xor3(k->c[x].z[z], k->c[(x + 4) % 5].z[z],
			    k->c[(x + 1) % 5].z[(z + 63) % 64]);
			air_equal(a, k->c_prime[x].z[z], p);
		}
}

/* Theta backwards gives the state that the round began with; and the parities are
 * right: the sum of a column after theta is its parity plus 0, 2 or 4. */
static void
theta(struct air *a, const struct keccak_round_x *k)
{
	for (int y = 0; y < 5; y++)
		for (int x = 0; x < 5; x++)
			for (int i = 0; i < WORD; i++) {
				const expr *bit = k->a_prime[y].x[x].z;
				expr limb = x_zero(a);

				for (int z = LIMB_BITS * (i + 1);
				    z-- > LIMB_BITS * i;) {
					air_bool(a, bit[z]);
					limb = shift_in(limb, xor3(bit[z],
					    k->c[x].z[z], k->c_prime[x].z[z]));
				}
				air_equal(a, limb, k->a[y].x[x].limb[i]);
			}
	for (int x = 0; x < 5; x++)
		for (int z = 0; z < 64; z++) {
			expr sum = x_zero(a), diff;

			for (int y = 0; y < 5; y++)
				sum = x_add(sum, k->a_prime[y].x[x].z[z]);
			diff = x_sub(sum, k->c_prime[x].z[z]);
			air_zero(a, x_mul(x_mul(diff, x_subk(diff, 2)),
			    x_subk(diff, 4)));
		}
}

/* Bit z of lane (x, y) after rho and pi. */
static expr
moved(const struct keccak_round_x *k, int x, int y, int z)
{
	int from = (x + 3 * y) % 5;

	return k->a_prime[x].x[from].z[(z + 64 - keccak_rotation[from][x]) %
	    64];
}

static expr
chi_bit(const struct keccak_round_x *k, int x, int y, int z)
{
	return xor(moved(k, x, y, z), and_not(moved(k, (x + 1) % 5, y, z),
	    moved(k, (x + 2) % 5, y, z)));
}

static void
chi(struct air *a, const struct keccak_round_x *k)
{
	for (int y = 0; y < 5; y++)
		for (int x = 0; x < 5; x++)
			for (int i = 0; i < WORD; i++) {
				expr limb = x_zero(a);

				for (int z = LIMB_BITS * (i + 1);
				    z-- > LIMB_BITS * i;)
					limb = shift_in(limb,
					    chi_bit(k, x, y, z));
				air_equal(a, limb,
				    k->a_prime_prime[y].x[x].limb[i]);
			}
}

/* Bit z of lane 0 after iota. */
static expr
iota_bit(struct air *a, const struct keccak_round_x *k, int z)
{
	expr rc = x_zero(a);

	for (int r = 0; r < KECCAK_ROUNDS; r++)
		rc = x_add(rc, x_mul(k->step_flags[r],
		    x_k(a, keccak_round_constant[r] >> z & 1)));
	return xor(k->a_prime_prime_0_0_bits.z[z], rc);
}

static void
iota(struct air *a, const struct keccak_round_x *k)
{
	const expr *bit = k->a_prime_prime_0_0_bits.z;

	for (int i = 0; i < WORD; i++) {
		expr limb = x_zero(a);

		for (int z = LIMB_BITS * (i + 1); z-- > LIMB_BITS * i;) {
			air_bool(a, bit[z]);
			limb = shift_in(limb, bit[z]);
		}
		air_equal(a, limb, k->a_prime_prime[0].x[0].limb[i]);
	}
	for (int i = 0; i < WORD; i++) {
		expr limb = x_zero(a);

		for (int z = LIMB_BITS * (i + 1); z-- > LIMB_BITS * i;)
			limb = shift_in(limb, iota_bit(a, k, z));
		air_equal(a, limb, k->a_prime_prime_prime_0_0_limbs.limb[i]);
	}
}

/* The chain's message, up to the state. */
static void
message(expr v[MESSAGE], expr clk_high, expr clk_low, const expr addr[3],
    expr index)
{
	v[0] = clk_high;
	v[1] = clk_low;
	for (int i = 0; i < 3; i++)
		v[2 + i] = addr[i];
	v[5] = index;
}

static void
put(expr v[MESSAGE], int lane, const expr x[WORD])
{
	for (int i = 0; i < WORD; i++)
		v[6 + WORD * lane + i] = x[i];
}

void
chip_KeccakPermute(struct air *a, const void *main, const void *prep)
{
	const struct keccak_permute_cols_x *m = main;
	const struct keccak_round_x *k = &m->keccak;
	expr v[MESSAGE];

	air_bool(a, m->is_real);
	flags(a, m);
	theta_parity(a, k);
	theta(a, k);
	chi(a, k);
	iota(a, k);
	message(v, m->clk_high, m->clk_low, m->state_addr, m->index);
	for (int i = 0; i < KECCAK_LANES; i++)
		put(v, i, k->a[i / 5].x[i % 5].limb);
	air_receive(a, AIR_KECCAK, m->is_real, v, MESSAGE);
	v[5] = x_addk(m->index, 1);
	for (int i = 0; i < KECCAK_LANES; i++)
		put(v, i, i ? k->a_prime_prime[i / 5].x[i % 5].limb :
		    k->a_prime_prime_prime_0_0_limbs.limb);
	air_send(a, AIR_KECCAK, m->is_real, v, MESSAGE);
}

void
chip_KeccakPermuteControl(struct air *a, const void *main,
    const void *prep)
{
	const struct keccak_permute_control_cols_x *m = main;
	const expr *ptr = m->state_addr.addr;
	expr real = m->is_real, v[MESSAGE];

	air_bool(a, real);
	op_syscall_addr(a, WORD_BYTES * KECCAK_LANES, &m->state_addr, real);
	precompile_call(a, m->clk_high, m->clk_low, x_k(a, CODE_KECCAK_PERMUTE),
	    ptr, NULL, real);
	message(v, m->clk_high, m->clk_low, ptr, x_zero(a));
	for (int i = 0; i < KECCAK_LANES; i++)
		put(v, i, m->initial_memory_access[i].prev_value);
	air_send(a, AIR_KECCAK, real, v, MESSAGE);
	v[5] = x_k(a, KECCAK_ROUNDS);
	for (int i = 0; i < KECCAK_LANES; i++)
		put(v, i, m->final_value[i].v);
	air_receive(a, AIR_KECCAK, real, v, MESSAGE);

	precompile_addrs(a, ptr, 0, m->addrs, KECCAK_LANES, real);
	for (int i = 0; i < KECCAK_LANES; i++) {
		adapter_memory_read(a, m->clk_high, m->clk_low,
		    m->addrs[i].value, &m->initial_memory_access[i], real);
		adapter_memory_write(a, m->clk_high, x_addk(m->clk_low, 1),
		    m->addrs[i].value, &m->final_memory_access[i],
		    m->final_value[i].v, real);
	}
}
