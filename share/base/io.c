#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
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

/* Files that are not whole yet and have a name, for exit() and signals. */
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
on_signal(int sig)
{
	remove_unfinished();
	signal(sig, SIG_DFL);
	raise(sig);
}

/* Signals that nobody else takes, and that would end the process. */
static void
remove_at_signals(void)
{
	static const int ends[] = {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGALRM,
	    SIGTERM, SIGXCPU};
	struct sigaction a;

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (sigaction(ends[i], NULL, &a) == 0 &&
		    a.sa_handler == SIG_DFL) {
			a.sa_handler = on_signal;
			sigaction(ends[i], &a, NULL);
		}
}

static void
remember(struct out *o)
{
	if (owner != getpid()) {
		if (owner == 0)
			atexit(remove_unfinished);
		remove_at_signals();
		owner = getpid();
		unfinished = NULL;
	}
	o->next = unfinished;
	unfinished = o;
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

/* The file's place in /proc, by which it can be given a name. */
static void
nameless(char out[static 32], int fd)
{
	snprintf(out, 32, "/proc/self/fd/%d", fd);
}

/* A file without a name in the folder of o->path, which can be given one later. */
static int
open_nameless(const struct out *o)
{
	char *folder = strdup(o->path), place[32];
	char *slash = folder != NULL ? strrchr(folder, '/') : NULL;
	int fd;

	if (folder == NULL)
		return -1;
	if (slash != NULL)
		slash[slash == folder] = '\0';
	fd = open(slash != NULL ? folder : ".", O_TMPFILE | O_RDWR | O_CLOEXEC,
	    0600);
	free(folder);
	if (fd < 0)
		return -1;
	nameless(place, fd);
	if (access(place, F_OK) == 0)
		return fd;
	close(fd);
	return -1;
}

/* o->path with a suffix, for mkostemp(). */
static char *
other_name(const struct out *o)
{
	size_t n = strlen(o->path);
	char *s = malloc(n + 8);

	if (s != NULL) {
		memcpy(s, o->path, n);
		memcpy(s + n, ".XXXXXX", 8);
	}
	return s;
}

static int
open_named(struct out *o)
{
	int fd;

	o->tmp = other_name(o);
	if (o->tmp == NULL)
		return -1;
	fd = mkostemp(o->tmp, O_CLOEXEC);
	if (fd >= 0)
		remember(o);
	return fd;
}

/* old: what is there already; NULL: nothing. */
static int
open_new(struct out *o, const char *path, int flags, const struct stat *old,
    struct err *e)
{
	mode_t mask;

	/* Through a symbolic link the file changes, not the link. */
	o->path = realpath(path, NULL);
	if (o->path == NULL && errno == ENOENT)
		o->path = strdup(path);
	o->fd = o->path != NULL ? open_nameless(o) : -1;
	if (o->path != NULL && o->fd < 0)
		o->fd = open_named(o);
	if (o->fd < 0) {
		err_set(e, EX_CANTCREAT, "cannot create %s:", path);
		forget(o);
		return -1;
	}
	if (!(flags & OUT_PRIVATE)) {
		mask = umask(0);
		umask(mask);
		fchmod(o->fd, old != NULL ? old->st_mode & 0777 : 0666 & ~mask);
	}
	return 0;
}

/* Gives the file another name than its own, to be renamed: link(2) replaces
 * nothing. */
static int
name_it(struct out *o)
{
	char place[32];
	uint32_t r;

	o->tmp = other_name(o);
	if (o->tmp == NULL)
		return -1;
	nameless(place, o->fd);
	remember(o);
	do {
		if (getrandom(&r, sizeof r, 0) != sizeof r)
			return -1;
		snprintf(o->tmp + strlen(o->path), 8, ".%06x", r & 0xffffff);
		if (linkat(AT_FDCWD, place, AT_FDCWD, o->tmp,
		    AT_SYMLINK_FOLLOW) == 0)
			return 0;
	} while (errno == EEXIST);
	return -1;
}

int
out_open(struct out *o, const char *path, int flags, int in, struct err *e)
{
	struct stat st;

	memset(o, 0, sizeof(*o));
	signal(SIGXFSZ, SIG_IGN);
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
		return open_new(o, path, flags, NULL, e);
	if (same_file(in, &st))
		return err_set(e, EX_USAGE, "%s is the input file too", path);
	if (S_ISREG(st.st_mode))
		return open_new(o, path, flags, &st, e);
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

	if (o->path == NULL) {
		if (o->fd != STDOUT_FILENO)
			bad = close(o->fd);
		return bad ? err_set(e, EX_IOERR, "cannot write %s:", o->name)
		    : 0;
	}
	if (fsync(o->fd) < 0 || (o->tmp == NULL && name_it(o) < 0) ||
	    rename(o->tmp, o->path) < 0) {
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
