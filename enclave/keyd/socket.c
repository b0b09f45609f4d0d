#include "keyd/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sandbox.h"

/* The child: it has no more than the pipe, which ends with its parent. */
_Noreturn static void
watch(int pipe_end, const char *path, const struct stat *ours)
{
	struct stat st;
	char none;

	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	dup2(pipe_end, 0);
	if (close_range(1, ~0u, 0) < 0 || sandbox("stdio rpath cpath", NULL) < 0)
		_exit(EX_OSERR);
	while (read(0, &none, 1) < 0 && errno == EINTR)
		;
	if (lstat(path, &st) == 0 && st.st_dev == ours->st_dev &&
	    st.st_ino == ours->st_ino)
		unlink(path);
	_exit(0);
}

void
socket_watch(const char *path)
{
	struct stat ours;
	int pipes[2];

	if (lstat(path, &ours) < 0 || pipe(pipes) < 0)
		return;
	if (fork() == 0)
		watch(pipes[0], path, &ours);
	/* The other end is open as long as this process is. */
	close(pipes[0]);
	(void)fcntl(pipes[1], F_SETFD, FD_CLOEXEC);
}
