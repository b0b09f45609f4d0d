#include "snark/calldata.h"

#include <openssl/sha.h>
#include <string.h>

#include "snark/sp1.h"
#include "snark/verify.h"
#include "stark/params.h"

static const struct form {
	size_t len;
	enum proof_mode mode;
	enum snark_kind kind;
} forms[] = {
	{CALLDATA_GROTH16, PROOF_GROTH16, SNARK_GROTH16},
	{CALLDATA_PLONK, PROOF_PLONK, SNARK_PLONK},
};

size_t
calldata_size(const struct snark_proof *p)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (forms[i].mode == p->mode &&
		    forms[i].len == CALLDATA_SELECTOR + p->encoded.n)
			return forms[i].len;
	return 0;
}

void
calldata_write(uint8_t *out, const struct snark_proof *p)
{
	must(calldata_size(p) != 0);
	memcpy(out, p->key_hash, CALLDATA_SELECTOR);
	memcpy(out + CALLDATA_SELECTOR, p->encoded.v, p->encoded.n);
}

/* The form that length and selector tell, and its key's hash; NULL: neither. */
static const struct form *
form_of(uint8_t key_hash[32], const uint8_t *in, size_t len)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		size_t n;
		const uint8_t *key = snark_key(forms[i].kind, &n);

		SHA256(key, n, key_hash);
		if (forms[i].len == len &&
		    memcmp(in, key_hash, CALLDATA_SELECTOR) == 0)
			return &forms[i];
	}
	return NULL;
}

bool
calldata_is(const uint8_t *in, size_t len)
{
	uint8_t key_hash[32];

	return form_of(key_hash, in, len) != NULL;
}

int
calldata_read(struct snark_proof *p, const uint8_t program[32],
    const struct byte_vec *values, bool is_blake3, uint8_t *in, size_t len,
    struct err *e)
{
	static uint8_t version[] = STARK_VERSION;
	const struct form *f;

	*p = (struct snark_proof){0};
	f = form_of(p->key_hash, in, len);
	if (f == NULL)
		return err_set(e, EX_DATAERR, "no calldata of a groth16 or plonk "
		    "proof of this version");
	p->mode = f->mode;
	memcpy(p->input[0], program, 32);
	snark_values_digest(p->input[1], values, is_blake3);
	memcpy(p->input[2], in + CALLDATA_SELECTOR, SNARK_ENCODED_HEAD);
	p->encoded = (struct byte_vec){len - CALLDATA_SELECTOR,
	    in + CALLDATA_SELECTOR};
	p->tail = (struct proof_tail){
		.public_values = *values,
		.version = {sizeof version - 1, version},
		.form = PROOF_NETWORK,
	};
	return 0;
}
