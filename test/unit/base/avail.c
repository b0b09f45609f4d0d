/*
 * Memory that is available, by trees of files that look like the kernel's: no group,
 * both versions, groups above, a container's view.
 */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/avail.h"
#include "base/io.h"
#include "test/lib/tap.h"

#define MIB 1048576ull

static char root[] = "/tmp/avail.XXXXXX";

/* Writes root/PATH, with the folders before it. */
static void
put(const char *path, const char *text)
{
	char name[512];
	struct err e;

	snprintf(name, sizeof name, "%s/%s", root, path);
	for (char *p = name + strlen(root) + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		mkdir(name, 0700);
		*p = '/';
	}
	if (out_file(name, 0, -1, text, strlen(text), &e) < 0)
		die_err(&e);
}

static void
group(const char *folder, const char *limit_file, const char *usage_file,
    const char *cache, const char *limit, unsigned usage_mib)
{
	char path[300], text[100];

	snprintf(path, sizeof path, "%s/%s", folder, limit_file);
	put(path, limit);
	snprintf(path, sizeof path, "%s/%s", folder, usage_file);
	snprintf(text, sizeof text, "%llu\n", usage_mib * MIB);
	put(path, text);
	snprintf(path, sizeof path, "%s/memory.stat", folder);
	snprintf(text, sizeof text, "anon 1\n%s %llu\nfile 2\n", cache, 10 * MIB);
	put(path, text);
}

#define V2(folder, limit, usage) group(folder, "memory.max", "memory.current", \
	"inactive_file", limit, usage)
#define V1(folder, limit, usage) group(folder, "memory.limit_in_bytes", \
	"memory.usage_in_bytes", "total_inactive_file", limit, usage)

static void
is_mib(unsigned want, const char *what)
{
	is_int(memory_available_under(root) / MIB, want, "%s", what);
}

static void
test_version_2(void)
{
	put("proc/self/cgroup", "0::/system.slice/sp1.service\n");
	put("proc/self/mountinfo",
	    "22 1 0:5 / /proc rw shared:5 - proc proc rw\n"
	    "30 22 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n");
	is_mib(8000, "a mount without files");
	V2("sys/fs/cgroup/system.slice/sp1.service", "2097152000\n", 510);
	is_mib(1500, "a service with MemoryMax=");
	V2("sys/fs/cgroup/system.slice", "1048576000\n", 610);
	is_mib(400, "its slice allows less");
	V2("sys/fs/cgroup/system.slice", "max\n", 610);
	is_mib(1500, "or any");
	V2("sys/fs/cgroup/system.slice/sp1.service", "524288000\n", 600);
	is_int(memory_available_under(root), 1, "nothing is left");
	put("proc/self/cgroup", "0::/\n");
	is_mib(8000, "the root's group has no limit");
	V2("sys/fs/cgroup", "1048576000\n", 10);
	is_mib(1000, "a namespace's root has one");
	put("proc/self/cgroup", "0::/../other\n");
	is_mib(1000, "a group outside of the namespace");
}

static void
test_version_1(void)
{
	put("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:hugetlb,memory:/docker/id/job\n"
	    "1:name=systemd:/y\n0::/\n");
	put("proc/self/mountinfo",
	    "40 30 0:30 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
	    "41 30 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
	V1("sys/fs/cgroup/memory/docker/id/job", "9223372036854771712\n", 5);
	is_mib(8000, "a group without a limit");
	V1("sys/fs/cgroup/memory/docker/id", "2097152000\n", 510);
	is_mib(1500, "the one above it has one");
	put("proc/self/mountinfo",
	    "41 30 0:31 /docker/id /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
	V1("sys/fs/cgroup/memory/job", "1048576000\n", 510);
	is_mib(500, "a container's mount begins at its group");
	put("proc/self/cgroup", "4:memory:/elsewhere\n");
	V1("sys/fs/cgroup/memory", "1048576000\n", 310);
	is_mib(700, "a path that the mount does not show");
	put("proc/self/cgroup", "nothing\n");
	is_mib(8000, "no such line");
}

int
main(void)
{
	char command[64];

	must(mkdtemp(root));
	is_int(memory_available_under(root), 0, "nothing tells");
	put("proc/meminfo", "MemTotal:       9000000 kB\nMemAvailable:   8192000 kB\n");
	is_mib(8000, "no control groups");
	test_version_2();
	test_version_1();
	ok(memory_available() > 0, "this machine");
	snprintf(command, sizeof command, "rm -r %s", root);
	must(system(command) == 0);
	return done_testing();
}
