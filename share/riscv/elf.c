/*
 * The ELF rules of sp1-machine(7), Program file.  Every offset of the file is
 * checked before it is read; nothing is allocated by a number from the file alone
 * but the image, whose size has a limit of ours.
 */
#include "riscv/elf_read.h"

#include <elf.h>
#include <errno.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "riscv/rv.h"

#define STACK_TOP	0x78000000ull
#define NO_ADDRESS	((1ull << 48) - 1)
#define GUEST_TOP	(1ull << 40)	/* the executor's memory ends here */
#define MAX_INSNS	(1u << 22)
#define MAX_SEGMENTS	256
#define MAX_IMAGE	(1ull << 29)	/* bytes of all segments; ours */
#define MAX_FILE	(1ull << 29)	/* ours too */
#define UNTRUSTED_CODE	0x00100000u	/* flag of segments for page protection */

struct segment {
	uint32_t type, flags;
	uint64_t offset, vaddr, filesz, memsz;
};

/* The bytes of one section, when the file has them. */
static int
section_bytes(const struct reader *r, const uint8_t *header,
    const char *name, struct err *e)
{
	uint64_t offset = address(r, header, 16, 24);
	uint64_t size = address(r, header, 20, 32);

	if (!inside(r, offset, size))
		return err_set(e, EX_DATAERR,
		    "ELF: the section %s lies outside the file", name);
	return 0;
}

/* Nothing here is used, but stock refuses a file where this is malformed. */
static int
check_sections(const struct reader *r, struct err *e)
{
	uint64_t table = address(r, r->p, 32, 40);
	const uint8_t *tail = r->p + (r->wide ? 58 : 46);
	uint64_t entry = r->wide ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
	uint64_t symbol = r->wide ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
	uint64_t n = le(tail + 2, 2);
	const uint8_t *h, *strings;

	if (table == 0)
		return 0;
	if (n == 0) {
		if (!inside(r, table, entry))
			return err_set(e, EX_DATAERR,
			    "ELF: section headers outside the file");
		n = address(r, r->p + table, 20, 32);
	}
	if (le(tail, 2) != entry)
		return err_set(e, EX_DATAERR,
		    "ELF: section headers of a wrong size");
	if (n > r->len / entry || !inside(r, table, n * entry))
		return err_set(e, EX_DATAERR,
		    "ELF: section headers outside the file");
	h = r->p + table;
	while (n > 0 && le(h + 4, 4) != SHT_SYMTAB) {
		h += entry;
		n--;
	}
	if (n == 0)
		return 0;
	n = (uint64_t)(h - (r->p + table)) / entry + n;
	if (address(r, h, 36, 56) != symbol)
		return err_set(e, EX_DATAERR, "ELF: symbols of a wrong size");
	if (le(h + (r->wide ? 40 : 24), 4) >= n)
		return err_set(e, EX_DATAERR,
		    "ELF: the symbol table has no string table");
	strings = r->p + table + le(h + (r->wide ? 40 : 24), 4) * entry;
	if (section_bytes(r, h, ".symtab", e) ||
	    section_bytes(r, strings, ".strtab", e))
		return -1;
	return 0;
}

static int
check_header(struct reader *r, struct err *e)
{
	if (r->len < EI_NIDENT || memcmp(r->p, ELFMAG, SELFMAG) != 0)
		return err_set(e, EX_DATAERR, "not an ELF file");
	if (r->p[EI_VERSION] != EV_CURRENT)
		return err_set(e, EX_DATAERR, "ELF: unknown version %d",
		    r->p[EI_VERSION]);
	if (r->p[EI_CLASS] != ELFCLASS32 && r->p[EI_CLASS] != ELFCLASS64)
		return err_set(e, EX_DATAERR, "ELF: unknown class %d",
		    r->p[EI_CLASS]);
	if (r->p[EI_DATA] != ELFDATA2LSB)
		return err_set(e, EX_DATAERR, "ELF: not little-endian");
	r->wide = r->p[EI_CLASS] == ELFCLASS64;
	if (r->len < (r->wide ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr)))
		return err_set(e, EX_DATAERR, "ELF: header cut short");
	if (le(r->p + 18, 2) != EM_RISCV)
		return err_set(e, EX_DATAERR, "ELF: not for RISC-V");
	if (le(r->p + 16, 2) != ET_EXEC)
		return err_set(e, EX_DATAERR, "ELF: not an executable");
	return check_sections(r, e);
}

static struct segment
segment_at(const struct reader *r, const uint8_t *p)
{
	struct segment s = {
		.type = (uint32_t)le(p, 4),
		.flags = (uint32_t)le(p + (r->wide ? 4 : 24), 4),
		.offset = address(r, p, 4, 8),
		.vaddr = address(r, p, 8, 16),
		.filesz = address(r, p, 16, 32),
		.memsz = address(r, p, 20, 40),
	};

	return s;
}

/* A note that asks for page protection makes it another machine
 * (sp1-machine(7)), which proves under other keys: such a program is refused,
 * not run wrongly. */
static int
check_note(const struct reader *r, const struct segment *s,
    struct err *e)
{
	static const uint8_t desc[4] = { '1', 0, 0, 0 };
	const uint8_t *p;
	uint64_t left;

	if (!inside(r, s->offset, s->filesz))
		return err_set(e, EX_DATAERR,
		    "ELF: a note segment lies outside the file");
	p = r->p + s->offset;
	left = s->filesz;
	while (left > 0) {
		uint64_t name, size, padded;

		if (left < 12)
			return err_set(e, EX_DATAERR, "ELF: note cut short");
		name = le(p, 4);
		size = le(p + 4, 4);
		padded = (name + 3) / 4 * 4;
		if (padded + size > left - 12)
			return err_set(e, EX_DATAERR, "ELF: note cut short");
		if (le(p + 8, 4) == 1 && size == 20 &&
		    (name == 8 || (name > 8 && p[12 + 8] == 0)) &&
		    memcmp(p + 12, "SUCCINCT", 8) == 0 &&
		    memcmp(p + 12 + padded, desc, sizeof desc) == 0)
			return err_set(e, EX_DATAERR,
			    "ELF: needs page protection (a SUCCINCT note), "
			    "which this machine does not have");
		size = (size + 3) / 4 * 4 + padded + 12;
		if (size > left)
			size = left;
		p += size;
		left -= size;
	}
	return 0;
}

static bool
is_code(const struct segment *s)
{
	return s->flags & PF_X && !(s->flags & UNTRUSTED_CODE);
}

/* Bytes that the loader takes from the file: whole steps of 4. */
static uint64_t
file_bytes(const struct segment *s)
{
	uint64_t all = (s->memsz + 3) / 4 * 4;

	return s->filesz < all ? s->filesz : all;
}

static int
check_load(const struct reader *r, const struct segment *s,
    uint64_t prev_end, struct err *e)
{
	unsigned long long at = s->vaddr;

	if (s->filesz == NO_ADDRESS || s->memsz == NO_ADDRESS)
		return err_set(e, EX_DATAERR,
		    "ELF: segment at 0x%llx: invalid size", at);
	if (s->vaddr < STACK_TOP)
		return err_set(e, EX_DATAERR,
		    "ELF: segment at 0x%llx: below the stack's top, "
		    "0x78000000", at);
	if (!(s->flags & PF_R))
		return err_set(e, EX_DATAERR,
		    "ELF: segment at 0x%llx: not readable", at);
	if (s->flags & PF_X && s->flags & PF_W)
		return err_set(e, EX_DATAERR,
		    "ELF: segment at 0x%llx: writable and executable", at);
	if (prev_end > s->vaddr)
		return err_set(e, EX_DATAERR,
		    "ELF: segment at 0x%llx: not in ascending order", at);
	if (s->vaddr % 4 != 0)
		return err_set(e, EX_DATAERR,
		    "ELF: segment at 0x%llx: address is no multiple of 4", at);
	if (s->vaddr > GUEST_TOP || s->memsz > GUEST_TOP - s->vaddr ||
	    s->filesz > UINT64_MAX - s->vaddr)
		return err_set(e, EX_DATAERR,
		    "ELF: segment at 0x%llx: reaches beyond 2^40", at);
	if (!inside(r, s->offset, file_bytes(s)))
		return err_set(e, EX_DATAERR,
		    "ELF: segment at 0x%llx: lies outside the file", at);
	return 0;
}

static int
load_code(struct rv_program *p, const uint8_t *bytes, uint64_t size,
    uint64_t vaddr, struct err *e)
{
	uint64_t n = (size + 3) / 4;
	struct rv_insn *insn;

	if (!p->insn)
		p->pc_base = vaddr;
	if (vaddr != p->pc_base + 4 * (uint64_t)p->n)
		return err_set(e, EX_DATAERR,
		    "ELF: segment at 0x%llx: code does not follow code",
		    (unsigned long long)vaddr);
	if (n > MAX_INSNS - p->n)
		return err_set(e, EX_DATAERR,
		    "ELF: more than 2^22 instructions");
	insn = realloc(p->insn, (p->n + n + 1) * sizeof *insn);
	if (!insn)
		return err_set(e, EX_OSERR, "out of memory for code");
	p->insn = insn;
	for (uint64_t i = 0; i < n; i++) {
		uint64_t left = size - 4 * i;
		uint32_t word = (uint32_t)le(bytes + 4 * i,
		    left < 4 ? (int)left : 4);

		if (rv_decode(&p->insn[p->n], word))
			return err_set(e, EX_DATAERR,
			    "ELF: cannot decode instruction 0x%08x at 0x%llx",
			    word, (unsigned long long)(vaddr + 4 * i));
		p->n++;
	}
	return 0;
}

/* Adds v to the word at addr - addr % 8, which is the last one or a new one. */
static void
image_add(struct rv_program *p, uint64_t addr, uint64_t v)
{
	uint64_t word = addr & ~7ull;

	if (p->nimage == 0 || p->image[p->nimage - 1].addr != word) {
		p->image[p->nimage].addr = word;
		p->image[p->nimage++].value = 0;
	}
	p->image[p->nimage - 1].value += addr % 8 ? v << 32 : v;
}

static int
load_image(struct rv_program *p, const uint8_t *bytes,
    const struct segment *s, uint64_t *total, struct err *e)
{
	uint64_t size = file_bytes(s);
	uint64_t words = s->memsz / 8 + 2;
	struct rv_word *image;

	*total += s->memsz;
	if (*total > MAX_IMAGE)
		return err_set(e, EX_DATAERR,
		    "ELF: segments of more than %llu MiB", MAX_IMAGE >> 20);
	image = realloc(p->image, (p->nimage + words) * sizeof *image);
	if (!image)
		return err_set(e, EX_OSERR, "out of memory for the image");
	p->image = image;
	for (uint64_t i = 0; i < s->memsz; i += 4) {
		uint64_t v = 0;

		if (i < size)
			v = le(bytes + i, size - i < 4 ? (int)(size - i) : 4);
		image_add(p, s->vaddr + i, v);
	}
	return 0;
}

static int
load_segments(struct rv_program *p, const struct reader *r,
    struct err *e)
{
	uint64_t table = address(r, r->p, 28, 32);
	const uint8_t *tail = r->p + (r->wide ? 54 : 42);
	uint64_t entry = r->wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	uint64_t n = le(tail + 2, 2);
	uint64_t prev_end = 0, total = 0;
	bool code = false;

	if (table == 0)
		return err_set(e, EX_DATAERR, "ELF: no program headers");
	if (le(tail, 2) != entry)
		return err_set(e, EX_DATAERR,
		    "ELF: program headers of a wrong size");
	if (n > MAX_SEGMENTS)
		return err_set(e, EX_DATAERR,
		    "ELF: more than %d program headers", MAX_SEGMENTS);
	if (!inside(r, table, n * entry))
		return err_set(e, EX_DATAERR,
		    "ELF: program headers outside the file");
	for (uint64_t i = 0; i < n; i++) {
		struct segment s = segment_at(r, r->p + table + i * entry);

		if (s.type == PT_NOTE && check_note(r, &s, e))
			return -1;
		if (s.type != PT_LOAD)
			continue;
		if (check_load(r, &s, prev_end, e))
			return -1;
		code |= is_code(&s);
		if (is_code(&s) && load_code(p, r->p + s.offset,
		    file_bytes(&s), s.vaddr, e))
			return -1;
		if (load_image(p, r->p + s.offset, &s, &total, e))
			return -1;
		prev_end = s.vaddr + s.memsz;
	}
	if (!code)
		return err_set(e, EX_DATAERR, "ELF: no executable segment");
	if (p->n == 0)
		return err_set(e, EX_DATAERR, "ELF: no instructions");
	return 0;
}

int
rv_load(struct rv_program *p, const uint8_t *elf, size_t len, struct err *e)
{
	struct reader r = { elf, len, false };

	memset(p, 0, sizeof *p);
	if (check_header(&r, e))
		return -1;
	p->pc_start = address(&r, elf, 24, 24);
	if (p->pc_start % 4 != 0)
		return err_set(e, EX_DATAERR,
		    "ELF: entry 0x%llx is no multiple of 4",
		    (unsigned long long)p->pc_start);
	if (load_segments(p, &r, e)) {
		rv_free(p);
		return -1;
	}
	if (!EVP_Digest(elf, len, p->sha256, NULL, EVP_sha256(), NULL)) {
		rv_free(p);
		return err_set(e, EX_OSERR, "cannot hash the ELF");
	}
	return 0;
}

int
rv_load_file(struct rv_program *p, const char *path, struct err *e)
{
	FILE *f = fopen(path, "rb");
	uint8_t *buf = NULL;
	size_t len = 0, room = 0;
	int rc = -1;

	memset(p, 0, sizeof *p);
	if (!f)
		return err_set(e, errno == ENOENT ? EX_NOINPUT : EX_IOERR,
		    "cannot open %s:", path);
	for (;;) {
		size_t n;

		if (len == room) {
			uint8_t *more;

			room = room ? 2 * room : 1 << 18;
			more = room > MAX_FILE ? NULL : realloc(buf, room);
			if (!more) {
				err_set(e, EX_DATAERR, "%s: too large", path);
				goto out;
			}
			buf = more;
		}
		n = fread(buf + len, 1, room - len, f);
		if (n == 0)
			break;
		len += n;
	}
	if (ferror(f)) {
		err_set(e, EX_IOERR, "cannot read %s:", path);
		goto out;
	}
	rc = rv_load(p, buf, len, e);
	if (rc)
		err_prefix(e, "%s", path);
out:
	free(buf);
	fclose(f);
	return rc;
}

void
rv_free(struct rv_program *p)
{
	free(p->insn);
	free(p->image);
	memset(p, 0, sizeof *p);
}
