/*
 * Sealed inputs, a file each.  All that writes, waits for the disk or removes is done by
 * a thread, one thing after the other, for one address after the other; bodies wait for it
 * in memory, little of each, and then their peers do.
 *
 * A body comes in as "part.N" and is linked to its name when all of it is on the disk, so
 * that what has the name is whole.
 */
#include "proxy/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "proxy/turns.h"

#define PIECE (256 << 10)
#define AHEAD ((size_t)1 << 20)		/* bytes of one body that wait for the disk, or */
#define SHARE ((size_t)16 << 20)	/* of an address's, or */
#define BACKLOG ((size_t)64 << 20)	/* of all, and no more should come; */
#define MOST ((size_t)256 << 20)	/* so many, and what comes is refused */
#define URGENT (-1)	/* in no line */
#define BEHIND (8 << 20)	/* bytes that are brought to the disk together */

struct files {
	struct loop *loop;
	int dir;
	struct syncs syncs;	/* the thread's */
	uint64_t parts;
	atomic_size_t backlog, of[TURNS_LINES];	/* bytes that wait, of all, of a line */
	struct body *waiting;	/* for room; the loop's */
	atomic_bool wanted, posted;	/* is there any? is `told` on its way? */
	struct loop_task told;
	pthread_mutex_t lock;	/* of what follows */
	pthread_cond_t wake;
	struct turns turns;
};

struct piece {
	struct work work;	/* first */
	struct body *b;
	size_t n;
	uint8_t bytes[];
};

struct body {
	struct work work;	/* first: its end */
	struct files *f;
	unsigned line;		/* of the turns */
	struct piece *piece;	/* the loop's, until it is full */
	atomic_size_t ahead;	/* of the backlog */
	struct body *next;	/* of those that wait */
	bool waits;
	atomic_bool dropped;
	void (*on_room)(void *arg);
	void *room_arg;
	char id[ID_ARTIFACT], part[32];
	int fd;			/* the thread's, as what follows */
	off_t size, behind;	/* behind: on its way to the disk */
	bool failed;
	struct err e;
	int how;
	struct loop_task told;
	void (*on_end)(int how, const struct err *e, void *arg);
	void *arg;
};

struct removal {
	struct work work;	/* first */
	struct files *f;
	char id[ID_ARTIFACT];
};

/* A work of that line, or one that waits for no line. */
static void
add(struct files *f, int line, struct work *w, void (*run)(struct work *w))
{
	w->run = run;
	pthread_mutex_lock(&f->lock);
	if (line == URGENT)
		turns_urgent(&f->turns, w);
	else
		turns_add(&f->turns, (unsigned)line, w);
	pthread_cond_signal(&f->wake);
	pthread_mutex_unlock(&f->lock);
}

static struct work *
next(struct files *f)
{
	struct work *w;

	pthread_mutex_lock(&f->lock);
	while (!(w = turns_next(&f->turns)))
		pthread_cond_wait(&f->wake, &f->lock);
	pthread_mutex_unlock(&f->lock);
	return w;
}

static void *
work_on(void *arg)
{
	for (;;) {
		struct work *w = next(arg);

		w->run(w);
	}
	return NULL;
}

struct files *
files_open(struct loop *l, const char *folder, struct err *e)
{
	struct files *f = calloc(1, sizeof *f);
	pthread_t thread;

	if (!f) {
		ignore(err_set(e, EX_OSERR, "out of memory"));
		return NULL;
	}
	f->loop = l;
	f->syncs.of = "inputs";
	turns_init(&f->turns);
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->wake, NULL);
	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		f->dir = -1;
	else
		f->dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->dir < 0)
		ignore(err_set(e, EX_CANTCREAT, "cannot use the folder %s:",
		    folder));
	else if (pthread_create(&thread, NULL, work_on, f) == 0)
		return pthread_detach(thread), f;
	else
		ignore(err_set(e, EX_OSERR, "cannot start a thread"));
	if (f->dir >= 0)
		close(f->dir);
	free(f);
	return NULL;
}

int
files_tidy(struct files *f, int (*wanted)(const char *name, void *arg),
    void *arg, struct err *e)
{
	int fd = openat(f->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!d)
		return err_set(e, EX_IOERR, "cannot list sealed inputs:");
	while ((entry = readdir(d)))
		if (entry->d_name[0] != '.' && !wanted(entry->d_name, arg))
			unlinkat(f->dir, entry->d_name, 0);
	closedir(d);
	return 0;
}

const struct syncs *
files_syncs(const struct files *f)
{
	return &f->syncs;
}

int
files_fd(struct files *f, const char *id, uint64_t *n)
{
	struct stat st;
	int fd = openat(f->dir, id, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && fstat(fd, &st) == 0) {
		*n = (uint64_t)st.st_size;
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

/* ---- a body: the loop's side ---- */

struct body *
body_new(struct files *f, const char *id, const struct address *from,
    void (*on_room)(void *arg), void *arg)
{
	struct body *b = calloc(1, sizeof *b);

	if (!b)
		return NULL;
	b->f = f;
	b->fd = -1;
	b->line = turns_line(&f->turns, from);
	b->on_room = on_room;
	b->room_arg = arg;
	snprintf(b->id, sizeof b->id, "%s", id);
	snprintf(b->part, sizeof b->part, "part.%llu",
	    (unsigned long long)f->parts++);
	return b;
}

static void run_piece(struct work *w);

static void
flush(struct body *b)
{
	struct piece *p = b->piece;

	if (!p)
		return;
	b->piece = NULL;
	atomic_fetch_add(&b->f->backlog, p->n);
	atomic_fetch_add(&b->f->of[b->line], p->n);
	atomic_fetch_add(&b->ahead, p->n);
	add(b->f, (int)b->line, &p->work, run_piece);
}

static struct piece *
piece_new(struct body *b)
{
	struct piece *p = NULL;

	/* What an upload has in hand takes memory as it comes, and is charged. */
	if (atomic_load(&b->f->backlog) < MOST)
		p = malloc(sizeof *p + PIECE);
	if (!p)
		return NULL;
	p->b = b;
	p->n = 0;
	return p;
}

/* Does less of it, of its address's, and of all wait than this part of what may? */
static bool
has_room(const struct body *b, size_t part)
{
	return atomic_load(&b->ahead) < AHEAD / part &&
	    atomic_load(&b->f->of[b->line]) < SHARE / part &&
	    atomic_load(&b->f->backlog) < BACKLOG / part;
}

static void
wait_for_room(struct body *b)
{
	b->waits = true;
	b->next = b->f->waiting;
	b->f->waiting = b;
	atomic_store(&b->f->wanted, true);
}

static void
wait_no_more(struct body *b)
{
	struct body **at = &b->f->waiting;

	if (!b->waits)
		return;
	b->waits = false;
	while (*at != b)
		at = &(*at)->next;
	*at = b->next;
	atomic_store(&b->f->wanted, b->f->waiting != NULL);
}

/* The thread has written. */
static void
on_written(void *arg)
{
	struct files *f = arg;
	struct body *b, *next;

	atomic_store(&f->posted, false);
	for (b = f->waiting; b; b = next) {
		next = b->next;
		if (!has_room(b, 2))
			continue;
		wait_no_more(b);
		b->on_room(b->room_arg);
	}
}

int
body_put(struct body *b, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;

	while (n) {
		size_t k;

		if (!b->piece && !(b->piece = piece_new(b)))
			return -1;
		k = PIECE - b->piece->n < n ? PIECE - b->piece->n : n;
		memcpy(b->piece->bytes + b->piece->n, p, k);
		b->piece->n += k;
		p += k;
		n -= k;
		if (b->piece->n == PIECE)
			flush(b);
	}
	if (b->waits || has_room(b, 1))
		return b->waits;
	wait_for_room(b);
	/* The thread may have seen nobody wait, and have no more to do. */
	if (!has_room(b, 1))
		return 1;
	wait_no_more(b);
	return 0;
}

static void run_end(struct work *w);
static void run_drop(struct work *w);

void
body_end(struct body *b, void (*on_end)(int how, const struct err *e, void *arg),
    void *arg)
{
	flush(b);
	wait_no_more(b);
	b->on_end = on_end;
	b->arg = arg;
	add(b->f, (int)b->line, &b->work, run_end);
}

void
body_drop(struct body *b)
{
	flush(b);
	wait_no_more(b);
	atomic_store(&b->dropped, true);
	add(b->f, (int)b->line, &b->work, run_drop);
}

/* ---- the thread's ---- */

static void
fail(struct body *b, const char *what)
{
	if (!b->failed)
		err_set(&b->e, EX_IOERR, "cannot %s a sealed input:", what);
	b->failed = true;
}

static void
open_part(struct body *b)
{
	b->fd = openat(b->f->dir, b->part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
	    0600);
	if (b->fd < 0)
		fail(b, "make a file for");
}

/* Begins to bring the next bytes to the disk, and waits for those before them: so the end
 * need not wait for all, nor does the machine's memory fill.  Where the system cannot do
 * that, or may not, fsync() will: but a fault of the disk is told once. */
static void
write_behind(struct body *b)
{
	off_t before = b->behind - BEHIND;
	bool bad;

	syncs_begin(&b->f->syncs);
	bad = sync_file_range(b->fd, b->behind, BEHIND, SYNC_FILE_RANGE_WRITE) < 0 ||
	    (before >= 0 && sync_file_range(b->fd, before, BEHIND,
	    SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
	    SYNC_FILE_RANGE_WAIT_AFTER) < 0);
	syncs_end(&b->f->syncs);
	if (bad && (errno == EIO || errno == ENOSPC || errno == EDQUOT))
		fail(b, "keep");
	b->behind += BEHIND;
}

static void
write_piece(struct body *b, const struct piece *p)
{
	if (write_all(b->fd, p->bytes, p->n, "a sealed input", &b->e) < 0) {
		b->failed = true;
		return;
	}
	b->size += (off_t)p->n;
	if (b->size - b->behind >= BEHIND)
		write_behind(b);
}

static void
run_piece(struct work *w)
{
	struct piece *p = (struct piece *)w;
	struct body *b = p->b;
	struct files *f = b->f;

	if (b->fd < 0 && !b->failed)
		open_part(b);
	if (!b->failed && !atomic_load(&b->dropped))
		write_piece(b, p);
	atomic_fetch_sub(&b->ahead, p->n);
	atomic_fetch_sub(&f->of[b->line], p->n);
	atomic_fetch_sub(&f->backlog, p->n);
	free(p);
	if (atomic_load(&f->wanted) && !atomic_exchange(&f->posted, true))
		loop_post(f->loop, &f->told, on_written, f);
}

/* Are the bytes of both files the same? */
static bool
same(int a, int b)
{
	static uint8_t x[65536], y[65536];	/* the thread's: there is one */
	struct stat sa, sb;
	off_t at = 0;

	if (fstat(a, &sa) < 0 || fstat(b, &sb) < 0 || sa.st_size != sb.st_size)
		return false;
	while (at < sa.st_size) {
		ssize_t n = pread(a, x, sizeof x, at);

		if (n <= 0 || pread(b, y, (size_t)n, at) != n ||
		    memcmp(x, y, (size_t)n) != 0)
			return false;
		at += n;
	}
	return true;
}

static int
bring_to_disk(struct files *f, int fd)
{
	int r;

	syncs_begin(&f->syncs);
	r = fsync(fd);
	syncs_end(&f->syncs);
	return r;
}

/* What has the name already, beside this. */
static int
compare(struct body *b)
{
	int fd = openat(b->f->dir, b->id, O_RDONLY | O_CLOEXEC), how;

	how = fd >= 0 && same(b->fd, fd) ? BODY_SAME : BODY_OTHER;
	if (fd >= 0)
		close(fd);
	return how;
}

static int
keep(struct body *b)
{
	if (b->failed)
		return BODY_FAILED;
	if (bring_to_disk(b->f, b->fd) < 0) {
		fail(b, "keep");
		return BODY_FAILED;
	}
	if (linkat(b->f->dir, b->part, b->f->dir, b->id, 0) < 0) {
		if (errno == EEXIST)
			return compare(b);
		fail(b, "name");
		return BODY_FAILED;
	}
	return BODY_KEPT;
}

static void
close_part(struct body *b)
{
	if (b->fd < 0)
		return;
	unlinkat(b->f->dir, b->part, 0);
	close(b->fd);
}

static void
on_told(void *arg)
{
	struct body *b = arg;

	b->on_end(b->how, &b->e, b->arg);
	free(b);
}

/* All of it is written. */
static void
settle(struct body *b)
{
	b->how = keep(b);
	close_part(b);
	if (b->how == BODY_KEPT && bring_to_disk(b->f, b->f->dir) < 0) {
		fail(b, "keep");
		unlinkat(b->f->dir, b->id, 0);
		b->how = BODY_FAILED;
	}
}

static void
run_end(struct work *w)
{
	struct body *b = (struct body *)w;

	settle(b);
	loop_post(b->f->loop, &b->told, on_told, b);
}

int
files_put(struct files *f, const char *id, const void *p, size_t n,
    struct err *e)
{
	struct body *b = body_new(f, id, NULL, NULL, NULL);

	if (!b)
		return err_set(e, EX_OSERR, "out of memory");
	open_part(b);
	if (!b->failed && write_all(b->fd, p, n, "a sealed input", &b->e) < 0)
		b->failed = true;
	settle(b);
	n = b->how == BODY_FAILED;
	if (n && e)
		*e = b->e;
	free(b);
	return n ? -1 : 0;
}

static void
run_drop(struct work *w)
{
	struct body *b = (struct body *)w;

	close_part(b);
	free(b);
}

static void
run_removal(struct work *w)
{
	struct removal *r = (struct removal *)w;

	unlinkat(r->f->dir, r->id, 0);
	free(r);
}

void
files_remove(struct files *f, const char *id)
{
	struct removal *r = calloc(1, sizeof *r);

	if (!r)
		return;		/* files_tidy() finds it */
	r->f = f;
	snprintf(r->id, sizeof r->id, "%s", id);
	add(f, URGENT, &r->work, run_removal);
}
