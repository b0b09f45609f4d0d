/*
 * Keys of the guests against the stock ones (test/vectors/vk.tsv), and the
 * preprocessed traces' SHA-256.  The guests are in test/guest.  Without CHECK_LONG=1 only
 * those that differ in kind: the smallest, all instructions, the largest, segments that meet
 * inside a word, reserved encodings.
 */
#include <openssl/sha.h>

#include "base/par.h"
#include "stark/setup.h"
#include "test/lib/tap.h"

static void
to_hex(char *out, const uint8_t *in, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sprintf(out + 2 * i, "%02x", in[i]);
}

/* SHA-256 of one chip's trace, row-major, canonical little-endian words. */
static void
trace_hash(char out[65], const kb *dense, size_t rows, size_t width)
{
	uint8_t d[32], *bytes = malloc(rows * width * 4), *b = bytes;

	for (size_t r = 0; r < rows; r++)
		for (size_t c = 0; c < width; c++, b += 4) {
			uint32_t x = kb_to(dense[c * rows + r]);

			memcpy(b, &x, 4);	/* tests run on x86-64 */
		}
	SHA256(bytes, rows * width * 4, d);
	to_hex(out, d, 32);
	free(bytes);
}

static void
traces(const char *guest, const char *program_hash)
{
	char path[64], hex[65];
	struct rv_program p;
	struct proving_key k;
	struct err e;
	const kb *at;

	snprintf(path, sizeof path, "test/guest/%s.elf", guest);
	if (rv_load_file(&p, path, &e) || setup_tables(&k, &p, &e)) {
		ok(0, "%s: %s", path, e.msg);
		return;
	}
	at = k.prep;
	trace_hash(hex, at, k.rows[0], 7);
	is_str(hex, "dc24adfc3281fe64692fe3f520a1ec7f"
	    "b19ebfeb72dae7a2a427858321c64615", "Byte");
	at += k.rows[0] * 7;
	trace_hash(hex, at, k.rows[1], 16);
	is_str(hex, program_hash, "Program of %s", guest);
	at += k.rows[1] * 16;
	trace_hash(hex, at, k.rows[2], 2);
	is_str(hex, "09d5694528fa2814cd90dcef0c4832df"
	    "b076b3a30274cbe25bc47e86a14b700c", "Range");
	is_int(at + k.rows[2] * 2 - k.prep, k.prep_area, "area");
	setup_free(&k);
	rv_free(&p);
}

static bool
of_another_kind(const char *guest)
{
	static const char *const name[] = {
		"halt", "isa", "precompiles", "image", "lax"
	};

	for (size_t i = 0; i < sizeof name / sizeof *name; i++)
		if (strcmp(guest, name[i]) == 0)
			return true;
	return false;
}

static void
keys(void)
{
	const char *s = getenv("CHECK_LONG");
	bool all = s && strcmp(s, "1") == 0;
	FILE *f = fopen("test/vectors/vk.tsv", "r");
	char line[1024], name[64], b32[128], words[8][16], vkhex[512];
	int rows = 0;

	if (!f) {
		ok(0, "test/vectors/vk.tsv");
		return;
	}
	while (fgets(line, sizeof line, f)) {
		char path[96], got[512], net[65], want[65];
		uint8_t bytes[VK_BYTES], hash[32];
		struct rv_program p;
		struct vk vk, back;
		struct err e;

		if (line[0] == '#' || sscanf(line,
		    "%63s %127s %15s %15s %15s %15s %15s %15s %15s %15s %511s",
		    name, b32, words[0], words[1], words[2], words[3],
		    words[4], words[5], words[6], words[7], vkhex) != 11 ||
		    (!all && !of_another_kind(name)))
			continue;
		rows++;
		snprintf(path, sizeof path, "test/guest/%s.elf", name);
		if (rv_load_file(&p, path, &e) || setup_vk(&vk, &p, &e)) {
			ok(0, "%s: %s", path, e.msg);
			continue;
		}
		vk_encode(bytes, &vk);
		to_hex(got, bytes, sizeof bytes);
		is_str(got, vkhex, "key of %s", name);
		vk_bytes32(hash, &vk);
		to_hex(net, hash, 32);
		is_str(net, b32 + 2, "its bytes32");
		vk_network_hash(hash, &vk);
		to_hex(net, hash, 32);
		for (int i = 0; i < 8; i++)
			sprintf(want + 8 * i, "%08lx",
			    strtoul(words[i], NULL, 10));
		is_str(net, want, "its hash on the network");
		ok(!vk_decode(&back, bytes, sizeof bytes, &e) &&
		    !memcmp(&back, &vk, sizeof vk), "and back from bytes");
		rv_free(&p);
	}
	fclose(f);
	ok(rows >= (all ? 14 : 5), "%d keys", rows);
}

int
main(void)
{
	par_start(0);
	traces("bench", "51a74081467083bd2f7fdd7c4c84f8bf"
	    "99078c52db2efc5fd4eb0fb01f698542");
	keys();
	return done_testing();
}
