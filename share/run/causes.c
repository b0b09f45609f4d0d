#include "run/causes.h"

#include <stddef.h>

const char *
vm_cause_name(enum vm_cause c)
{
	static const char *const names[] = {
#define C(name) #name,
		VM_CAUSES(C)
#undef C
	};

	return (size_t)c < sizeof names / sizeof *names ? names[c] : "?";
}
