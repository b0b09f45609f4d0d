/* Unix sockets: who listens, in whose place, and who is refused. */
#include "base/dial.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "test/lib/tap.h"

static void
meets(const char *path)
{
	struct stat st;
	struct err e;
	char byte = 0;
	int first = dial_listen(path, 4, &e), l, fd, peer;

	/* as a run leaves it that was killed */
	close(first);
	ok(first >= 0 && dial_unix(path, "it", &e) < 0 && e.status == EX_TEMPFAIL,
	    "nobody answers at a socket that was left: %s", e.msg);
	l = dial_listen(path, 4, &e);
	ok(l >= 0 && stat(path, &st) == 0 && (st.st_mode & 0777) == 0600,
	    "another listens in its place, for its user alone");
	ok(accept(l, NULL, NULL) < 0, "which does not block");
	fd = dial_unix(path, "it", &e);
	peer = accept(l, NULL, NULL);
	ok(fd >= 0 && peer >= 0, "a connection");
	ok(!dial_ready(fd, POLLIN, clock_ms() + 20), "nothing has come");
	ok(dial_send(peer, "x", 1, clock_ms() + 1000) &&
	    dial_ready(fd, POLLIN, clock_ms() + 1000) &&
	    recv(fd, &byte, 1, 0) == 1 && byte == 'x', "a byte has");
	close(peer);
	close(fd);
	close(l);
}

static void
refused(const char *path)
{
	char text[200];
	struct stat st;
	struct err e;
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);

	close(fd);
	ok(fd >= 0 && dial_listen(path, 4, &e) < 0 && e.status == EX_CANTCREAT &&
	    stat(path, &st) == 0, "a file is not replaced: %s", e.msg);
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	ok(dial_listen(text, 4, &e) < 0 && e.status == EX_USAGE &&
	    dial_unix(text, "it", &e) < 0 && e.status == EX_USAGE,
	    "a long path: %s", e.msg);
}

int
main(void)
{
	char dir[] = "/tmp/dial.XXXXXX", path[64];

	must(mkdtemp(dir) != NULL);
	snprintf(path, sizeof path, "%s/socket", dir);
	meets(path);
	unlink(path);
	refused(path);
	unlink(path);
	rmdir(dir);
	return done_testing();
}
