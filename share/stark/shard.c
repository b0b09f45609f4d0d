#include "stark/verify.h"

#include "stark/check.h"

int
verify_shard(const struct stark_params *params, const struct air_machine *m,
    const struct vk *vk, const struct shard_proof *p, struct err *e)
{
	struct err own;
	struct shard_check c = {
		.params = params, .machine = m, .vk = vk, .p = p,
		.err = e != NULL ? e : &own
	};
	int r = -1;

	/* Temporary memory follows the machine's limits, not the proof's
	 * promises: a few thousand columns, at most 512 of them stacked. */
	arena_init(&c.tmp, 0);
	if (check_shape(&c) == 0) {
		transcript_begin(&c.t, params->hasher, vk, p, c.height);
		r = check_gkr(&c) || check_zerocheck(&c) ||
		    check_jagged(&c) || check_basefold(&c) ? -1 : 0;
	}
	arena_free(&c.tmp);
	return r;
}
