/*
 * cost NAME COMMAND...: runs a command; one line of TSV on descriptor 3 with its
 * name, seconds, processor seconds and peak memory in MB, children included.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"

static double
of(struct timeval t)
{
	return (double)t.tv_sec + 1e-6 * (double)t.tv_usec;
}

int
main(int argc, char **argv)
{
	double start = clock_s();
	struct rusage u;
	int status;
	pid_t pid;

	progname = "cost";
	if (argc < 3)
		die(EX_USAGE, "usage: cost NAME COMMAND...");
	pid = fork();
	if (pid < 0)
		die(EX_OSERR, "cannot fork:");
	if (pid == 0) {
		close(3);
		execvp(argv[2], argv + 2);
		die(EX_UNAVAILABLE, "cannot run %s:", argv[2]);
	}
	if (waitpid(pid, &status, 0) < 0)
		die(EX_OSERR, "cannot wait:");
	getrusage(RUSAGE_CHILDREN, &u);
	dprintf(3, "%s\t%.2f\t%.2f\t%ld\n", argv[1], clock_s() - start,
	    of(u.ru_utime) + of(u.ru_stime), u.ru_maxrss / 1024);
	return WIFEXITED(status) ? WEXITSTATUS(status) : EX_SOFTWARE;
}
