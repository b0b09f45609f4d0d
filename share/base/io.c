#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
is_stream(const char *path)
{
	return path == NULL || strcmp(path, "-") == 0;
}

const char *
in_name(const char *path)
{
	return is_stream(path) ? "standard input" : path;
}

int
in_open(const char *path, struct err *e)
{
	int fd;

	if (is_stream(path))
		return STDIN_FILENO;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, EX_NOINPUT, "cannot open %s:", path);
	return fd;
}

/* As read(2), but a signal does not end it. */
static ssize_t
read_some(int fd, void *p, size_t n)
{
	ssize_t got;

	do
		got = read(fd, p, n < SSIZE_MAX ? n : SSIZE_MAX);
	while (got < 0 && errno == EINTR);
	return got;
}

int
read_all(int fd, size_t cap, const char *name, uint8_t **out, size_t *n,
    struct err *e)
{
	size_t have = 0, room = 1 << 16;
	struct stat st;
	uint8_t *p = NULL, *q;
	ssize_t got;

	/* One byte above the cap tells "too long"; one is for the NUL. */
	cap = cap < SIZE_MAX - 2 ? cap : SIZE_MAX - 2;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
		room = (size_t)st.st_size + 2;
	for (;;) {
		room = room < cap + 2 ? room : cap + 2;
		q = realloc(p, room);
		if (q == NULL) {
			free(p);
			return err_set(e, EX_OSERR, "%s: out of memory", name);
		}
		p = q;
		got = 1;
		while (have < room - 1 &&
		    (got = read_some(fd, p + have, room - 1 - have)) > 0)
			have += (size_t)got;
		if (got < 0) {
			free(p);
			return err_set(e, EX_IOERR, "cannot read %s:", name);
		}
		if (have > cap) {
			free(p);
			return err_set(e, EX_DATAERR,
			    "%s: longer than %zu bytes", name, cap);
		}
		if (got == 0)
			break;
		room = room > SIZE_MAX / 2 ? SIZE_MAX : 2 * room;
	}
	p[have] = '\0';
	*out = p;
	*n = have;
	return 0;
}

int
read_file(const char *path, size_t cap, uint8_t **out, size_t *n,
    struct err *e)
{
	int fd = in_open(path, e), r;

	if (fd < 0)
		return -1;
	r = read_all(fd, cap, in_name(path), out, n, e);
	if (fd != STDIN_FILENO)
		close(fd);
	return r;
}

int
read_exact(int fd, void *out, size_t n, const char *name, struct err *e)
{
	size_t have = 0;
	ssize_t got;

	while (have < n) {
		got = read_some(fd, (char *)out + have, n - have);
		if (got < 0)
			return err_set(e, EX_IOERR, "cannot read %s:", name);
		if (got == 0 && have == 0)
			return 0;
		if (got == 0)
			return err_set(e, EX_DATAERR, "%s: ends early", name);
		have += (size_t)got;
	}
	return 1;
}

int
write_all(int fd, const void *p, size_t n, const char *name, struct err *e)
{
	const char *s = p;
	ssize_t put;

	while (n > 0) {
		put = write(fd, s, n < SSIZE_MAX ? n : SSIZE_MAX);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return err_set(e, EX_IOERR, "cannot write %s:", name);
		s += put;
		n -= (size_t)put;
	}
	return 0;
}

/* Files that are not whole yet, for exit(). */
static struct out *unfinished;
static pid_t owner;

static void
remove_unfinished(void)
{
	struct out *o;

	if (getpid() != owner)	/* a child's exit is not the parent's */
		return;
	for (o = unfinished; o != NULL; o = o->next)
		unlink(o->tmp);
}

static void
forget(struct out *o)
{
	struct out **p;

	for (p = &unfinished; *p != NULL; p = &(*p)->next)
		if (*p == o) {
			*p = o->next;
			break;
		}
	free(o->path);
	free(o->tmp);
	o->path = o->tmp = NULL;
}

static bool
same_file(int in, const struct stat *st)
{
	struct stat other;

	return in >= 0 && fstat(in, &other) == 0 && S_ISREG(other.st_mode) &&
	    other.st_dev == st->st_dev && other.st_ino == st->st_ino;
}

static int
open_tmp(struct out *o, const char *path, int flags, struct err *e)
{
	size_t n;
	mode_t mask;

	/* Through a symbolic link the file changes, not the link. */
	o->path = realpath(path, NULL);
	if (o->path == NULL && errno == ENOENT)
		o->path = strdup(path);
	n = o->path != NULL ? strlen(o->path) : 0;
	o->tmp = o->path != NULL ? malloc(n + 8) : NULL;
	if (o->tmp == NULL) {
		free(o->path);
		return err_set(e, EX_CANTCREAT, "cannot create %s:", path);
	}
	memcpy(o->tmp, o->path, n);
	memcpy(o->tmp + n, ".XXXXXX", 8);
	o->fd = mkostemp(o->tmp, O_CLOEXEC);
	if (o->fd < 0) {
		err_set(e, EX_CANTCREAT, "cannot create %s:", path);
		forget(o);
		return -1;
	}
	if (!(flags & OUT_PRIVATE)) {
		mask = umask(0);
		umask(mask);
		fchmod(o->fd, 0666 & ~mask);
	}
	if (owner != getpid()) {
		if (owner == 0)
			atexit(remove_unfinished);
		owner = getpid();
		unfinished = NULL;
	}
	o->next = unfinished;
	unfinished = o;
	return 0;
}

int
out_open(struct out *o, const char *path, int flags, int in, struct err *e)
{
	struct stat st;

	memset(o, 0, sizeof(*o));
	if (is_stream(path)) {
		o->fd = STDOUT_FILENO;
		o->name = "standard output";
		if (path == NULL && (flags & OUT_BINARY) && isatty(o->fd))
			return err_set(e, EX_USAGE, "binary output is not "
			    "written to a terminal (use -o FILE, or -o -)");
		if (fstat(o->fd, &st) == 0 && S_ISREG(st.st_mode) &&
		    same_file(in, &st))
			return err_set(e, EX_USAGE,
			    "standard output is the input file");
		return 0;
	}
	o->name = path;
	if (stat(path, &st) < 0)
		return open_tmp(o, path, flags, e);
	if (same_file(in, &st))
		return err_set(e, EX_USAGE, "%s is the input file too", path);
	if (S_ISREG(st.st_mode))
		return open_tmp(o, path, flags, e);
	o->fd = open(path, O_WRONLY | O_CLOEXEC);
	if (o->fd < 0)
		return err_set(e, EX_CANTCREAT, "cannot open %s:", path);
	return 0;
}

int
out_write(struct out *o, const void *p, size_t n, struct err *e)
{
	return write_all(o->fd, p, n, o->name, e);
}

int
out_commit(struct out *o, struct err *e)
{
	int bad = 0;

	if (o->tmp == NULL) {
		if (o->fd != STDOUT_FILENO)
			bad = close(o->fd);
		return bad ? err_set(e, EX_IOERR, "cannot write %s:", o->name)
		    : 0;
	}
	if (fsync(o->fd) < 0 || rename(o->tmp, o->path) < 0) {
		err_set(e, EX_IOERR, "cannot write %s:", o->name);
		out_abort(o);
		return -1;
	}
	close(o->fd);
	forget(o);
	return 0;
}

void
out_abort(struct out *o)
{
	if (o->tmp != NULL)
		unlink(o->tmp);
	if (o->fd != STDOUT_FILENO)
		close(o->fd);
	forget(o);
}

int
out_file(const char *path, int flags, int in, const void *p, size_t n,
    struct err *e)
{
	struct out o;

	if (out_open(&o, path, flags, in, e) < 0)
		return -1;
	if (out_write(&o, p, n, e) < 0) {
		out_abort(&o);
		return -1;
	}
	return out_commit(&o, e);
}
