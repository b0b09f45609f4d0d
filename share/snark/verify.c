#include "snark/verify.h"

#include <openssl/sha.h>
#include <string.h>

#include "base/blake3.h"
#include "snark/sp1.h"
#include "stark/committed.h"

enum { PROGRAM, VALUES, EXIT_CODE, ROOT, NONCE };

const uint8_t snark_vk_root[32] = {
	0x00, 0x2f, 0x85, 0x0e, 0xe9, 0x98, 0x97, 0x4d, 0x6c, 0xc0, 0x0e, 0x50,
	0xcd, 0x08, 0x14, 0xb0, 0x98, 0xc0, 0x5b, 0xfa, 0xde, 0x46, 0x6d, 0x28,
	0x57, 0x32, 0x40, 0xd0, 0x57, 0xf2, 0x53, 0x52
};

uint32_t
snark_proof_exit_code(const struct snark_proof *p)
{
	const uint8_t *x = p->input[EXIT_CODE];

	for (int i = 0; i < 28; i++)
		if (x[i] != 0)
			return UINT32_MAX;
	return (uint32_t)x[28] << 24 | (uint32_t)x[29] << 16 |
	    (uint32_t)x[30] << 8 | x[31];
}

void
snark_values_digest(uint8_t out[32], const struct byte_vec *values, bool is_blake3)
{
	if (is_blake3)
		blake3(out, values->v, values->n);
	else
		SHA256(values->v, values->n, out);
	out[0] &= 0x1f;
}

static bool
commits_to(const uint8_t input[32], const struct byte_vec *v)
{
	uint8_t sha[32], b3[32];

	snark_values_digest(sha, v, false);
	snark_values_digest(b3, v, true);
	return memcmp(input, sha, 32) == 0 || memcmp(input, b3, 32) == 0;
}

static int
check_claims(const uint8_t program[32], const struct snark_proof *p,
    const struct verify_options *o, struct err *e)
{
	uint32_t exit_code = snark_proof_exit_code(p);

	if (memcmp(p->input[PROGRAM], program, 32) != 0)
		return err_set(e, EX_NO, "the proof is for another program");
	if (!commits_to(p->input[VALUES], &p->tail.public_values))
		return err_set(e, EX_NO, "the public values are not those that "
		    "the program committed to");
	if (memcmp(p->input[ROOT], snark_vk_root, sizeof snark_vk_root) != 0)
		return err_set(e, EX_NO, "the proof was made through other "
		    "recursion keys than those of this version");
	if (exit_code >= KB_P)
		return err_set(e, EX_NO, "the exit code is none");
	if (exit_code != 0 && (o == NULL || !o->allow_exit_code))
		return err_set(e, EX_NO, "the program halted with exit code %u",
		    exit_code);
	return 0;
}

int
verify_snark(const uint8_t program[32], const struct snark_proof *p,
    const struct verify_options *o, struct err *e)
{
	struct snark_statement s = {
		.kind = p->mode == PROOF_PLONK ? SNARK_PLONK : SNARK_GROTH16
	};

	if (check_version(&p->tail.version, e) ||
	    check_claims(program, p, o, e))
		return -1;
	if (p->encoded.n == 0)
		return err_set(e, EX_NO, "a mock proof, which proves nothing");
	if (p->encoded.n < SNARK_ENCODED_HEAD ||
	    memcmp(p->encoded.v, p->input[EXIT_CODE], SNARK_ENCODED_HEAD) != 0)
		return err_set(e, EX_NO, "the encoded proof begins with other "
		    "public inputs than the proof's");
	memcpy(s.key_hash, p->key_hash, sizeof s.key_hash);
	memcpy(s.input, p->input, sizeof s.input);
	s.proof = p->encoded.v + SNARK_ENCODED_HEAD;
	s.proof_len = p->encoded.n - SNARK_ENCODED_HEAD;
	s.raw = p->raw.n > 0 ? p->raw.v : NULL;
	s.raw_len = p->raw.n;
	return snark_verify(&s, e);
}
