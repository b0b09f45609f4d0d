#ifndef PROXY_FILES_H
#define PROXY_FILES_H
/*
 * Sealed inputs, a file each in a folder of the proxy's.  A thread writes them: the loop
 * does not wait for the disk.  All functions are for the loop's thread.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/syncs.h"
#include "net/server.h"
#include "store/id.h"

struct files;
struct body;	/* of an upload that comes in */

/* The folder, made (mode 0700) where it is missing, and the thread.  NULL: EX_CANTCREAT,
 * EX_OSERR. */
CHECKED struct files *files_open(struct loop *l, const char *folder,
    struct err *e);
/* At the start: removes the files whose names are not wanted().  EX_IOERR. */
CHECKED int files_tidy(struct files *f, int (*wanted)(const char *name, void *arg),
    void *arg, struct err *e);
/* At the start: n bytes under that name, on the disk.  EX_IOERR, EX_OSERR. */
CHECKED int files_put(struct files *f, const char *id, const void *p, size_t n,
    struct err *e);
/* What the thread waited for the disk; f's. */
const struct syncs *files_syncs(const struct files *f);
/* A descriptor for reading the file of that name, and its bytes; -1: there is none. */
CHECKED int files_fd(struct files *f, const char *id, uint64_t *n);
/* Removes it, soon: before what ends from now on.  A body that has ended already may get the
 * name after it. */
void files_remove(struct files *f, const char *id);

/* A body that is to have that name; it ends with body_end() or body_drop().  Those of one
 * address wait for each other, those of another for little of them.  NULL: no memory. */
CHECKED struct body *body_new(struct files *f, const char *id,
    const struct address *from, void (*on_room)(void *arg), void *arg);
/* Its next n bytes, which are copied.  1: no more should come, for now: enough wait for the
 * disk, and on_room() will be called when less do, which may call nothing of this.  -1: no
 * memory, or far too many wait. */
CHECKED int body_put(struct body *b, const void *bytes, size_t n);
/* What becomes of a body: it is on the disk; there was a file of that name, with the same
 * bytes; with others; *e of on_end() says why not. */
enum { BODY_KEPT, BODY_SAME, BODY_OTHER, BODY_FAILED };
/* All of it was put: on_end() is called when it is on the disk, or not. */
void body_end(struct body *b, void (*on_end)(int how, const struct err *e,
    void *arg), void *arg);
/* It is not wanted any more. */
void body_drop(struct body *b);

#endif
