#include "riscv/parts.h"

#include <elf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "riscv/elf_read.h"

#define NAME 200	/* bytes of a name that are kept */

static int
add(struct parts *p, enum part_kind kind, const char *name, size_t n, uint64_t at,
    uint64_t size, struct err *e)
{
	size_t have = p->n[kind];
	char *copy = strndup(name, n < NAME ? n : NAME);
	struct part *all = p->part[kind];

	/* room doubles */
	if (copy && (have & (have - 1)) == 0)
		all = realloc(p->part[kind], (have ? 2 * have : 1) * sizeof *all);
	if (!copy || !all) {
		free(copy);
		return err_set(e, EX_OSERR, "out of memory");
	}
	for (char *c = copy; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	p->part[kind] = all;
	all[have] = (struct part){ copy, at, size };
	p->n[kind]++;
	return 0;
}

/* A string of the table at an offset: NULL unless it ends there. */
static const char *
name_at(const struct reader *r, const uint8_t *table, uint64_t at, size_t *n)
{
	uint64_t offset = address(r, table, 16, 24), size = address(r, table, 20, 32);
	const char *s;

	if (!inside(r, offset, size) || at >= size)
		return NULL;
	s = (const char *)r->p + offset + at;
	*n = strnlen(s, size - at);
	return *n < size - at ? s : NULL;
}

static int
read_segments(struct parts *p, const struct reader *r, struct err *e)
{
	const uint8_t *h = r->p + address(r, r->p, 28, 32);
	size_t entry = r->wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	uint64_t n = le(r->p + (r->wide ? 56 : 44), 2);
	char name[40];

	p->load = calloc(n + 1, sizeof *p->load);
	if (!p->load)
		return err_set(e, EX_OSERR, "out of memory");
	for (; n > 0; n--, h += entry) {
		uint32_t flags = (uint32_t)le(h + (r->wide ? 4 : 24), 4);
		struct part_load s = { address(r, h, 8, 16), address(r, h, 20, 40),
			address(r, h, 16, 32), NULL };
		uint64_t offset = address(r, h, 4, 8);

		if (le(h, 4) != PT_LOAD)
			continue;
		if (s.file > s.memory)
			s.file = s.memory;
		if (!inside(r, offset, s.file))
			return err_set(e, EX_DATAERR, "ELF: segment outside the file");
		s.p = r->p + offset;
		p->load[p->nload++] = s;
		snprintf(name, sizeof name, "0x%016" PRIx64 " %c%c%c", s.at,
		    flags & PF_R ? 'r' : '-', flags & PF_W ? 'w' : '-',
		    flags & PF_X ? 'x' : '-');
		if (add(p, PART_SEGMENT, name, sizeof name, s.at, s.memory, e) < 0)
			return -1;
	}
	return 0;
}

static int
read_symbols(struct parts *p, const struct reader *r, const uint8_t *table,
    const uint8_t *strings, struct err *e)
{
	uint64_t offset = address(r, table, 16, 24), size = address(r, table, 20, 32);
	size_t entry = r->wide ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);

	if (!inside(r, offset, size))
		return 0;
	for (; size >= entry; size -= entry, offset += entry) {
		const uint8_t *s = r->p + offset;
		int type = s[r->wide ? 4 : 12] & 0xf;
		uint64_t bytes = address(r, s, 8, 16);
		const char *name;
		size_t n;

		if ((type != STT_FUNC && type != STT_OBJECT) || bytes == 0 ||
		    le(s + (r->wide ? 6 : 14), 2) == SHN_UNDEF ||
		    !(name = name_at(r, strings, le(s, 4), &n)))
			continue;
		if (add(p, PART_SYMBOL, name, n, address(r, s, 4, 8), bytes, e) < 0)
			return -1;
	}
	return 0;
}

static int
read_sections(struct parts *p, const struct reader *r, struct err *e)
{
	uint64_t table = address(r, r->p, 32, 40), n, names;
	const uint8_t *tail = r->p + (r->wide ? 60 : 48);
	size_t entry = r->wide ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
	const uint8_t *first = r->p + table;

	n = le(tail, 2);
	names = le(tail + 2, 2);
	if (table == 0 || n == 0 || names >= n || !inside(r, table, n * entry))
		return 0;
	for (uint64_t i = 0; i < n; i++) {
		const uint8_t *h = first + i * entry;
		uint64_t flags = address(r, h, 8, 8), size = address(r, h, 20, 32);
		uint32_t link = (uint32_t)le(h + (r->wide ? 40 : 24), 4);
		const char *name;
		size_t len;

		if (le(h + 4, 4) == SHT_SYMTAB && link < n &&
		    read_symbols(p, r, h, first + link * entry, e) < 0)
			return -1;
		if (!(flags & SHF_ALLOC) || size == 0 ||
		    !(name = name_at(r, first + names * entry, le(h, 4), &len)))
			continue;
		if (add(p, PART_SECTION, name, len, address(r, h, 12, 16), size, e)
		    < 0)
			return -1;
	}
	return 0;
}

static int
by_name(const void *x, const void *y)
{
	const struct part *a = x, *b = y;
	int c = strcmp(a->name, b->name);

	return c ? c : a->at < b->at ? -1 : a->at > b->at;
}

int
parts_read(struct parts *p, const uint8_t *elf, size_t len, struct err *e)
{
	struct reader r = { elf, len, elf[EI_CLASS] == ELFCLASS64 };

	memset(p, 0, sizeof *p);
	p->entry = address(&r, elf, 24, 24);
	if (read_segments(p, &r, e) < 0 || read_sections(p, &r, e) < 0)
		return -1;
	for (int k = 0; k < PART_KINDS; k++)
		if (p->n[k])
			qsort(p->part[k], p->n[k], sizeof *p->part[k], by_name);
	return 0;
}

void
parts_free(struct parts *p)
{
	for (int k = 0; k < PART_KINDS; k++) {
		for (size_t i = 0; i < p->n[k]; i++)
			free(p->part[k][i].name);
		free(p->part[k]);
	}
	free(p->load);
	memset(p, 0, sizeof *p);
}

/* The bytes from an address on that lie together, *n of them, at most `most`; NULL where
 * they are zeros, or no memory of the program's. */
static const uint8_t *
bytes_at(const struct parts *p, uint64_t at, uint64_t most, uint64_t *n)
{
	*n = most;
	for (size_t i = 0; i < p->nload; i++) {
		const struct part_load *s = &p->load[i];

		if (at < s->at) {
			if (*n > s->at - at)
				*n = s->at - at;
			return NULL;
		}
		if (at - s->at < s->file) {
			if (*n > s->file - (at - s->at))
				*n = s->file - (at - s->at);
			return s->p + (at - s->at);
		}
	}
	return NULL;
}

/* How many bytes of two spans differ; *first: the first one's place. */
static uint64_t
count(const struct parts *a, uint64_t at_a, const struct parts *b, uint64_t at_b,
    uint64_t size, uint64_t *first)
{
	uint64_t differ = 0, n, m;

	for (uint64_t i = 0; i < size; i += n) {
		const uint8_t *p = bytes_at(a, at_a + i, size - i, &m),
		    *q = bytes_at(b, at_b + i, m, &n);

		for (uint64_t k = 0; (p || q) && k < n; k++)
			if ((p ? p[k] : 0) != (q ? q[k] : 0) && differ++ == 0)
				*first = i + k;
	}
	return differ;
}

/* What makes two parts of one name differ, in text; *moved: their place alone does. */
static bool
differ(char *text, size_t room, const struct parts *a, const struct part *x,
    const struct parts *b, const struct part *y, bool *moved)
{
	uint64_t size = x->size < y->size ? x->size : y->size, first = 0,
	    n = count(a, x->at, b, y->at, size, &first);
	int k = 0;

	*moved = n == 0 && x->size == y->size && x->at != y->at;
	if (x->at != y->at)
		k += snprintf(text, room, "at 0x%" PRIx64 ", at 0x%" PRIx64, x->at,
		    y->at);
	if (x->size != y->size)
		k += snprintf(text + k, room - (size_t)k, "%s%" PRIu64 " bytes, %"
		    PRIu64, k ? "; " : "", x->size, y->size);
	if (n)
		k += snprintf(text + k, room - (size_t)k, "%s%" PRIu64 " of %" PRIu64
		    " bytes differ, the first at +0x%" PRIx64, k ? "; " : "", n,
		    size, first);
	return k > 0;
}

/* The lines of one kind, in the order of their names. */
static void
diff_kind(FILE *f, enum part_kind kind, const struct parts *a,
    const struct parts *b, size_t most)
{
	static const char *const kinds[] = { "segment", "section", "symbol" };
	const struct part *x = a->part[kind], *y = b->part[kind];
	size_t i = 0, j = 0, said = 0, left = 0, still = 0;
	char text[200];
	bool moved;

	while (i < a->n[kind] || j < b->n[kind]) {
		int c = i == a->n[kind] ? 1 : j == b->n[kind] ? -1 :
		    strcmp(x[i].name, y[j].name);
		const char *name = c > 0 ? y[j].name : x[i].name;

		moved = false;
		if (c != 0)
			snprintf(text, sizeof text, "only in the %s, %" PRIu64
			    " bytes", c < 0 ? "first" : "second",
			    c < 0 ? x[i].size : y[j].size);
		if (c != 0 || differ(text, sizeof text, a, &x[i], b, &y[j],
		    &moved)) {
			if (kind == PART_SYMBOL && moved)
				still++;
			else if (kind == PART_SYMBOL && said == most)
				left++;
			else {
				fprintf(f, "%s %s: %s\n", kinds[kind], name, text);
				said++;
			}
		}
		i += c <= 0;
		j += c >= 0;
	}
	if (left)
		fprintf(f, "and %zu symbols more\n", left);
	if (still)
		fprintf(f, "symbols that only moved: %zu\n", still);
}

void
parts_diff(FILE *f, const struct parts *a, const struct parts *b, size_t most)
{
	if (a->entry != b->entry)
		fprintf(f, "entry: 0x%" PRIx64 ", 0x%" PRIx64 "\n", a->entry,
		    b->entry);
	for (int k = 0; k < PART_KINDS; k++)
		diff_kind(f, (enum part_kind)k, a, b, most);
}
