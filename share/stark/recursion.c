/*
 * Proofs of the recursion machines (sp1-proof(7), Recursion proofs): that the program
 * which made them is one of those allowed, what it says of the run in its public
 * values, and its shard.
 */
#include "stark/verify.h"

#include <string.h>

#include "air/recursion/chips.h"
#include "poly/merkle.h"
#include "proof/vk.h"
#include "stark/committed.h"
#include "stark/recursion_keys.h"

_Static_assert(RPV_DIGEST == RECURSION_PV_DIGEST,
    "the chip of public values binds the digest");

static bool
is_digest(const kb *v, const digest *d)
{
	digest x;

	memcpy(x.c, v, sizeof x.c);
	return digest_eq(&x, d);
}

/* What compressed and wrap proofs have in common. */
static int
check_values(const kb *v, const digest *want, const digest *root,
    const digest *program, const struct verify_options *o, struct err *e)
{
	if (!is_digest(&v[RPV_DIGEST], want))
		return err_set(e, EX_NO, "recursion: the public values are not "
		    "those of their digest");
	if (!is_digest(&v[RPV_VK_ROOT], root))
		return err_set(e, EX_NO, "recursion: the proof is made for "
		    "another tree of recursion keys");
	if (program != NULL && !is_digest(&v[RPV_VK_DIGEST], program))
		return err_set(e, EX_NO, "recursion: the proof is of another "
		    "program");
	if (v[RPV_EXIT_CODE].v != 0 && (o == NULL || !o->allow_exit_code))
		return err_set(e, EX_NO, "the program halted with exit code %u",
		    kb_to(v[RPV_EXIT_CODE]));
	return 0;
}

static int
check_count(const struct kb_vec *v, struct err *e)
{
	if (v->n == STARK_PUBLIC_VALUES)
		return 0;
	return err_set(e, EX_NO, "recursion: %zu public values, not %d", v->n,
	    STARK_PUBLIC_VALUES);
}

/* Leaves lie in bit-reversed order. */
static int
check_key(const struct recursion_proof *p, struct err *e)
{
	any_digest leaf = {.kb = vk_digest(&p->vk)}, got;
	digest root = recursion_vk_root();
	size_t at = 0;

	if (p->vk_path.n != RECURSION_VK_HEIGHT)
		return err_set(e, EX_NO, "recursion: the key's path has %zu "
		    "entries, not %d", p->vk_path.n, RECURSION_VK_HEIGHT);
	if (p->vk_index >= RECURSION_VK_COUNT)
		return err_set(e, EX_NO, "recursion: there is no key %llu",
		    (unsigned long long)p->vk_index);
	for (unsigned i = 0; i < RECURSION_VK_HEIGHT; i++)
		at = at << 1 | (p->vk_index >> i & 1);
	got = merkle_fold(&hasher_kb, leaf, at, p->vk_path.v, RECURSION_VK_HEIGHT);
	if (!digest_eq(&got.kb, &root))
		return err_set(e, EX_NO, "recursion: the key is not one of "
		    "those allowed");
	return 0;
}

static int
check_reduced(const struct recursion_proof *p, const digest *program,
    const struct verify_options *o, struct err *e)
{
	const struct kb_vec *v = &p->shard.public_values;
	digest want, root = recursion_vk_root();

	if (check_count(v, e))
		return -1;
	want = hash_kb(v->v, RPV_DIGEST);
	return check_values(v->v, &want, &root, program, o, e);
}

int
verify_recursion_part(const struct recursion_proof *p, const digest *program,
    struct err *e)
{
	const struct verify_options any = {.allow_exit_code = 1};

	if (check_reduced(p, program, &any, e) || check_key(p, e))
		return -1;
	return verify_shard(&stark_compress, air_machine_compress(), &p->vk,
	    &p->shard, e);
}

int
verify_recursion(const struct recursion_proof *p, const digest *program,
    const struct verify_options *o, struct err *e)
{
	if (check_reduced(p, program, o, e))
		return -1;
	if (!kb_eq(p->shard.public_values.v[RPV_IS_COMPLETE], KB_ONE))
		return err_set(e, EX_NO, "recursion: the proof is of a part of "
		    "the run");
	if (check_key(p, e))
		return -1;
	return verify_shard(&stark_compress, air_machine_compress(), &p->vk,
	    &p->shard, e);
}

int
verify_compressed(const digest *program, const struct compressed_proof *p,
    const struct verify_options *o, struct err *e)
{
	if (check_version(&p->tail.version, e) ||
	    check_count(&p->proof.shard.public_values, e) ||
	    check_committed(&p->proof.shard.public_values.v[RPV_COMMITTED],
	    &p->tail.public_values, e))
		return -1;
	return verify_recursion(&p->proof, program, o, e);
}

uint32_t
recursion_proof_exit_code(const struct recursion_proof *p)
{
	const struct kb_vec *v = &p->shard.public_values;

	return v->n > RPV_EXIT_CODE ? kb_to(v->v[RPV_EXIT_CODE]) : 0;
}

uint32_t
recursion_proof_shards(const struct recursion_proof *p)
{
	const struct kb_vec *v = &p->shard.public_values;

	return v->n > RPV_NUM_SHARDS ? kb_to(v->v[RPV_NUM_SHARDS]) : 0;
}

/* The digest is of five of the values alone. */
static digest
wrap_digest(const kb *v)
{
	kb in[8 + 32 + 1 + 8 + 4];

	memcpy(in, &v[RPV_VK_DIGEST], 8 * sizeof *v);
	memcpy(in + 8, &v[RPV_COMMITTED], 32 * sizeof *v);
	in[40] = v[RPV_EXIT_CODE];
	memcpy(in + 41, &v[RPV_VK_ROOT], 8 * sizeof *v);
	memcpy(in + 49, &v[RPV_NONCE], 4 * sizeof *v);
	return hash_kb(in, sizeof in / sizeof *in);
}

int
verify_wrap(const struct shard_proof *p, const digest *root,
    const digest *program, const struct verify_options *o, struct err *e)
{
	struct vk vk = recursion_wrap_vk();
	digest want, stock = recursion_vk_root();

	if (check_count(&p->public_values, e))
		return -1;
	want = wrap_digest(p->public_values.v);
	if (check_values(p->public_values.v, &want,
	    root != NULL ? root : &stock, program, o, e))
		return -1;
	return verify_shard(&stark_wrap, air_machine_wrap(), &vk, p, e);
}
