#include <stdarg.h>
#include <stdio.h>

#include "vm/machine.h"

int
vm_fail(struct vm *m, enum vm_cause c, const char *fmt, ...)
{
	va_list ap;

	if (m->failed)
		return -1;
	m->failed = true;
	m->result.cause = c;
	va_start(ap, fmt);
	vsnprintf(m->result.detail, sizeof m->result.detail, fmt, ap);
	va_end(ap);
	return -1;
}

int
vm_unprovable(struct vm *m, const struct exec_call *c, const char *what)
{
	return vm_fail(m, VM_Unprovable, "%s: %s: this runs, but has no proof",
	    c->name, what);
}
