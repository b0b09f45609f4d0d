/* Programs beside this one, and children that end with their parent. */
#include "base/child.h"

#include <limits.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/lib/tap.h"

static void
beside(void)
{
	char self[PATH_MAX] = "", *name, *path;

	if (!ok(readlink("/proc/self/exe", self, sizeof self - 1) > 0,
	    "this program has a file"))
		return;
	name = strrchr(self, '/') + 1;
	path = child_beside(name);
	is_str(path, self, "the one beside");
	free(path);
	path = child_beside("no-such-program");
	is_str(path, "no-such-program", "none beside: for PATH");
	free(path);
}

/* In a process of its own: a child that would stay, which holds fd open; once it is there,
 * its parent ends as `how` says. */
static void
leave(int fd, int how)
{
	int there[2];
	char c;

	if (pipe(there) < 0)
		_exit(1);
	if (child_fork() == 0) {
		(void)!write(there[1], "x", 1);
		for (;;)
			pause();
	}
	close(fd);
	(void)!read(there[0], &c, 1);
	if (how)
		kill(getpid(), how);
	_exit(0);
}

static void
ends_with_parent(int how)
{
	int fds[2], status;
	pid_t parent;
	char c;

	if (!ok(pipe(fds) == 0, "a pipe"))
		return;
	parent = fork();
	if (parent == 0) {
		close(fds[0]);
		leave(fds[1], how);
	}
	close(fds[1]);
	ok(parent > 0 && waitpid(parent, &status, 0) == parent &&
	    (how ? WIFSIGNALED(status) : WIFEXITED(status)), "it ended");
	/* What the child holds open closes when that ends. */
	alarm(10);
	is_int(read(fds[0], &c, 1), 0, "its child ended with it");
	alarm(0);
	close(fds[0]);
}

int
main(void)
{
	pid_t child;
	int status;

	beside();
	child = child_fork();
	if (child == 0)
		_exit(7);
	ok(child > 0 && waitpid(child, &status, 0) == child &&
	    WIFEXITED(status) && WEXITSTATUS(status) == 7,
	    "a child whose parent stays");
	ends_with_parent(0);
	ends_with_parent(SIGKILL);
	return done_testing();
}
