/* In which part two programs differ, and that no file that the loader takes is read beyond
 * its end. */
#include "riscv/parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "riscv/rv.h"
#include "test/lib/splitmix.h"
#include "test/lib/tap.h"

static uint8_t *elf;
static size_t len;

/* The differences of two files of len bytes, to be freed. */
static char *
diff(const uint8_t *x, const uint8_t *y)
{
	struct parts a, b;
	char *text = NULL;
	struct err e;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	must(f);
	if (parts_read(&a, x, len, &e) == 0 && parts_read(&b, y, len, &e) == 0)
		parts_diff(f, &a, &b, 3);
	parts_free(&a);
	parts_free(&b);
	fclose(f);
	return text;
}

/* Bytes of the file changed at an offset: what is said. */
static void
changed(size_t at, const char *want)
{
	uint8_t *other = malloc(len);
	char *got;

	must(other);
	memcpy(other, elf, len);
	other[at] ^= 1;
	got = diff(elf, other);
	is_str(got, want, "byte 0x%zx of the file", at);
	free(got);
	free(other);
}

static void
mutated(void)
{
	size_t taken = 0;
	uint64_t seed = 1;

	for (int i = 0; i < 4000; i++) {
		uint8_t *other = malloc(len);	/* its end is known to the sanitizer */
		struct rv_program p;

		must(other);
		memcpy(other, elf, len);
		for (uint64_t k = 1 + splitmix64(&seed) % 4; k > 0; k--)
			/* headers at both ends, where the numbers are */
			other[splitmix64(&seed) % 2 ? splitmix64(&seed) % 0xf0 :
			    len - 1 - splitmix64(&seed) % 0x560] =
			    (uint8_t)splitmix64(&seed);
		if (rv_load(&p, other, len, NULL) == 0) {
			rv_free(&p);
			free(diff(elf, other));
			taken++;
		}
		free(other);
	}
	ok(taken > 100, "%zu files of 4000 that the loader takes", taken);
}

int
main(void)
{
	struct err e;
	char *same;

	must(read_file("test/guest/fib.elf", 1 << 20, &elf, &len, &e) == 0);
	same = diff(elf, elf);
	is_str(same, "", "the same");
	free(same);
	/* .data begins at 0xbb0 of the file: input_next, then public_values */
	changed(0xbb0 + 0x10, "segment 0x0000000078002000 rw-: 1 of 112 bytes differ, "
	    "the first at +0x10\nsection .data: 1 of 112 bytes differ, the first at "
	    "+0x10\nsymbol public_values: 1 of 104 bytes differ, the first at "
	    "+0x8\n");
	changed(24, "entry: 0x78001000, 0x78001001\n");
	mutated();
	free(elf);
	return done_testing();
}
