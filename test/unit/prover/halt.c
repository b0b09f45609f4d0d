/*
 * The stock prover's trace of the guest `halt`, proved: the proof's bytes are those of
 * the stock prover.  shards/apart.c has the same bytes from the guest's events: with
 * CHECK_LONG=1 only, for who seeks on which side a difference is.
 */
#include <openssl/sha.h>

#include "base/par.h"
#include "proof/container.h"
#include "test/lib/halt.h"

/* SHA-256 of ../shared/vectors/own/proof/halt.core.bin. */
#define STOCK_SHA256 "0c566e8055d4184f09aa8d4bf50b82e386a80fb8085e14b43cfdd6211e59d694"
#define STOCK_PROOF "../shared/vectors/own/proof/halt.core.bin"

static void
tell(void *ctx, const char *name, double seconds)
{
	diag("%s %.3f s", name, seconds);
}

/* The offset at which two proofs part, for who has to find out why. */
static void
compare(const uint8_t *got, size_t len)
{
	uint8_t *want;
	size_t n, i = 0;
	struct err e;

	if (read_file(STOCK_PROOF, 1 << 24, &want, &n, &e)) {
		tap_skip("no stock proof at hand");
		return;
	}
	while (i < n && i < len && got[i] == want[i])
		i++;
	ok(i == n && n == len, "equal to the stock proof, %zu bytes", n);
	if (i < n || n != len)
		diag("differs at byte %zu; %zu bytes for %zu", i, len, n);
	free(want);
}

int
main(void)
{
	const struct prover prover = {.backend = &backend_cpu,
	    .params = &stark_core, .machine = air_machine_riscv(),
	    .on_phase = tell};
	struct shard_proof shard;
	struct core_proof proof = {.nshards = 1, .shard = &shard,
	    .tail = {.version = {6, (uint8_t *)"v6.1.0"}}};
	struct shard_trace t;
	struct halt h;
	struct rv_program program;
	struct proving_key key;
	struct arena a;
	struct err e;
	uint8_t *bytes, hash[32];
	size_t len;

	if (!getenv("CHECK_LONG"))
		tap_skip_all("long: make check-long");
	par_start(0);
	arena_init(&a, 0);
	if (!ok(halt_read(&h, prover.machine) == 0, "the trace is there"))
		return done_testing();
	halt_make(&t, &prover, &h);
	if (!ok(rv_load_file(&program, "test/guest/halt.elf", &e) == 0 &&
	    setup_key(&key, &program, &e) == 0, "the key"))
		return done_testing();
	if (!ok(prove_shard(&shard, &a, &prover, &key, &t, &e) == 0,
	    "the shard is proved")) {
		diag("%s", e.msg);
		return done_testing();
	}
	len = core_proof_size(&proof);
	bytes = malloc(len);
	core_proof_write(bytes, &proof);
	SHA256(bytes, len, hash);
	is_hex(hash, 32, STOCK_SHA256, "the proof's SHA-256");
	compare(bytes, len);
	free(bytes);
	arena_free(&a);
	trace_free(&t);
	free(h.main);
	setup_free(&key);
	rv_free(&program);
	return done_testing();
}
