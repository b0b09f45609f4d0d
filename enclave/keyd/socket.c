#include "keyd/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/sandbox.h"

int
socket_listen(const char *path, int backlog, struct err *e)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	struct stat st;
	mode_t mask;
	int fd, k;

	if (strlen(path) >= sizeof a.sun_path)
		return err_set(e, EX_USAGE, "the path of the socket is too long");
	strcpy(a.sun_path, path);
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		unlink(path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	mask = umask(0177);
	k = fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) < 0 ||
	    listen(fd, backlog) < 0 ?
	    err_set(e, EX_CANTCREAT, "cannot listen at %s:", path) : 0;
	umask(mask);
	if (k < 0 && fd >= 0)
		close(fd);
	return k < 0 ? -1 : fd;
}

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
