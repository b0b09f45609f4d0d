#include "base/avail.h"

#include <stdio.h>
#include <string.h>

/* The number that follows `name` in a file; none: -1. */
static long long
number_in(const char *path, const char *name)
{
	FILE *f = fopen(path, "re");
	long long x = -1;
	char line[128];
	size_t n = strlen(name);

	while (f && x < 0 && fgets(line, sizeof line, f))
		if (strncmp(line, name, n) == 0 &&
		    sscanf(line + n, "%lld", &x) != 1)
			x = -1;
	if (f)
		fclose(f);
	return x;
}

#define GROUP "/sys/fs/cgroup/memory."

size_t
memory_available(void)
{
	long long free = number_in("/proc/meminfo", "MemAvailable:");
	long long most = number_in(GROUP "max", "");
	long long now = number_in(GROUP "current", "");
	long long cache = number_in(GROUP "stat", "inactive_file ");

	if (free < 0)
		return 0;
	free *= 1024;
	if (most >= 0 && now >= 0) {
		most -= now - (cache > 0 ? cache : 0);
		if (most < free)
			free = most > 0 ? most : 1;
	}
	return (size_t)free;
}
