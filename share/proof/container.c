#include "proof/container.h"

size_t
core_proof_ceiling(size_t len)
{
	/* The constant is for the rounding of a few small arrays. */
	return len > (SIZE_MAX - 65536) / PROOF_ARENA_FACTOR ? SIZE_MAX :
	    PROOF_ARENA_FACTOR * len + 65536;
}

const char *
proof_mode_name(enum proof_mode m)
{
	static const char *const name[] = {
		"core", "compressed", "plonk", "groth16"
	};

	return name[m];
}

int
proof_mode(enum proof_mode *m, const uint8_t *in, size_t len, struct err *e)
{
	if (len < 4)
		return err_set(e, EX_DATAERR,
		    "malformed proof: %zu bytes are too few", len);
	if (in[0] > PROOF_GROTH16 || in[1] || in[2] || in[3])
		return err_set(e, EX_DATAERR,
		    "malformed proof: it begins with none of the four modes");
	*m = in[0];
	return 0;
}
