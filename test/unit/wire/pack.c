/* What we upload is what a stock client uploads (test/vectors/network). */
#include "base/io.h"
#include "wire/pack.h"
#include "wire/unpack.h"

#include "test/lib/tap.h"

static void
same(const char *path)
{
	struct secmem plain = { 0 };
	struct err e;
	uint8_t *want, *got;
	size_t want_len, got_len, half;

	if (read_file(path, 1 << 20, &want, &want_len, &e) < 0 ||
	    unpack_artifact(&plain, want, want_len, 1 << 24, &e) < 0)
		die_err(&e);
	half = plain.n / 2;
	const struct pack_part parts[] = {
		{ plain.p, half }, { plain.p + half, plain.n - half },
	};
	ok(pack_zstd(&got, &got_len, parts, 2, &e) == 0 && got_len == want_len &&
	    memcmp(got, want, want_len) == 0, "%s, %zu bytes", path, want_len);
	free(got);
	free(want);
	secmem_free(&plain);
}

int
main(void)
{
	struct secmem back = { 0 };
	struct err e;
	uint8_t *got, *big;
	size_t n, len = 3000000;

	same("test/vectors/network/put-program.zst");
	same("test/vectors/network/put-stdin.zst");
	ok(pack_zstd(&got, &n, NULL, 0, &e) == 0 &&
	    unpack_artifact(&back, got, n, 10, &e) == 0 && back.n == 0,
	    "nothing packs too");
	free(got);
	big = malloc(len);
	must(big);
	for (size_t i = 0; i < len; i++)
		big[i] = i * i >> 11;
	ok(pack_zstd(&got, &n, &(struct pack_part){ big, len }, 1, &e) == 0 &&
	    unpack_artifact(&back, got, n, len, &e) == 0 && back.n == len &&
	    memcmp(back.p, big, len) == 0, "and much");
	free(got);
	free(big);
	return done_testing();
}
