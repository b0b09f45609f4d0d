#include "base/avail.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define LINE 8192		/* of mountinfo */

/* One version of control groups: its files, and the line of /proc/self/cgroup. */
static const struct version {
	const char *type;	/* of its file system */
	const char *limit, *usage, *cache;
} versions[] = {
	{"cgroup2", "memory.max", "memory.current", "inactive_file "},
	{"cgroup", "memory.limit_in_bytes", "memory.usage_in_bytes",
	    "total_inactive_file "},
};

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

/* Whether a comma-separated list holds the word. */
static bool
lists(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; p; p = strchr(p, ',')) {
		p += *p == ',';
		if (strncmp(p, word, n) == 0 && (p[n] == ',' || p[n] == '\0'))
			return true;
	}
	return false;
}

/* This process's group of that version; lines are "NUMBER:CONTROLLERS:PATH", and of
 * version 2 "0::PATH".  false: it has none. */
static bool
group_of(char path[static PATH_MAX], const char *root, const struct version *v)
{
	char name[PATH_MAX], line[LINE];
	bool found = false;
	FILE *f;

	snprintf(name, sizeof name, "%s/proc/self/cgroup", root);
	f = fopen(name, "re");
	while (f && !found && fgets(line, sizeof line, f)) {
		char *list = strchr(line, ':'), *p;

		line[strcspn(line, "\n")] = '\0';
		if (!list || !(p = strchr(++list, ':')))
			continue;
		*p++ = '\0';
		found = v == versions ? *list == '\0' : lists(list, "memory");
		if (found)
			snprintf(path, PATH_MAX, "%s", p);
	}
	if (f)
		fclose(f);
	return found;
}

/* Where that version's memory groups are mounted, and which group that is the place of.
 * Lines of mountinfo: "ID PARENT DEVICE GROUP PLACE OPTIONS ... - TYPE SOURCE OPTIONS". */
static bool
mount_of(char place[static PATH_MAX], char group[static PATH_MAX],
    const char *root, const struct version *v)
{
	char name[PATH_MAX], line[LINE], type[64], options[LINE];
	bool found = false;
	FILE *f;

	snprintf(name, sizeof name, "%s/proc/self/mountinfo", root);
	f = fopen(name, "re");
	while (f && !found && fgets(line, sizeof line, f)) {
		const char *rest = strstr(line, " - ");

		found = rest && sscanf(line, "%*s %*s %*s %4095s %4095s",
		    group, place) == 2 &&
		    sscanf(rest + 3, "%63s %*s %8191s", type, options) == 2 &&
		    strcmp(type, v->type) == 0 &&
		    (v == versions || lists(options, "memory"));
	}
	if (f)
		fclose(f);
	return found;
}

/* What the group in this folder leaves; LLONG_MAX: any. */
static long long
left_in(const char *folder, const struct version *v)
{
	char path[3 * PATH_MAX + 32];
	long long limit, usage, cache;

	snprintf(path, sizeof path, "%s/%s", folder, v->limit);
	limit = number_in(path, "");
	snprintf(path, sizeof path, "%s/%s", folder, v->usage);
	usage = number_in(path, "");
	snprintf(path, sizeof path, "%s/memory.stat", folder);
	cache = number_in(path, v->cache);
	if (limit < 0 || usage < 0)
		return LLONG_MAX;
	usage -= cache > 0 && cache <= usage ? cache : 0;
	return limit > usage ? limit - usage : 1;
}

/* The least that this process's group and those above it leave. */
static long long
left_by_groups(const char *root, const struct version *v)
{
	char path[PATH_MAX], place[PATH_MAX], group[PATH_MAX];
	char folder[3 * PATH_MAX];
	long long least = LLONG_MAX, x;
	size_t top, n;

	if (!group_of(path, root, v) || !mount_of(place, group, root, v))
		return least;
	/* In a namespace of its own, or a container that shows the host's path, the
	 * place is the group. */
	n = strcmp(group, "/") == 0 ? 0 : strlen(group);
	if (strncmp(path, group, n) != 0 || (path[n] != '/' && path[n] != '\0'))
		n = strlen(path);
	top = (size_t)snprintf(folder, sizeof folder, "%s%s", root, place);
	snprintf(folder + top, sizeof folder - top, "%s", path + n);
	for (;;) {
		x = left_in(folder, v);
		least = x < least ? x : least;
		n = strlen(folder);
		while (n > top && folder[n - 1] != '/')
			n--;
		if (n <= top)
			return least;
		folder[n - 1] = '\0';
	}
}

size_t
memory_available_under(const char *root)
{
	char path[PATH_MAX];
	long long free, x;

	snprintf(path, sizeof path, "%s/proc/meminfo", root);
	free = number_in(path, "MemAvailable:");
	if (free < 0)
		return 0;
	free *= 1024;
	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
		x = left_by_groups(root, &versions[i]);
		free = x < free ? x : free;
	}
	return (size_t)free;
}

size_t
memory_available(void)
{
	return memory_available_under("");
}
