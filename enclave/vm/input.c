/* The guest's input (sp1-machine(7), Input): an SP1Stdin, items of which are
 * taken from the front; the guest's own hints are pushed to the front. */
#include "vm/input.h"

#include <stdlib.h>
#include <string.h>

#include "vm/mem.h"

#define ITEM_COST 64	/* an empty item costs something too */

int
vm_take_input(struct vm *m, struct secmem *in, struct err *e)
{
	must(!m->input.p);
	m->input = *in;
	*in = (struct secmem){ 0 };
	arena_init(&m->arena, 2 * m->input.n + 4096);
	return stdin_parse(&m->items, &m->arena, m->input.p, m->input.n, e);
}

int
vm_set_input(struct vm *m, const uint8_t *in, size_t len, struct err *e)
{
	struct secmem copy = { 0 };

	if (secmem_need(&copy, len ? len : 1, e) < 0)
		return -1;
	if (len > 0)
		memcpy(copy.p, in, len);
	copy.n = len;
	return vm_take_input(m, &copy, e);
}

struct vm_proofs
vm_proofs(const struct vm *m)
{
	return (struct vm_proofs){
		m->items.nproofs, m->items.proofs, m->items.proofs_len,
	};
}

uint64_t
input_len(const struct vm *m)
{
	if (m->front)
		return m->front->len;
	return m->item < m->items.n ? m->items.item[m->item].n : UINT64_MAX;
}

const uint8_t *
input_pop(struct vm *m, struct item **owned)
{
	struct item *i = m->front;

	*owned = i;
	if (i) {
		m->front = i->next;
		m->used -= i->len + ITEM_COST;
		return i->bytes;
	}
	return m->items.item[m->item++].p;
}

uint8_t *
input_push(struct vm *m, size_t len)
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

void
input_free(struct vm *m)
{
	while (m->front) {
		struct item *i = m->front;

		m->front = i->next;
		explicit_bzero(i->bytes, i->len);
		free(i);
	}
	secmem_free(&m->input);
	arena_free(&m->arena);
}
