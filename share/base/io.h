#ifndef BASE_IO_H
#define BASE_IO_H
/*
 * Files and streams, whole.  A path of NULL or "-" is standard input or output.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* For messages: "standard input", or the path. */
const char *in_name(const char *path);

/* A descriptor to read; EX_NOINPUT.  Close it unless it is 0. */
CHECKED int in_open(const char *path, struct err *e);

/* All that fd gives, in memory to be freed with free(); more than cap bytes
 * are refused (EX_DATAERR).  A NUL that *n does not count follows the data. */
CHECKED int read_all(int fd, size_t cap, const char *name, uint8_t **out,
    size_t *n, struct err *e);
/* The same of a file, or of standard input for NULL and "-"; EX_NOINPUT too. */
CHECKED int read_file(const char *path, size_t cap, uint8_t **out, size_t *n,
    struct err *e);
/* Exactly n bytes: 1; 0 at an end before the first of them; else -1. */
CHECKED int read_exact(int fd, void *out, size_t n, const char *name,
    struct err *e);
/* All n bytes; EX_IOERR.  name: for the message. */
CHECKED int write_all(int fd, const void *p, size_t n, const char *name,
    struct err *e);

/*
 * Output.  A file appears under its name only when it is whole: until out_commit() it has
 * no name at all (O_TMPFILE), so that whatever ends the process leaves nothing.  Where the
 * file system has no such files it has another name in the same folder; then exit(), and
 * signals that would end the process, remove it.  A file that is there already keeps its
 * mode.  What is no regular file (a device, a pipe) is written straight to.
 *
 * From the first out_open() on a limit of file sizes is an error of the write that meets
 * it (EFBIG), not SIGXFSZ.
 */
struct out {
	int fd;
	const char *name;	/* for messages */
	char *path;		/* where it will be; NULL for streams */
	char *tmp;		/* where it is; NULL: nowhere, or a stream */
	struct out *next;
};

enum {
	OUT_BINARY = 1,		/* not to a terminal, unless asked for by "-" */
	OUT_PRIVATE = 2,	/* mode 0600, also over a file that had another */
};

/* in: descriptor of the input, which must not be the same file; -1: none.
 * EX_USAGE for what is refused, EX_CANTCREAT. */
CHECKED int out_open(struct out *o, const char *path, int flags, int in,
    struct err *e);
/* Adds n bytes.  EX_IOERR. */
CHECKED int out_write(struct out *o, const void *p, size_t n, struct err *e);
/* It is whole: under its name from now on.  EX_IOERR. */
CHECKED int out_commit(struct out *o, struct err *e);
/* It will not be: what was written is removed. */
void out_abort(struct out *o);

/* out_open, out_write, out_commit. */
CHECKED int out_file(const char *path, int flags, int in, const void *p,
    size_t n, struct err *e);

#endif
