#ifndef RISCV_PARTS_H
#define RISCV_PARTS_H
/*
 * What an ELF file's parts are called, and in which of them two programs differ: for people
 * who look for what made another key of the same source.  The key knows segments and the
 * entry alone.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

struct part {
	char *name;		/* of a segment "0x0000000078000000 r-x" */
	uint64_t at, size;	/* in memory */
};

/* Each kind by names, then addresses. */
enum part_kind { PART_SEGMENT, PART_SECTION, PART_SYMBOL, PART_KINDS };

/* A span of memory that comes from the file, zeros after it. */
struct part_load {
	uint64_t at, memory, file;
	const uint8_t *p;
};

struct parts {
	uint64_t entry;
	struct part *part[PART_KINDS];
	size_t n[PART_KINDS];
	struct part_load *load;	/* ascending; into the file's bytes */
	size_t nload;
};

/* Of a file that rv_load() takes: segments that are loaded, sections that have memory,
 * symbols of functions and objects with a size, as far as the file has them whole.  It must
 * live as long as *p.  EX_OSERR, EX_DATAERR.  Free it either way. */
CHECKED int parts_read(struct parts *p, const uint8_t *elf, size_t len,
    struct err *e);
/* Frees names and lists, not *p, and clears it. */
void parts_free(struct parts *p);

/* Writes a line for each part that one of the two lacks, or that differs in place, size or
 * bytes; of symbols `most` at most, and how many only moved.  Names of control characters
 * and such are written with '?'. */
void parts_diff(FILE *f, const struct parts *a, const struct parts *b, size_t most);

#endif
