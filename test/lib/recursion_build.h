#ifndef TEST_LIB_RECURSION_BUILD_H
#define TEST_LIB_RECURSION_BUILD_H
/* A program by its name: "compose 1" to "compose 4", "deferred", "shrink", "wrap";
 * "normalize CLUSTER PREP MAIN", the cluster by its number, multiples of its areas. */
#include <stdio.h>
#include <string.h>

#include "recursion/programs.h"

static int
recursion_build(struct program *p, const char *name)
{
	unsigned arity, cluster, prep, main;

	if (sscanf(name, "normalize %u %u %u", &cluster, &prep, &main) == 3)
		program_normalize(p, &air_machine_riscv()->cluster[cluster],
		    prep, main);
	else if (sscanf(name, "compose %u", &arity) == 1)
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
