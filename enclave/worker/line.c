/*
 * HTTP/1.1 to the proxy's socket, a connection for each request: little, and, unlike
 * a library, it leaves no copy of an input behind.
 */
#include "worker/worker.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/avail.h"
#include "base/clock.h"
#include "base/dial.h"

#define HEAD 4096
#define TIMEOUT_MS 60000	/* more than a worker waits for a job */
#define LOOK_MS 500	/* how soon a stop is seen */

/* Some bytes; 0 at the end, -1 when nothing comes or the worker is to stop. */
static ssize_t
get(struct worker *w, int fd, void *out, size_t n)
{
	int64_t until = clock_ms() + TIMEOUT_MS;

	while (!w->stop && clock_ms() < until) {
		/* In pieces: a signal may come just before poll(). */
		if (dial_ready(fd, POLLIN, clock_ms() + LOOK_MS)) {
			ssize_t k = recv(fd, out, n, 0);

			if (k >= 0 || (errno != EINTR && errno != EAGAIN))
				return k;
		}
	}
	return -1;
}

/* The head: its status and content-length; what follows it in buf goes to *rest. */
static int
read_head(struct worker *w, int fd, char buf[static HEAD], int *status,
    uint64_t *length, size_t *used, size_t *have)
{
	char *end, *line;
	size_t n = 0;

	for (;;) {
		ssize_t k;

		if (n == HEAD - 1)
			return -1;
		k = get(w, fd, buf + n, HEAD - 1 - n);
		if (k <= 0)
			return -1;
		n += (size_t)k;
		buf[n] = 0;
		end = strstr(buf, "\r\n\r\n");
		if (end)
			break;
	}
	end[2] = 0;
	if (sscanf(buf, "HTTP/1.1 %3d", status) != 1)
		return -1;
	*length = 0;
	for (line = strstr(buf, "\r\n"); line; line = strstr(line, "\r\n")) {
		line += 2;
		if (strncasecmp(line, "content-length:", 15) == 0)
			*length = strtoull(line + 15, NULL, 10);
	}
	*used = (size_t)(end - buf) + 4;
	*have = n;
	return 0;
}

/* Is there memory for it, and for the copy that sp1-exec gets? */
static bool
has_room(uint64_t length)
{
	size_t available = memory_available();

	return !available || length <= available / 2;
}

static int
exchange(struct worker *w, int fd, const char *request, const char *body,
    struct secmem *out, size_t max, int *status)
{
	int64_t until = clock_ms() + TIMEOUT_MS;
	char buf[HEAD];
	uint64_t length;
	size_t used, have;
	int r = -1;

	if (!dial_send(fd, request, strlen(request), until) ||
	    !dial_send(fd, body, strlen(body), until) ||
	    read_head(w, fd, buf, status, &length, &used, &have) < 0)
		goto out;
	if (!out) {
		r = 0;
		goto out;
	}
	if (have - used > length)
		goto out;
	if (length > max || !has_room(length) ||
	    secmem_need(out, length ? length : 1, NULL) < 0) {
		*status = length > max ? LINE_TOO_LONG : LINE_NO_MEMORY;
		r = 0;
		goto out;
	}
	memcpy(out->p, buf + used, have - used);
	out->n = have - used;
	while (out->n < length) {
		ssize_t k = get(w, fd, out->p + out->n, length - out->n);

		if (k <= 0)
			goto out;
		out->n += (size_t)k;
	}
	r = 0;
out:
	wipe(buf, sizeof buf);
	return r;
}

static int
call(struct worker *w, const char *method, const char *path, const char *body,
    struct secmem *out, size_t max, struct err *e)
{
	char request[1024];
	int fd, status, r;

	if (snprintf(request, sizeof request, "%s %s HTTP/1.1\r\nHost: proxy"
	    "\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n", method,
	    path, strlen(body)) >= (int)sizeof request)
		return err_set(e, EX_SOFTWARE, "path too long");
	fd = dial_unix(w->socket, "tee-proxy", e);
	if (fd < 0)
		return -1;
	r = exchange(w, fd, request, body, out, max, &status);
	close(fd);
	if (r < 0)
		return err_set(e, EX_TEMPFAIL, "tee-proxy at %s does not answer",
		    w->socket);
	return status;
}

int
line_get(struct worker *w, const char *path, struct secmem *out, size_t max,
    struct err *e)
{
	return call(w, "GET", path, "", out, max, e);
}

int
line_put(struct worker *w, const char *path, const char *body, struct err *e)
{
	return call(w, "PUT", path, body, NULL, 0, e);
}
