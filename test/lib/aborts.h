#ifndef TEST_LIB_ABORTS_H
#define TEST_LIB_ABORTS_H
/* Whether an assertion of base/debug.h fires, as it must in a debug build and must not
 * elsewhere. */
#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/lib/tap.h"

#ifdef DEBUG
#define DEBUG_BUILD true
#else
#define DEBUG_BUILD false
#endif

/* Runs f in a child, whose last words nobody hears. */
static bool
aborts(void (*f)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
		close(STDERR_FILENO);
		f();
		_exit(0);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid &&
	    WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

#define asserted(f, what) \
	ok(aborts(f) == DEBUG_BUILD, DEBUG_BUILD ? "%s: asserted" : \
	    "%s: no assertion in a release", what)

#endif
