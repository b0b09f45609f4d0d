#ifndef VM_CALLS_H
#define VM_CALLS_H
/* ECALL: system calls, and hooks. */
#include "vm/machine.h"

/* What a call does: a0 and a1 are x10 and x11; *result, which is the call's number at
 * first, is what x5 gets. */
#define HANDLER(name) \
	int name(struct vm *m, const struct exec_call *c, uint64_t a0, \
	    uint64_t a1, uint64_t *result)

/* One ECALL, of the registers' values; *result: what x5 gets.  After
 * ENTER_UNCONSTRAINED m->in_block is set, and the caller runs the block. */
CHECKED int vm_ecall(struct vm *m, uint64_t *result);

/* What the guest wrote to descriptors 15 to 21: the answers become the input's front.
 * Others are ignored. */
CHECKED int hook_call(struct vm *m, uint32_t fd, const uint8_t *in, size_t len);

#endif
