#include "stark/committed.h"

#include <openssl/sha.h>
#include <stdbool.h>
#include <string.h>

#include "base/blake3.h"
#include "stark/params.h"

int
check_version(const struct byte_vec *version, struct err *e)
{
	static const char want[] = STARK_VERSION;

	if (version->n == sizeof want - 1 &&
	    memcmp(version->v, want, sizeof want - 1) == 0)
		return 0;
	return err_set(e, EX_NO, "the proof is not of version %s", want);
}

int
check_committed(const kb hash[32], const struct byte_vec *public_values,
    struct err *e)
{
	uint8_t sha[32], b3[32];
	bool is_sha = true, is_b3 = true;

	SHA256(public_values->v, public_values->n, sha);
	blake3(b3, public_values->v, public_values->n);
	for (int i = 0; i < 32; i++) {
		uint32_t x = kb_to(hash[i]);

		is_sha &= x == sha[i];
		is_b3 &= x == b3[i];
	}
	if (!is_sha && !is_b3)
		return err_set(e, EX_NO, "the public values are not those that "
		    "the program committed to");
	return 0;
}
