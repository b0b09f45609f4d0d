#include "store/later.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOG_PAGES 1000		/* a longer log is copied, and cut */
#define LOG_MAX 65536		/* pages, 256 MiB: and cut at once, whoever waits */
#define QUIET_MS 100		/* without a commit */

/* A connection of ours to the same file. */
static sqlite3 *
connect_to(const char *path, struct err *e)
{
	sqlite3 *c = NULL;

	if (sqlite3_open_v2(path, &c, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
	    sqlite3_exec(c, "PRAGMA synchronous = FULL", NULL, NULL, NULL) ==
	    SQLITE_OK && sqlite3_wal_autocheckpoint(c, 0) == SQLITE_OK)
		return c;
	err_set(e, EX_CANTCREAT, "cannot open database %s: %s", path,
	    c ? sqlite3_errmsg(c) : "out of memory");
	sqlite3_close(c);
	return NULL;
}

/* From here on the log is not begun anew. */
static void
hold(struct later *l)
{
	(void)sqlite3_exec(l->holder, "BEGIN; SELECT count(*) FROM sqlite_schema",
	    NULL, NULL, NULL);
}

static void
let_go(struct later *l)
{
	if (!sqlite3_get_autocommit(l->holder))
		(void)sqlite3_exec(l->holder, "COMMIT", NULL, NULL, NULL);
}

/* Called by the program's connection after each of its commits. */
static int
on_commit(void *arg, sqlite3 *db, const char *name, int pages)
{
	struct later *l = arg;

	pthread_mutex_lock(&l->lock);
	l->commits++;
	l->pages = pages;
	pthread_cond_signal(&l->some);
	pthread_mutex_unlock(&l->lock);
	return SQLITE_OK;
}

/* Nothing has been committed for a while; l->lock is held. */
static bool
quiet(struct later *l)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_nsec += QUIET_MS * 1000000;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return pthread_cond_timedwait(&l->some, &l->lock, &t) == ETIMEDOUT;
}

/* Copies the log as it is now; l->lock is held, but not meanwhile. */
static void
copy(struct later *l)
{
	uint64_t commits = l->commits;
	int in_log = -1, done = -1;

	l->copying = true;
	pthread_mutex_unlock(&l->lock);
	let_go(l);
	hold(l);
	syncs_begin(&l->syncs);
	(void)sqlite3_wal_checkpoint_v2(l->copier, NULL, SQLITE_CHECKPOINT_PASSIVE,
	    &in_log, &done);
	syncs_end(&l->syncs);
	pthread_mutex_lock(&l->lock);
	l->copying = false;
	l->tried = commits;
	/* in_log counts what has been committed since, too. */
	if (in_log >= 0 && in_log == done)
		l->copied = commits;
}

static void
sync_log(struct later *l)
{
	uint64_t commits = l->commits;
	int error;

	pthread_mutex_unlock(&l->lock);
	syncs_begin(&l->syncs);
	error = fdatasync(l->log) < 0 ? errno : 0;
	syncs_end(&l->syncs);
	pthread_mutex_lock(&l->lock);
	if (!error)
		l->on_the_disk = commits;
	pthread_mutex_unlock(&l->lock);
	l->on_disk(error, l->arg);
	pthread_mutex_lock(&l->lock);
}

static void *
work(void *arg)
{
	struct later *l = arg;

	pthread_mutex_lock(&l->lock);
	while (!l->stop) {
		if (l->on_the_disk < l->commits) {
			sync_log(l);
		} else if (l->pages <= LOG_PAGES || l->tried == l->commits) {
			pthread_cond_wait(&l->some, &l->lock);
		} else if (quiet(l)) {
			copy(l);
			pthread_mutex_unlock(&l->lock);
			l->on_disk(0, l->arg);	/* a moment to cut it */
			pthread_mutex_lock(&l->lock);
		}
	}
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

/* The log of path, whose name must be on the disk too. */
static int
open_log(const char *path, struct err *e)
{
	char name[4096], *slash;
	int log, folder;

	if (snprintf(name, sizeof name, "%s-wal", path) >= (int)sizeof name)
		return err_set(e, EX_CANTCREAT, "the path of the database is too "
		    "long");
	log = open(name, O_RDWR | O_CLOEXEC);
	slash = strrchr(name, '/');
	if (slash)
		slash[slash == name] = '\0';
	folder = open(slash ? name : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (log < 0 || folder < 0 || fsync(folder) < 0) {
		err_set(e, EX_IOERR, "cannot use the log of database %s:", path);
		if (log >= 0)
			close(log);
		log = -1;
	}
	if (folder >= 0)
		close(folder);
	return log;
}

static int
begin(struct later *l, const char *path, struct err *e)
{
	l->copier = connect_to(path, e);
	l->holder = l->copier ? connect_to(path, e) : NULL;
	/* A log that an earlier run left is begun anew by nobody but later_tend(). */
	if (!l->holder || sqlite3_wal_checkpoint_v2(l->copier, NULL,
	    SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) != SQLITE_OK)
		return l->holder ? err_set(e, EX_IOERR, "database %s: %s", path,
		    sqlite3_errmsg(l->copier)) : -1;
	if (sqlite3_exec(l->db, "PRAGMA synchronous = OFF", NULL, NULL, NULL) !=
	    SQLITE_OK)
		return err_set(e, EX_IOERR, "database %s: %s", path,
		    sqlite3_errmsg(l->db));
	hold(l);
	l->log = open_log(path, e);
	if (l->log < 0)
		return -1;
	if (pthread_create(&l->thread, NULL, work, l) != 0)
		return err_set(e, EX_OSERR, "cannot start a thread");
	(void)sqlite3_wal_hook(l->db, on_commit, l);
	return 0;
}

static void
end(struct later *l)
{
	if (l->log >= 0)
		close(l->log);
	if (l->holder)
		let_go(l);
	sqlite3_close(l->holder);
	/* The last one: it copies the log, and removes it. */
	sqlite3_close(l->copier);
	free(l);
}

struct later *
later_start(sqlite3 *db, const char *path, void (*on_disk)(int error, void *arg),
    void *arg, struct err *e)
{
	struct later *l = calloc(1, sizeof *l);

	if (!l) {
		err_set(e, EX_OSERR, "out of memory");
		return NULL;
	}
	l->db = db;
	l->syncs.of = "database";
	l->log = -1;
	l->on_disk = on_disk;
	l->arg = arg;
	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->some, NULL);
	if (begin(l, path, e) == 0)
		return l;
	end(l);
	return NULL;
}

void
later_stop(struct later *l)
{
	pthread_mutex_lock(&l->lock);
	l->stop = true;
	pthread_cond_signal(&l->some);
	pthread_mutex_unlock(&l->lock);
	pthread_join(l->thread, NULL);
	end(l);
}

void
later_tend(struct later *l)
{
	pthread_mutex_lock(&l->lock);
	if (l->pages > LOG_PAGES && !l->copying && (l->copied == l->commits ||
	    l->pages > LOG_MAX)) {
		let_go(l);
		/* Through the copier: it syncs, where there is something to copy. */
		if (sqlite3_wal_checkpoint_v2(l->copier, NULL,
		    SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) == SQLITE_OK)
			l->pages = 0;
		hold(l);
	}
	pthread_mutex_unlock(&l->lock);
}
