/* The guest's input (executor.md 3.1): an SP1Stdin, items of which are taken from
 * the front; the guest's own hints are pushed to the front. */
#include "vm/machine.h"

#include <stdlib.h>
#include <string.h>

#define ITEM_COST 64	/* an empty item costs something too */

static uint64_t le64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof v);
	return v;
}

static int malformed(struct err *e, const char *what, uint64_t i)
{
	return err_set(e, EX_DATAERR, "input: %s at byte %llu", what,
	    (unsigned long long)i);
}

/* u64 n, n items of u64 length and bytes, u64 ptr, u64 number of proofs. */
int vm_set_input(struct vm *m, const uint8_t *in, size_t len, struct err *e)
{
	uint64_t n, at = 8;

	if (len < 8)
		return malformed(e, "cut short", len);
	n = le64(in);
	if (n > (len - 8) / 8)
		return malformed(e, "more items than bytes", 0);
	for (uint64_t i = 0; i < n; i++) {
		uint64_t size;

		if (len - at < 8)
			return malformed(e, "cut short", len);
		size = le64(in + at);
		if (size > len - at - 8)
			return malformed(e, "an item reaches beyond the end", at);
		at += 8 + size;
	}
	if (len - at < 16)
		return malformed(e, "cut short", len);
	if (le64(in + at + 8) != 0)
		return err_set(e, EX_DATAERR, "input: carries %llu proofs, "
		    "which this machine cannot verify",
		    (unsigned long long)le64(in + at + 8));
	if (len - at > 16)
		return malformed(e, "trailing bytes", at + 16);
	must(!m->input);
	m->input = malloc(len);
	if (!m->input)
		return err_set(e, EX_OSERR, "out of memory for the input");
	memcpy(m->input, in, len);
	m->ninput = len;
	m->item = m->input + 8;
	m->items_left = n;
	return 0;
}

uint64_t input_len(const struct vm *m)
{
	if (m->front)
		return m->front->len;
	return m->items_left ? le64(m->item) : UINT64_MAX;
}

const uint8_t *input_pop(struct vm *m, struct item **owned)
{
	struct item *i = m->front;
	const uint8_t *bytes;

	*owned = i;
	if (i) {
		m->front = i->next;
		m->used -= i->len + ITEM_COST;
		return i->bytes;
	}
	bytes = m->item + 8;
	m->item = bytes + le64(m->item);
	m->items_left--;
	return bytes;
}

uint8_t *input_push(struct vm *m, size_t len)
{
	struct item *i;

	if (mem_charge(m, len + ITEM_COST))
		return NULL;
	i = malloc(sizeof *i + len);
	if (!i) {
		vm_fail(m, VM_HostError, "out of memory for a hint");
		return NULL;
	}
	i->len = len;
	i->next = m->front;
	m->front = i;
	return i->bytes;
}

void input_free(struct vm *m)
{
	while (m->front) {
		struct item *i = m->front;

		m->front = i->next;
		explicit_bzero(i->bytes, i->len);
		free(i);
	}
	if (m->input)
		explicit_bzero(m->input, m->ninput);
	free(m->input);
}
