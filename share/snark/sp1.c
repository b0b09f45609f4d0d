#include "snark/sp1.h"

#include <openssl/sha.h>
#include <pthread.h>
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

/* Each read when it is first needed. */
static struct {
	uint8_t hash[2][32];	/* of a kind's */
	struct groth16_key groth16;
	struct plonk_key plonk;
} keys;

static void
read_groth16(void)
{
	size_t len;
	const uint8_t *in = snark_key(SNARK_GROTH16, &len);

	must(groth16_key_read(&keys.groth16, in, len, NULL) == 0);
	SHA256(in, len, keys.hash[SNARK_GROTH16]);
}

static void
read_plonk(void)
{
	size_t len;
	const uint8_t *in = snark_key(SNARK_PLONK, &len);

	must(plonk_key_read(&keys.plonk, in, len, NULL) == 0);
	SHA256(in, len, keys.hash[SNARK_PLONK]);
}

static int
verify_groth16(const struct snark_statement *s, struct err *e)
{
	if (groth16_verify(&keys.groth16, s->input, SNARK_INPUTS, s->proof,
	    s->proof_len, e))
		return -1;
	return s->raw == NULL ? 0 :
	    groth16_check_raw(s->raw, s->raw_len, s->proof, e);
}

static int
verify_plonk(const struct snark_statement *s, struct err *e)
{
	uint8_t linear[32];

	if (plonk_verify(&keys.plonk, s->input, SNARK_INPUTS, s->proof,
	    s->proof_len, linear, e))
		return -1;
	return s->raw == NULL ? 0 :
	    plonk_check_raw(s->raw, s->raw_len, s->proof, linear, e);
}

static struct {
	const char *name;
	pthread_once_t once;
	void (*read_key)(void);
	int (*verify)(const struct snark_statement *s, struct err *e);
} kinds[] = {
	[SNARK_PLONK] = {"plonk", PTHREAD_ONCE_INIT, read_plonk, verify_plonk},
	[SNARK_GROTH16] = {"groth16", PTHREAD_ONCE_INIT, read_groth16,
	    verify_groth16},
};

int
snark_verify(const struct snark_statement *s, struct err *e)
{
	pthread_once(&kinds[s->kind].once, kinds[s->kind].read_key);
	if (memcmp(keys.hash[s->kind], s->key_hash, 32) != 0)
		return err_set(e, EX_NO, "the proof is for another %s key than "
		    "that of circuit v6.1.0", kinds[s->kind].name);
	return kinds[s->kind].verify(s, e);
}
