#include "base/child.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

char *
child_beside(const char *name)
{
	char self[PATH_MAX], *path, *slash;
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	if (n <= 0)
		return strdup(name);
	self[n] = 0;
	slash = strrchr(self, '/');
	*slash = 0;
	if (asprintf(&path, "%s/%s", self, name) < 0)
		return NULL;
	if (access(path, X_OK) == 0)
		return path;
	free(path);
	return strdup(name);
}

pid_t
child_fork(void)
{
	pid_t parent = getpid(), child = fork();

	/* Before the call it may have ended. */
	if (child == 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 ||
	    getppid() != parent))
		_exit(EX_OSERR);
	return child;
}
