#include "snark/sp1.h"

#include <openssl/sha.h>
#include <string.h>

#include "snark/groth16.h"
#include "snark/plonk.h"

/* The keys are of the crate sp1-verifier 6.10.0 (MIT or Apache-2.0), vk-artifacts/. */
#define EMBED(name, file) \
	extern const uint8_t name[], name##_end[]; \
	__asm__(".section .rodata\n.balign 16\n" #name ":\n" \
	    ".incbin \"share/data/" file "\"\n" #name "_end:\n.previous\n")

EMBED(snark_plonk_key, "plonk_vk.bin");
EMBED(snark_groth16_key, "groth16_vk.bin");

const uint8_t *
snark_key(enum snark_kind kind, size_t *len)
{
	if (kind == SNARK_PLONK) {
		*len = (size_t)(snark_plonk_key_end - snark_plonk_key);
		return snark_plonk_key;
	}
	*len = (size_t)(snark_groth16_key_end - snark_groth16_key);
	return snark_groth16_key;
}

static int
verify_groth16(const struct snark_statement *s, const uint8_t *bytes,
    size_t len, struct err *e)
{
	struct groth16_key key;

	must(groth16_key_read(&key, bytes, len, e) == 0);
	if (groth16_verify(&key, s->input, SNARK_INPUTS, s->proof,
	    s->proof_len, e))
		return -1;
	return s->raw == NULL ? 0 :
	    groth16_check_raw(s->raw, s->raw_len, s->proof, e);
}

static int
verify_plonk(const struct snark_statement *s, const uint8_t *bytes, size_t len,
    struct err *e)
{
	struct plonk_key key;
	uint8_t linear[32];

	must(plonk_key_read(&key, bytes, len, e) == 0);
	if (plonk_verify(&key, s->input, SNARK_INPUTS, s->proof, s->proof_len,
	    linear, e))
		return -1;
	return s->raw == NULL ? 0 :
	    plonk_check_raw(s->raw, s->raw_len, s->proof, linear, e);
}

int
snark_verify(const struct snark_statement *s, struct err *e)
{
	uint8_t hash[32];
	size_t len;
	const uint8_t *key = snark_key(s->kind, &len);

	SHA256(key, len, hash);
	if (memcmp(hash, s->key_hash, sizeof hash) != 0)
		return err_set(e, EX_NO, "the proof is for another %s key than "
		    "that of circuit v6.1.0",
		    s->kind == SNARK_PLONK ? "plonk" : "groth16");
	return s->kind == SNARK_PLONK ? verify_plonk(s, key, len, e) :
	    verify_groth16(s, key, len, e);
}
