#ifndef VM_CALLS_H
#define VM_CALLS_H
/* ECALL: system calls, and hooks. */
#include "vm/machine.h"

struct exec_call {
	uint32_t number;
	const char *name;
	int (*handler)(struct vm *m, const struct exec_call *c, uint64_t a0,
	    uint64_t a1, uint64_t *result);
	uint8_t chip, control, rows;
	bool table, retained;
};
extern const struct exec_call vm_calls[CALL_COUNT];

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
