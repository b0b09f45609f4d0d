#ifndef VM_GAS_H
#define VM_GAS_H
/* Gas, of chunks (sp1-machine(7), Gas). */
#include "vm/machine.h"

/* Begins a chunk: what is counted is from here on. */
void gas_open(struct vm *m);
/* Ends a chunk, and begins the next. */
void gas_close(struct vm *m);
/* Of all chunks, the open one too. */
uint64_t gas_total(const struct vm *m);

#endif
