#ifndef VM_INPUT_H
#define VM_INPUT_H
/* The guest's input: items that HINT_READ takes, and the guest's own hints before them. */
#include "vm/machine.h"

struct item {			/* a hint, pushed to the front of the input */
	struct item *next;
	size_t len;
	uint8_t bytes[];
};

/* The front item's length in bytes; UINT64_MAX: there is none. */
uint64_t input_len(const struct vm *m);
/* Pops the front item, of which there must be one; valid until the next push or pop.
 * *owned: free it (NULL: nothing to free). */
const uint8_t *input_pop(struct vm *m, struct item **owned);
/* Makes room for a new front item of len bytes, charged as memory. */
uint8_t *input_push(struct vm *m, size_t len);
/* Wipes and frees all of the input. */
void input_free(struct vm *m);

#endif
