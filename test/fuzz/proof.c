/*
 * Any bytes as a core proof: read, written back, verified.  The key is that of
 * nobody, so a proof falls at the latest where its transcript is first drawn
 * from; each shard is also tried by itself, past what holds across shards.
 */
#include <stdlib.h>
#include <string.h>

#include "proof/container.h"
#include "stark/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct vk vk = {.pc_start = {{0}}};
	struct core_proof p;
	struct arena arena;
	struct err e = {0};
	uint8_t *out;

	arena_init(&arena, core_proof_ceiling(len));
	if (core_proof_read(&p, &arena, in, len, &e) == 0) {
		must(core_proof_size(&p) == len);
		out = malloc(len);
		must(out != NULL);
		core_proof_write(out, &p);
		must(memcmp(in, out, len) == 0);
		free(out);
		must(verify_core(air_machine_riscv(), &vk, &p, NULL, &e) < 0);
		for (size_t i = 0; i < p.nshards && i < 4; i++)
			must(verify_shard(&stark_core, air_machine_riscv(),
			    &vk, &p.shard[i], &e) < 0);
	} else {
		/* The ceiling is enough for whatever the bytes can hold. */
		must(e.status == EX_DATAERR);
	}
	arena_free(&arena);
	return 0;
}
