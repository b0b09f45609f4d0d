/*
 * Any bytes as a compressed proof, and as the shard of the last recursion stage: read,
 * written back, verified.  The key is that of nobody, so a whole container is refused;
 * the shards are also tried by themselves, past what the public values must say, with
 * the key they bring and the stages' parameters.
 */
#include <stdlib.h>
#include <string.h>

#include "proof/container.h"
#include "stark/recursion_keys.h"
#include "stark/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len);

/* A stock shard among the first inputs is valid: no verdict is expected here. */
static void
alone(const struct stark_params *params, const struct air_machine *m,
    const struct vk *vk, const struct shard_proof *p)
{
	struct err e = {0};

	must(verify_shard(params, m, vk, p, &e) == 0 ||
	    (e.status == EX_NO && e.msg[0] != '\0'));
}

static void
compressed(const uint8_t *in, size_t len)
{
	digest nobody = {{{0}}};
	struct compressed_proof p;
	struct arena arena;
	struct err e = {0};
	uint8_t *out;

	arena_init(&arena, core_proof_ceiling(len));
	if (compressed_proof_read(&p, &arena, in, len, &e) == 0) {
		must(compressed_proof_size(&p) == len);
		out = malloc(len);
		must(out != NULL);
		compressed_proof_write(out, &p);
		must(memcmp(in, out, len) == 0);
		free(out);
		must(verify_compressed(&nobody, &p, NULL, &e) < 0);
		ignore(verify_recursion(&p.proof, NULL, NULL, &e));
		recursion_proof_exit_code(&p.proof);
		recursion_proof_shards(&p.proof);
		alone(&stark_compress, air_machine_compress(), &p.proof.vk,
		    &p.proof.shard);
		alone(&stark_shrink, air_machine_compress(), &p.proof.vk,
		    &p.proof.shard);
	} else {
		/* The ceiling is enough for whatever the bytes can hold. */
		must(e.status == EX_DATAERR);
	}
	arena_free(&arena);
}

static void
wrap(const uint8_t *in, size_t len)
{
	struct vk vk = recursion_wrap_vk();
	struct shard_proof p;
	struct arena arena;
	struct err e = {0};
	uint8_t *out;

	arena_init(&arena, core_proof_ceiling(len));
	if (wrap_proof_read(&p, &arena, in, len, &e) == 0) {
		must(wrap_proof_size(&p) == len);
		out = malloc(len);
		must(out != NULL);
		wrap_proof_write(out, &p);
		must(memcmp(in, out, len) == 0);
		free(out);
		must(verify_wrap(&p, NULL, NULL, NULL, &e) < 0);
		alone(&stark_wrap, air_machine_wrap(), &vk, &p);
	} else {
		must(e.status == EX_DATAERR);
	}
	arena_free(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	if (len > 0 && in[0] == PROOF_COMPRESSED)
		compressed(in, len);
	else
		wrap(in, len);
	return 0;
}
