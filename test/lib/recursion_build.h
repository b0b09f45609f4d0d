#ifndef TEST_RECURSION_BUILD_H
#define TEST_RECURSION_BUILD_H
/* A program by its name: "compose 1" to "compose 4", "deferred", "shrink",
 * "wrap". */
#include <stdio.h>
#include <string.h>

#include "recursion/programs.h"

static int
recursion_build(struct program *p, const char *name)
{
	unsigned arity;

	if (sscanf(name, "compose %u", &arity) == 1)
		program_compose(p, arity);
	else if (strcmp(name, "shrink") == 0)
		program_shrink(p);
	else if (strcmp(name, "deferred") == 0)
		program_deferred(p);
	else if (strcmp(name, "wrap") == 0)
		program_wrap(p);
	else
		return -1;
	return 0;
}

#endif
