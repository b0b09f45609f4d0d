#ifndef RISCV_ELF_READ_H
#define RISCV_ELF_READ_H
/* Inside riscv: an ELF file's bytes, each offset checked before it is read. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reader {
	const uint8_t *p;
	size_t len;
	bool wide;		/* class 64 */
};

/* Whether size bytes from offset on are in the file, for any two numbers. */
static inline bool
inside(const struct reader *r, uint64_t offset, uint64_t size)
{
	return offset <= r->len && size <= r->len - offset;
}

/* A little-endian number of n bytes; n <= 8. */
static inline uint64_t
le(const uint8_t *p, int n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | p[n];
	return v;
}

/* Field at `at32` of 32-bit or `at64` of 64-bit files, of 4 or 8 bytes. */
static inline uint64_t
address(const struct reader *r, const uint8_t *p, int at32, int at64)
{
	return r->wide ? le(p + at64, 8) : le(p + at32, 4);
}

#endif
