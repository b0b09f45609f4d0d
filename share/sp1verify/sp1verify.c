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

#include "snark/verify.h"
#include "stark/container.h"
#include "stark/setup.h"
#include "stark/verify.h"

_Static_assert(SP1VERIFY_KEY_BYTES == VK_BYTES &&
    SP1VERIFY_REASON_BYTES >= sizeof ((struct err *)0)->msg &&
    SP1VERIFY_INVALID == EX_NO && SP1VERIFY_MALFORMED == EX_DATAERR &&
    SP1VERIFY_NO_MEMORY == EX_OSERR && SP1VERIFY_CORE == PROOF_CORE &&
    SP1VERIFY_COMPRESSED == PROOF_COMPRESSED &&
    SP1VERIFY_PLONK == PROOF_PLONK && SP1VERIFY_GROTH16 == PROOF_GROTH16,
    "the header's numbers are ours");

struct job {
	const struct vk *vk;
	uint8_t program[32];	/* for SNARKs: vk_bytes32() */
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
snark(struct job *j)
{
	struct snark_proof p;

	if (snark_proof_read(&p, &j->arena, j->in, j->len, &j->err))
		return -1;
	tail_claims(j, &p.tail);
	j->r->exit_code = snark_proof_exit_code(&p);
	return verify_snark(j->program, &p, &j->options, &j->err);
}

static int (*const verify[])(struct job *j) = {
	[PROOF_CORE] = core, [PROOF_COMPRESSED] = compressed,
	[PROOF_PLONK] = snark, [PROOF_GROTH16] = snark
};

static int
answer(char reason[SP1VERIFY_REASON_BYTES], const struct err *e)
{
	if (reason != NULL)
		snprintf(reason, SP1VERIFY_REASON_BYTES, "%s", e->msg);
	return e->class;
}

static void
begin(struct job *j, const uint8_t *proof, size_t len, unsigned flags,
    struct sp1verify_result *r)
{
	*j = (struct job){
		.in = proof, .len = len, .r = r,
		.options = {(flags & SP1VERIFY_ALLOW_EXIT_CODE) != 0}
	};
	memset(r, 0, sizeof *r);
	r->mode = -1;
}

static int
refuse(struct job *j)
{
	return j->r->verdict = answer(j->r->reason, &j->err);
}

static int
run(struct job *j)
{
	arena_init(&j->arena, core_proof_ceiling(j->len));
	if (verify[j->r->mode](j))
		refuse(j);
	arena_free(&j->arena);
	return j->r->verdict;
}

int
sp1verify(const uint8_t key[SP1VERIFY_KEY_BYTES], const uint8_t *proof,
    size_t len, unsigned flags, struct sp1verify_result *r)
{
	enum proof_mode mode;
	struct vk vk;
	struct job j;

	begin(&j, proof, len, flags, r);
	if (vk_decode(&vk, key, VK_BYTES, &j.err) ||
	    proof_mode(&mode, proof, len, &j.err))
		return refuse(&j);
	r->mode = (int32_t)mode;
	j.vk = &vk;
	vk_bytes32(j.program, &vk);
	return run(&j);
}

int
sp1verify_snark(const uint8_t bytes32[32], const uint8_t *proof, size_t len,
    unsigned flags, struct sp1verify_result *r)
{
	enum proof_mode mode;
	struct job j;

	begin(&j, proof, len, flags, r);
	if (proof_mode(&mode, proof, len, &j.err))
		return refuse(&j);
	r->mode = (int32_t)mode;
	memcpy(j.program, bytes32, sizeof j.program);
	if (verify[mode] != snark) {
		err_set(&j.err, EX_NO, "a %s proof is verified with the "
		    "program's key, not its hash", proof_mode_name(mode));
		return refuse(&j);
	}
	return run(&j);
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
