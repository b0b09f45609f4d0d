#include "recursion/public_values.h"

#include <string.h>

#include "field/septic.h"
#include "recursion/programs.h"

#define HALT_PC 1	/* where a halted program is */

struct digest_var
pv_digest(struct circuit *c, const felt *pv)
{
	return hash_var(c, pv, RPV_DIGEST);
}

struct digest_var
pv_root_digest(struct circuit *c, const felt *pv)
{
	felt in[8 + 32 + 1 + 8 + 4];

	memcpy(in, &pv[RPV_VK_DIGEST], 8 * sizeof *pv);
	memcpy(in + 8, &pv[RPV_COMMITTED], 32 * sizeof *pv);
	in[40] = pv[RPV_EXIT_CODE];
	memcpy(in + 41, &pv[RPV_VK_ROOT], 8 * sizeof *pv);
	memcpy(in + 49, &pv[RPV_NONCE], 4 * sizeof *pv);
	return hash_var(c, in, sizeof in / sizeof *in);
}

void
pv_assert_digest(struct circuit *c, const felt *pv)
{
	struct digest_var d = pv_digest(c, pv);

	for (int i = 0; i < 8; i++)
		f_assert_eq(c, f_var(pv[RPV_DIGEST + i]), f_var(d.c[i]));
}

/* Each of these is an assertion of the line that calls it. */
#define zero_if(c, complete, v, n) zero_if_at(c, AIR_HERE, complete, v, n)
#define equal_if(c, complete, v, want) \
	equal_if_at(c, AIR_HERE, complete, v, want)
#define nonzero_if(c, complete, v) nonzero_if_at(c, AIR_HERE, complete, v)

static void
zero_if_at(struct circuit *c, const char *at, fexpr complete, const felt *v,
    unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		f_assert_eq_at(c, at, f_mul(c, complete, f_var(v[i])), f_k(0));
}

static void
equal_if_at(struct circuit *c, const char *at, fexpr complete, felt v,
    fexpr want)
{
	f_assert_eq_at(c, at, f_mul(c, complete, f_sub(c, f_var(v), want)),
	    f_k(0));
}

/* Some limb of an address is not 0: the limbs have 16 bits, so that their sum is
 * neither 0 nor p - 1 = complete - 1 otherwise. */
static void
nonzero_if_at(struct circuit *c, const char *at, fexpr complete, const felt *v)
{
	f_assert_ne_at(c, at, f_add(c, f_add(c, f_var(v[0]), f_var(v[1])),
	    f_var(v[2])), f_sub(c, complete, f_k(1)));
}

/* The digest of nothing. */
static void
sum_zero_if(struct circuit *c, fexpr complete, const felt *sum)
{
	for (int i = 0; i < 14; i++) {
		kb want = i < 7 ? septic_start.x.c[i] : septic_start.y.c[i - 7];

		f_assert_eq(c, f_mul(c, complete, f_var(sum[i])),
		    f_mul(c, complete, f_kb(want)));
	}
}

void
pv_assert_complete(struct circuit *c, const felt *pv, felt is_complete)
{
	fexpr on = f_var(is_complete), one = f_k(1);

	f_assert_eq(c, f_mul(c, on, f_sub(c, on, one)), f_k(0));
	zero_if(c, on, &pv[RPV_PREV_COMMITTED], 32);
	zero_if(c, on, &pv[RPV_PREV_DEFERRED], 8);
	equal_if(c, on, pv[RPV_NEXT_PC], f_k(HALT_PC));
	zero_if(c, on, &pv[RPV_NEXT_PC + 1], 2);
	equal_if(c, on, pv[RPV_CONTAINS_FIRST], one);
	zero_if(c, on, &pv[RPV_INITIAL_TIMESTAMP], 3);
	equal_if(c, on, pv[RPV_INITIAL_TIMESTAMP + 3], one);
	zero_if(c, on, &pv[RPV_PREV_INIT_ADDR], 3);
	nonzero_if(c, on, &pv[RPV_LAST_INIT_ADDR]);
	zero_if(c, on, &pv[RPV_PREV_FINALIZE_ADDR], 3);
	nonzero_if(c, on, &pv[RPV_LAST_FINALIZE_ADDR]);
	zero_if(c, on, &pv[RPV_PREV_INIT_PAGE], 3);
	zero_if(c, on, &pv[RPV_PREV_FINALIZE_PAGE], 3);
	zero_if(c, on, &pv[RPV_START_RECONSTRUCT], 8);
	for (int i = 0; i < 8; i++)
		equal_if(c, on, pv[RPV_END_RECONSTRUCT + i],
		    f_var(pv[RPV_DEFERRED + i]));
	zero_if(c, on, &pv[RPV_PREV_DEFERRED_PROOF], 1);
	zero_if(c, on, &pv[RPV_PREV_EXIT_CODE], 1);
	zero_if(c, on, &pv[RPV_PREV_COMMIT_SYSCALL], 1);
	zero_if(c, on, &pv[RPV_PREV_COMMIT_DEFERRED], 1);
	equal_if(c, on, pv[RPV_COMMIT_SYSCALL], one);
	equal_if(c, on, pv[RPV_COMMIT_DEFERRED], one);
	sum_zero_if(c, on, &pv[RPV_GLOBAL_SUM]);
}

struct digest_var
vk_digest_var(struct circuit *c, const struct vk_var *vk)
{
	felt in[8 + 3 + 14 + 1];

	memcpy(in, vk->commit.c, 8 * sizeof *in);
	memcpy(in + 8, vk->pc_start, 3 * sizeof *in);
	memcpy(in + 11, vk->sum_x, 7 * sizeof *in);
	memcpy(in + 18, vk->sum_y, 7 * sizeof *in);
	in[25] = vk->untrusted;
	return hash_var(c, in, sizeof in / sizeof *in);
}

void
input_vk_tree(struct circuit *c, struct vk_tree_var *v, unsigned n)
{
	unsigned h = PROGRAM_VK_HEIGHT;

	v->index = circuit_alloc(c, n * h, sizeof *v->index);
	v->path = circuit_alloc(c, n * h, sizeof *v->path);
	v->leaf = circuit_alloc(c, n, sizeof *v->leaf);
	for (unsigned i = 0; i < n; i++) {
		input_felts(c, &v->index[i * h], h);
		for (unsigned k = 0; k < h; k++)
			v->path[i * h + k] = input_digest(c);
	}
	for (unsigned i = 0; i < n; i++)
		v->leaf[i] = input_digest(c);
	v->root = input_digest(c);
}

void
verify_vk_tree(struct circuit *c, const struct vk_tree_var *v,
    const struct digest_var *key, unsigned n)
{
	unsigned h = PROGRAM_VK_HEIGHT;

	for (unsigned i = 0; i < n; i++) {
		merkle_verify(c, &v->path[i * h], &v->index[i * h], h,
		    &v->leaf[i], &v->root);
		digest_assert_eq(c, &key[i], &v->leaf[i]);
	}
}
