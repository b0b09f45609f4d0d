#include "base/dial.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"

/* A socket that does not block, and the address of path. */
static int
make(struct sockaddr_un *a, const char *path, struct err *e)
{
	int fd;

	*a = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof a->sun_path)
		return err_set(e, EX_USAGE, "socket path %s is too long", path);
	strcpy(a->sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_set(e, EX_OSERR, "cannot make a socket:");
	return fd;
}

int
dial_listen(const char *path, int backlog, struct err *e)
{
	struct sockaddr_un a;
	struct stat st;
	int fd = make(&a, path, e), bad;
	mode_t mask;

	if (fd < 0)
		return -1;
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		unlink(path);
	mask = umask(0177);
	bad = bind(fd, (struct sockaddr *)&a, sizeof a) < 0 ||
	    listen(fd, backlog) < 0 ?
	    err_set(e, EX_CANTCREAT, "cannot listen at %s:", path) : 0;
	umask(mask);
	if (bad == 0)
		return fd;
	close(fd);
	return -1;
}

int
dial_unix(const char *path, const char *whom, struct err *e)
{
	struct sockaddr_un a;
	int fd = make(&a, path, e);

	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0) {
		err_set(e, EX_TEMPFAIL, "cannot reach %s at %s:", whom, path);
		close(fd);
		return -1;
	}
	return fd;
}

bool
dial_ready(int fd, short events, int64_t until)
{
	struct pollfd p = { .fd = fd, .events = events };
	int64_t left;
	int r;

	do {
		left = until - clock_ms();
		r = left > 0 ? poll(&p, 1, (int)left) : 0;
	} while (r < 0 && errno == EINTR);
	return r > 0;
}

bool
dial_send(int fd, const void *bytes, size_t n, int64_t until)
{
	const uint8_t *p = bytes;

	while (n > 0) {
		ssize_t k = send(fd, p, n, MSG_NOSIGNAL);

		if (k < 0 && (errno == EINTR || (errno == EAGAIN &&
		    dial_ready(fd, POLLOUT, until))))
			continue;
		if (k < 0)
			return false;
		p += k;
		n -= (size_t)k;
	}
	return true;
}
