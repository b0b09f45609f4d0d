#ifndef WIRE_STDIN_H
#define WIRE_STDIN_H
/*
 * SP1Stdin, a guest's input, as bincode (sp1-machine(7), Input): a count of
 * items and each with its length, the u64 ptr (which nobody reads), a count of
 * proofs for recursion and these proofs, which are not looked into here.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct stdin_item {
	const uint8_t *p;
	size_t n;
};

struct sp1_stdin {
	struct stdin_item *item;
	size_t n;
	uint64_t ptr;
	uint64_t nproofs;
	const uint8_t *proofs;	/* as they came */
	size_t proofs_len;
};

/* The items point into `in`; the table of them comes from the arena and needs
 * at most twice what `in` takes, and 64 bytes.  EX_DATAERR; bytes after the end
 * are refused too. */
CHECKED int stdin_parse(struct sp1_stdin *s, struct arena *a, const uint8_t *in,
    size_t n, struct err *e);

/* Bytes of *s, encoded. */
size_t stdin_size(const struct sp1_stdin *s);
/* Writes stdin_size(s) bytes. */
void stdin_write(uint8_t *out, const struct sp1_stdin *s);

#endif
