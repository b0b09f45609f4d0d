/* Artifacts, as a stock client uploaded them (test/vectors/network). */
#include "base/io.h"
#include "test/lib/tap.h"
#include "wire/unpack.h"

int
main(void)
{
	struct secmem out = { 0 };
	struct err e;
	uint8_t *z;
	size_t n;

	plan(12);
	ok(read_file("test/vectors/network/put-stdin.zst", 1 << 20, &z, &n,
	    &e) == 0, "an upload");
	ok(unpack_is_zstd(z, n), "is zstd");
	ok(unpack_artifact(&out, z, n, 1 << 20, &e) == 0, "it opens");
	is_hex(out.p, out.n, "01000000000000000400000000000000140000000000"
	    "0000000000000000000000000000", "one item, u32 20");
	ok(unpack_artifact(&out, z, n, 36, &e) == 0, "36 bytes are enough");
	ok(unpack_artifact(&out, z, n, 35, &e) < 0, "35 are not: %s", e.msg);
	for (size_t i = 0, good = 0; i < n; i++) {
		good += unpack_artifact(&out, z, i, 1 << 20, &e) == 0 &&
		    unpack_is_zstd(z, i);
		if (i == n - 1) {
			is_int(good, 0, "cut anywhere, it is malformed");
			ok(strncmp(e.msg, "malformed zstd frame", 20) == 0,
			    "in these words: %s", e.msg);
		}
	}
	ok(unpack_artifact(&out, (const uint8_t *)"plain", 5, 5, &e) == 0 &&
	    out.n == 5 && memcmp(out.p, "plain", 5) == 0,
	    "what is no zstd stays");
	ok(unpack_artifact(&out, (const uint8_t *)"plain", 5, 4, &e) < 0,
	    "within bounds");
	free(z);
	ok(read_file("test/vectors/network/put-program.zst", 1 << 20, &z, &n,
	    &e) == 0 && unpack_artifact(&out, z, n, 1 << 20, &e) == 0,
	    "a program");
	ok(out.n > 12 && memcmp(out.p + 8, "\177ELF", 4) == 0,
	    "is an ELF after its length");
	free(z);
	secmem_free(&out);
	return done_testing();
}
