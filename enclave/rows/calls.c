#include "rows/calls.h"

#include <stdlib.h>

static const char *const chip_name[] = {
#define VM_CHIP(name, ...) #name,
#include "run/chips.def"
#undef VM_CHIP
};

enum {
#define VM_CHIP(name, columns, complexity) COLUMNS_##name = columns,
#include "run/chips.def"
#undef VM_CHIP
};

enum {
#define ACCESSES(name, accesses, words) \
	ACCESSES_##name = accesses, WORDS_##name = words,
#include "rows/calls.def"
#undef ACCESSES
};

/* SyscallPrecompile's columns are SyscallCore's.  A word's history is a row of
 * MemoryLocal and two of Global. */
#define EVENT_COLUMNS (COLUMNS_SyscallCore + COLUMNS_Global)
#define WORD_COLUMNS (COLUMNS_MemoryLocal + 2 * COLUMNS_Global)
#define HIGHER(a, b) ((a) > (b) ? (a) : (b))

static const struct call calls[] = {
#define VM_SYSCALL(...)
#define VM_PRECOMPILE(number, name, handler, chip, control, rows, retained) { \
	number, #name, CALL_CHIP_##chip, retained, ACCESSES_##name, \
	rows * COLUMNS_##chip + COLUMNS_##control + EVENT_COLUMNS + \
	WORDS_##name * WORD_COLUMNS, HIGHER(rows, 2 * WORDS_##name + 1)},
#include "run/syscalls.def"
#undef VM_SYSCALL
#undef VM_PRECOMPILE
};
#define NCALLS (sizeof calls / sizeof *calls)

const struct call *
call_of(uint32_t code)
{
	for (unsigned i = 0; i < NCALLS; i++)
		if (calls[i].code == code)
			return &calls[i];
	return NULL;
}

const char *
call_chip_name(enum call_chip chip)
{
	return chip_name[chip];
}

uint32_t
call_first_code(enum call_chip chip)
{
	uint32_t code = UINT32_MAX;

	for (unsigned i = 0; i < NCALLS; i++)
		if (calls[i].chip == chip && calls[i].code < code)
			code = calls[i].code;
	return code;
}

/* Position among a chip's events: by code where the chip has them so. */
static unsigned
pass_of(const struct call *c)
{
	return c->chip == CALL_CHIP_Uint256Ops && (c->code & 1);
}

/* Deferred events leave their execution shard. */
static bool
event_in_shard(const struct shard_events *s, const struct precompile_event *p)
{
	return s->kind == SHARD_PRECOMPILE ||
	    !(p->head.flags & REC_DEFERRED);
}

int
prepare_calls(struct shard_events *s, struct err *e)
{
	struct call_lists *l;
	size_t n[CALL_CHIP_COUNT];

	l = calloc(1, sizeof *l);
	if (l)
		l->event = calloc(s->nprecompile + 1, sizeof *l->event);
	if (!l || !l->event) {
		free(l);
		return err_set(e, EX_OSERR, "no memory for a shard's calls");
	}
	s->calls = l;
	for (size_t i = 0; i < s->nprecompile; i++) {
		const struct precompile_event *p = &s->precompile[i];

		if (event_in_shard(s, p))
			l->first[call_of(p->head.code)->chip + 1]++;
	}
	for (unsigned c = 0; c < CALL_CHIP_COUNT; c++) {
		n[c] = l->first[c];
		l->first[c + 1] += l->first[c];
	}
	for (unsigned pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < s->nprecompile; i++) {
			const struct precompile_event *p = &s->precompile[i];
			const struct call *c = call_of(p->head.code);

			if (event_in_shard(s, p) && pass_of(c) == pass)
				l->event[n[c->chip]++] = p;
		}
	return 0;
}
