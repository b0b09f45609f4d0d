#include "worker/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sandbox.h"

void
child_shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int
child_file(const void *p, size_t n)
{
	const uint8_t *from = p;
	int fd = memfd_create("job", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	size_t at = 0;

	while (fd >= 0 && at < n) {
		ssize_t k = write(fd, from + at, n - at);

		if (k <= 0) {
			close(fd);
			return -1;
		}
		at += (size_t)k;
	}
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

int
child_seal(int fd)
{
	return fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK |
	    F_SEAL_SEAL);
}

/* In the child: in, out and err become 0, 1, 2; third becomes 3, the file 4.
 * Numbers below 10 are out of the way first. */
static void
become(int in, int out, int err, int third, int file, char *const argv[],
    pid_t parent)
{
	static const struct rlimit none = { 0, 0 };
	sigset_t all;
	int fd[5] = { in, out, err, third, file };

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(EX_OSERR);
	setrlimit(RLIMIT_CORE, &none);
	sigemptyset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	signal(SIGPIPE, SIG_DFL);
	for (int i = 0; i < 5; i++)
		if (fd[i] >= 0 && (fd[i] = fcntl(fd[i], F_DUPFD, 10)) < 0)
			_exit(EX_OSERR);
	for (int i = 0; i < 5; i++)
		if (fd[i] < 0)
			close(i);
		else if (dup2(fd[i], i) < 0)
			_exit(EX_OSERR);
	/* Also what this process was started with. */
	if (close_range(5, ~0u, 0) < 0)
		_exit(EX_OSERR);
	if (sandbox("stdio thread rpath wpath cpath proc exec", NULL) < 0)
		_exit(EX_OSERR);
	execvp(argv[0], argv);
	_exit(EX_UNAVAILABLE);
}

pid_t
child_start(int in, int out, int err, int third, int file, char *const argv[])
{
	pid_t parent = getpid(), pid = fork();

	if (pid == 0)
		become(in, out, err, third, file, argv, parent);
	return pid;
}

void
child_reap(pid_t *pid, int *status, int options)
{
	if (*pid > 0 && waitpid(*pid, status, options) == *pid)
		*pid = 0;
}

void
child_kill(pid_t *pid, int *status)
{
	if (*pid > 0)
		kill(*pid, SIGKILL);
	child_reap(pid, status, 0);
}

bool
buffer_drain(struct buffer *b, int fd)
{
	for (;;) {
		ssize_t k;

		if (b->n == b->room) {
			size_t room = b->room ? 2 * b->room : 65536;
			uint8_t *p;

			if (room > b->max)
				room = b->max;
			p = b->n < room ? realloc(b->p, room) : NULL;
			if (!p) {
				b->over = true;
				return false;
			}
			b->p = p;
			b->room = room;
		}
		k = read(fd, b->p + b->n, b->room - b->n);
		if (k < 0)
			return errno == EAGAIN || errno == EINTR;
		if (k == 0)
			return false;
		b->n += (size_t)k;
	}
}
