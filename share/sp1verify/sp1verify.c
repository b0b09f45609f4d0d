/*
 * The verifier behind one header.  This file's functions are all that the library
 * exports; everything is compiled with hidden visibility.
 *
 * par_start() is never called here, so every loop runs in the caller: the host's
 * threads are the host's to make.
 */
#pragma GCC visibility push(default)
#include "sp1verify/sp1verify.h"
#pragma GCC visibility pop

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "stark/container.h"
#include "stark/setup.h"
#include "stark/verify.h"

_Static_assert(SP1VERIFY_KEY_BYTES == VK_BYTES &&
    SP1VERIFY_REASON_BYTES >= sizeof ((struct err *)0)->msg &&
    SP1VERIFY_INVALID == EX_NO && SP1VERIFY_MALFORMED == EX_DATAERR &&
    SP1VERIFY_UNSUPPORTED == EX_UNAVAILABLE &&
    SP1VERIFY_NO_MEMORY == EX_OSERR && SP1VERIFY_CORE == PROOF_CORE &&
    SP1VERIFY_COMPRESSED == PROOF_COMPRESSED &&
    SP1VERIFY_PLONK == PROOF_PLONK && SP1VERIFY_GROTH16 == PROOF_GROTH16,
    "the header's numbers are ours");

struct job {
	const struct vk *vk;
	const uint8_t *in;
	size_t len;
	struct arena arena;
	struct verify_options options;
	struct sp1verify_result *r;
	struct err err;
};

/* The public values lie before the rest of the tail, which is at the end. */
static void
tail_claims(struct job *j, const struct proof_tail *t)
{
	size_t after = 8 + t->version.n;

	if (t->form == PROOF_SAVED)
		after += 1 + (t->has_tee ? 8 + t->tee.n : 0);
	j->r->public_values = j->in + j->len - after - t->public_values.n;
	j->r->public_values_len = t->public_values.n;
	j->r->well_formed = 1;
}

static int
core(struct job *j)
{
	struct core_proof p;

	if (core_proof_read(&p, &j->arena, j->in, j->len, &j->err))
		return -1;
	tail_claims(j, &(struct proof_tail){
		p.public_values, p.version, p.form, p.has_tee, p.tee
	});
	j->r->exit_code = core_proof_exit_code(&p);
	j->r->shards = p.nshards;
	return verify_core(air_machine_riscv(), j->vk, &p, &j->options,
	    &j->err);
}

static int
compressed(struct job *j)
{
	struct compressed_proof p;

	if (compressed_proof_read(&p, &j->arena, j->in, j->len, &j->err))
		return -1;
	tail_claims(j, &p.tail);
	j->r->exit_code = recursion_proof_exit_code(&p.proof);
	j->r->shards = recursion_proof_shards(&p.proof);
	return verify_compressed(j->vk, &p, &j->options, &j->err);
}

static int
unsupported(struct job *j)
{
	return err_set(&j->err, EX_UNAVAILABLE, "%s proofs are not verified "
	    "here yet", proof_mode_name((enum proof_mode)j->r->mode));
}

static int (*const verify[])(struct job *j) = {
	[PROOF_CORE] = core, [PROOF_COMPRESSED] = compressed,
	[PROOF_PLONK] = unsupported, [PROOF_GROTH16] = unsupported
};

static int
answer(char reason[SP1VERIFY_REASON_BYTES], const struct err *e)
{
	if (reason != NULL)
		snprintf(reason, SP1VERIFY_REASON_BYTES, "%s", e->msg);
	return e->class;
}

int
sp1verify(const uint8_t key[SP1VERIFY_KEY_BYTES], const uint8_t *proof,
    size_t len, unsigned flags, struct sp1verify_result *r)
{
	struct job j = {
		.in = proof, .len = len, .r = r,
		.options = {flags & SP1VERIFY_ALLOW_EXIT_CODE}
	};
	enum proof_mode mode;
	struct vk vk;

	memset(r, 0, sizeof *r);
	r->mode = -1;
	if (vk_decode(&vk, key, VK_BYTES, &j.err) ||
	    proof_mode(&mode, proof, len, &j.err))
		return r->verdict = answer(r->reason, &j.err);
	r->mode = (int32_t)mode;
	j.vk = &vk;
	arena_init(&j.arena, core_proof_ceiling(len));
	if (verify[mode](&j))
		r->verdict = answer(r->reason, &j.err);
	arena_free(&j.arena);
	return r->verdict;
}

int
sp1verify_key(uint8_t key[SP1VERIFY_KEY_BYTES], const uint8_t *elf, size_t len,
    char reason[SP1VERIFY_REASON_BYTES])
{
	struct rv_program p;
	struct vk vk;
	struct err e;
	int r;

	if (reason != NULL)
		reason[0] = '\0';
	if (rv_load(&p, elf, len, &e))
		return answer(reason, &e);
	r = setup_vk(&vk, &p, &e) ? answer(reason, &e) : SP1VERIFY_VALID;
	rv_free(&p);
	if (r == SP1VERIFY_VALID)
		vk_encode(key, &vk);
	return r;
}
