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

#include <stdio.h>
#include <string.h>

#include "snark/calldata.h"
#include "sp1verify/any_proof.h"
#include "stark/setup.h"

_Static_assert(SP1VERIFY_KEY_BYTES == VK_BYTES &&
    SP1VERIFY_REASON_BYTES >= sizeof ((struct err *)0)->msg &&
    SP1VERIFY_INVALID == EX_NO && SP1VERIFY_MALFORMED == EX_DATAERR &&
    SP1VERIFY_NO_MEMORY == EX_OSERR &&
    SP1VERIFY_CALLDATA_MAX == CALLDATA_MAX && SP1VERIFY_CORE == PROOF_CORE &&
    SP1VERIFY_COMPRESSED == PROOF_COMPRESSED &&
    SP1VERIFY_PLONK == PROOF_PLONK && SP1VERIFY_GROTH16 == PROOF_GROTH16,
    "the header's numbers are ours");

/* The public values lie before the rest of the tail, which is at the end. */
static void
claims(struct sp1verify_result *r, const struct any_proof *p,
    const uint8_t *end)
{
	r->exit_code = p->exit_code;
	r->shards = p->shards;
	r->public_values_len = p->tail.public_values.n;
	r->public_values = end - any_proof_tee_size(p) - 8 -
	    p->tail.version.n - r->public_values_len;
	r->well_formed = 1;
}

/* vk or bytes32, as any_proof_verify() has them. */
static int
check(struct sp1verify_result *r, const struct vk *vk, const uint8_t *bytes32,
    const uint8_t *in, size_t len, unsigned flags, struct err *e)
{
	struct verify_options o = {
		.allow_exit_code = (flags & SP1VERIFY_ALLOW_EXIT_CODE) != 0
	};
	struct any_proof p;
	struct arena arena;
	int bad;

	arena_init(&arena, core_proof_ceiling(len));
	bad = any_proof_read(&p, &arena, in, len, e);
	if (p.known)
		r->mode = (int32_t)p.mode;
	if (bad == 0) {
		claims(r, &p, in + len);
		bad = any_proof_verify(&p, vk, bytes32, &o, e);
	}
	arena_free(&arena);
	return bad;
}

static int
answer(char reason[SP1VERIFY_REASON_BYTES], const struct err *e)
{
	if (reason != NULL)
		snprintf(reason, SP1VERIFY_REASON_BYTES, "%s", e->msg);
	return e->status;
}

int
sp1verify(const uint8_t key[SP1VERIFY_KEY_BYTES], const uint8_t *proof,
    size_t len, unsigned flags, struct sp1verify_result *r)
{
	struct vk vk;
	struct err e;

	*r = (struct sp1verify_result){.mode = -1};
	if (vk_decode(&vk, key, VK_BYTES, &e) ||
	    check(r, &vk, NULL, proof, len, flags, &e))
		r->verdict = answer(r->reason, &e);
	return r->verdict;
}

int
sp1verify_snark(const uint8_t bytes32[32], const uint8_t *proof, size_t len,
    unsigned flags, struct sp1verify_result *r)
{
	struct err e;

	*r = (struct sp1verify_result){.mode = -1};
	if (check(r, NULL, bytes32, proof, len, flags, &e))
		r->verdict = answer(r->reason, &e);
	return r->verdict;
}

static int
check_calldata(struct sp1verify_result *r, const uint8_t bytes32[32],
    const uint8_t *values, size_t values_len, const uint8_t *in, size_t len,
    unsigned flags, struct err *e)
{
	struct verify_options o = {
		.allow_exit_code = (flags & SP1VERIFY_ALLOW_EXIT_CODE) != 0
	};
	uint8_t copy[CALLDATA_MAX];	/* a proof's bytes are not const */
	struct byte_vec v = {values_len, (uint8_t *)values};
	struct any_proof p;

	if (len <= sizeof copy)
		memcpy(copy, in, len);
	if (any_proof_from_calldata(&p, bytes32, &v, copy,
	    len <= sizeof copy ? len : 0, e))
		return -1;
	r->mode = (int32_t)p.mode;
	r->exit_code = p.exit_code;
	r->public_values = values;
	r->public_values_len = values_len;
	r->well_formed = 1;
	return any_proof_verify(&p, NULL, bytes32, &o, e);
}

int
sp1verify_calldata(const uint8_t bytes32[32], const uint8_t *values,
    size_t values_len, const uint8_t *calldata, size_t len, unsigned flags,
    struct sp1verify_result *r)
{
	struct err e;

	*r = (struct sp1verify_result){.mode = -1};
	if (check_calldata(r, bytes32, values, values_len, calldata, len, flags,
	    &e))
		r->verdict = answer(r->reason, &e);
	return r->verdict;
}

size_t
sp1verify_to_calldata(uint8_t *out, const uint8_t *proof, size_t len)
{
	struct snark_proof s;
	struct arena arena;
	struct err e;
	size_t n = 0;

	arena_init(&arena, core_proof_ceiling(len));
	if (snark_proof_read(&s, &arena, proof, len, &e) == 0)
		n = calldata_size(&s);
	if (n > 0)
		calldata_write(out, &s);
	arena_free(&arena);
	return n;
}

int
sp1verify_key(uint8_t key[SP1VERIFY_KEY_BYTES], const uint8_t *elf, size_t len,
    char reason[SP1VERIFY_REASON_BYTES])
{
	struct vk vk;
	struct err e;

	if (reason != NULL)
		reason[0] = '\0';
	if (setup_vk_elf(&vk, elf, len, &e))
		return answer(reason, &e);
	vk_encode(key, &vk);
	return SP1VERIFY_VALID;
}
