/*
 * The stock prover's trace of the guest `halt` (test/vectors/prover/halt.trace), proved:
 * the proof's bytes are those of the stock prover.
 *
 * halt.trace, words little-endian: 187 public values; the number of chips; for each its
 * name in 24 bytes, rows, width, number of rows that are not zero; and these, each with
 * its index before it.
 */
#include <openssl/sha.h>

#include "base/io.h"
#include "base/par.h"
#include "prover/prover.h"
#include "stark/container.h"
#include "test/tap.h"

/* SHA-256 of ../shared/vectors/own/proof/halt.core.bin. */
#define STOCK_SHA256 "0c566e8055d4184f09aa8d4bf50b82e386a80fb8085e14b43cfdd6211e59d694"
#define STOCK_PROOF "../shared/vectors/own/proof/halt.core.bin"

static const uint8_t *at, *end;

static uint32_t
word(void)
{
	uint32_t x;

	must(end - at >= 4);
	memcpy(&x, at, 4);
	at += 4;
	return x;
}

static int
load(struct shard_trace *t, const struct air_machine *m)
{
	uint8_t *file;
	size_t len, chips, area = 0;
	bool have[128] = {false};
	kb *p;
	struct err e;

	if (read_file("test/vectors/prover/halt.trace", 1 << 20, &file, &len,
	    &e)) {
		diag("%s", e.msg);
		return -1;
	}
	at = file;
	end = file + len;
	for (int i = 0; i < STARK_PUBLIC_VALUES; i++)
		t->public_values[i] = kb_from(word());
	chips = word();
	t->rows = calloc(chips, sizeof *t->rows);
	p = t->main = calloc((size_t)1 << 21, sizeof *t->main);
	for (size_t c = 0; c < chips; c++) {
		const char *name = (const char *)at;
		const struct air_chip *a = air_chip_by_name(m, name,
		    strnlen(name, 24));
		uint32_t width, n;

		must(a && end - at >= 24);
		at += 24;
		have[a->index] = true;
		t->rows[c] = word();
		width = word();
		must(t->rows[c] == 0 || width == a->main_width);
		area += t->rows[c] * width;
		must(area <= (size_t)1 << 21);
		for (n = word(); n > 0; n--) {
			size_t row = word();

			must(row < t->rows[c]);
			for (uint32_t j = 0; j < width; j++)
				p[j * t->rows[c] + row] = kb_from(word());
		}
		p += t->rows[c] * width;
	}
	t->area = area;
	t->cluster = air_cluster_exact(m, have);
	free(file);
	return t->cluster && t->cluster->nchips == chips ? 0 : -1;
}

static void
phase(void *ctx, const char *name, double seconds)
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
	const struct air_machine *m = air_machine_riscv();
	const struct prover_hooks hooks = {.phase = phase};
	struct shard_proof shard;
	struct core_proof proof = {.nshards = 1, .shard = &shard,
	    .version = {6, (uint8_t *)"v6.1.0"}, .form = PROOF_SAVED};
	struct shard_trace t;
	struct rv_program program;
	struct proving_key key;
	struct arena a;
	struct err e;
	uint8_t *bytes, hash[32];
	size_t len;

	par_start(0);
	arena_init(&a, 0);
	if (!ok(load(&t, m) == 0, "the trace is there"))
		return done_testing();
	if (!ok(rv_load_file(&program, "test/guest/halt.elf", &e) == 0 &&
	    setup_key(&key, &program, &e) == 0, "the key"))
		return done_testing();
	if (!ok(prove_shard(&shard, &a, m, &key, &t, &hooks, &e) == 0,
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
	free(t.rows);
	free(t.main);
	setup_free(&key);
	rv_free(&program);
	return done_testing();
}
