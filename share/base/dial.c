#include "base/dial.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"

int
dial_unix(const char *path, const char *whom, struct err *e)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof a.sun_path)
		return err_set(e, EX_USAGE, "socket path %s is too long", path);
	strcpy(a.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_set(e, EX_OSERR, "cannot make a socket:");
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
