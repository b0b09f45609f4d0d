#include "store/store.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/later.h"

#define BUSY_MS 5000	/* for a reader from outside, a backup say */

/* A statement that is kept ready. */
struct store_query {
	struct store *s;
	const char *sql;	/* named by its address */
	sqlite3_stmt *stmt;
	bool bound;		/* has its parameters */
};

struct store {
	sqlite3 *db;
	const char *path;
	int fd;			/* the file's, which is locked: never closed before the
				 * database is, or that would lose its own locks */
	struct later *later;	/* or NULL */
	size_t n;
	struct store_query query[STORE_STATEMENTS], none;
};

static int
fail(struct store *s, struct err *e)
{
	int code = sqlite3_errcode(s->db);

	return err_set(e, code == SQLITE_BUSY || code == SQLITE_LOCKED ?
	    EX_TEMPFAIL : EX_IOERR, "database %s: %s", s->path,
	    sqlite3_errmsg(s->db));
}

static int
plain(struct store *s, const char *sql, struct err *e)
{
	if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return fail(s, e);
	return 0;
}

static int
version(struct store *s, int *out, struct err *e)
{
	sqlite3_stmt *q = NULL;
	int r = -1;

	if (sqlite3_prepare_v2(s->db, "PRAGMA user_version", -1, &q, NULL) ==
	    SQLITE_OK && sqlite3_step(q) == SQLITE_ROW) {
		*out = sqlite3_column_int(q, 0);
		r = 0;
	} else {
		fail(s, e);
		if (sqlite3_errcode(s->db) == SQLITE_NOTADB)
			e->status = EX_CONFIG;
	}
	sqlite3_finalize(q);
	return r;
}

static int
migrate(struct store *s, const char *const *schema, struct err *e)
{
	char text[64];
	int have, want = 0;

	while (schema[want])
		want++;
	if (version(s, &have, e) < 0)
		return -1;
	if (have > want)
		return err_set(e, EX_CONFIG, "database %s is of a newer "
		    "version (%d, not %d)", s->path, have, want);
	for (; have < want; have++) {
		sqlite3_snprintf(sizeof text, text,
		    "PRAGMA user_version = %d", have + 1);
		if (store_begin(s, e) < 0)
			return -1;
		if (plain(s, schema[have], e) < 0 || plain(s, text, e) < 0) {
			store_rollback(s);
			return -1;
		}
		if (store_commit(s, e) < 0)
			return -1;
	}
	return 0;
}

/* The file, which has s->path. */
static int
open_file(struct store *s, const char *const *schema, struct err *e)
{
	/* SQLite gives its other files the mode of this one. */
	s->fd = open(s->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (s->fd < 0)
		return err_set(e, EX_CANTCREAT, "cannot open database %s:",
		    s->path);
	/* One process alone: two daemons over one state would hand out the same
	 * job twice. */
	if (flock(s->fd, LOCK_EX | LOCK_NB) < 0)
		return err_set(e, EX_TEMPFAIL, "database %s: another process has "
		    "it", s->path);
	if (sqlite3_open_v2(s->path, &s->db, SQLITE_OPEN_READWRITE, NULL) !=
	    SQLITE_OK)
		return err_set(e, EX_CANTCREAT, "cannot open database %s: %s",
		    s->path, s->db ? sqlite3_errmsg(s->db) : "out of memory");
	sqlite3_busy_timeout(s->db, BUSY_MS);
	if (plain(s, "PRAGMA journal_mode = WAL", e) < 0 ||
	    plain(s, "PRAGMA synchronous = FULL", e) < 0 ||
	    plain(s, "PRAGMA foreign_keys = ON", e) < 0 ||
	    plain(s, "PRAGMA temp_store = MEMORY", e) < 0 ||
	    plain(s, "PRAGMA secure_delete = ON", e) < 0 ||
	    migrate(s, schema, e) < 0) {
		if (sqlite3_errcode(s->db) == SQLITE_NOTADB)
			e->status = EX_CONFIG;
		return -1;
	}
	return 0;
}

struct store *
store_open(const char *path, const char *const *schema, struct err *e)
{
	struct store *s = calloc(1, sizeof *s);

	if (!s) {
		ignore(err_set(e, EX_OSERR, "out of memory"));
		return NULL;
	}
	s->path = path;
	s->fd = -1;
	s->none.s = s;
	if (open_file(s, schema, e) == 0)
		return s;
	store_close(s);
	return NULL;
}

void
store_close(struct store *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++)
		sqlite3_finalize(s->query[i].stmt);
	sqlite3_close(s->db);
	if (s->later)
		later_stop(s->later);
	if (s->fd >= 0)
		close(s->fd);
	free(s);
}

int
store_later(struct store *s, void (*on_disk)(int error, void *arg), void *arg,
    struct err *e)
{
	s->later = later_start(s->db, s->path, on_disk, arg, e);
	return s->later ? 0 : -1;
}

uint64_t
store_commits(struct store *s)
{
	uint64_t n;

	if (!s->later)
		return 0;
	pthread_mutex_lock(&s->later->lock);
	n = s->later->commits;
	pthread_mutex_unlock(&s->later->lock);
	return n;
}

uint64_t
store_on_disk(struct store *s)
{
	uint64_t n;

	if (!s->later)
		return 0;
	pthread_mutex_lock(&s->later->lock);
	n = s->later->on_the_disk;
	pthread_mutex_unlock(&s->later->lock);
	return n;
}

const struct syncs *
store_syncs(const struct store *s)
{
	return &s->later->syncs;
}

void
store_tend(struct store *s)
{
	if (s->later)
		later_tend(s->later);
}

/* The statement made ready, and free of an earlier run; s->none where it cannot be. */
static struct store_query *
statement(struct store *s, const char *sql)
{
	struct store_query *q;

	for (q = s->query; q < s->query + s->n; q++)
		if (q->sql == sql) {
			store_done(q);
			return q;
		}
	must(s->n < STORE_STATEMENTS);
	if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
	    &q->stmt, NULL) != SQLITE_OK)
		return &s->none;
	q->s = s;
	q->sql = sql;
	s->n++;
	return q;
}

static struct store_query *
bind(struct store *s, const char *sql, const char *types, va_list ap)
{
	struct store_query *q = statement(s, sql);
	int code = q->stmt ? SQLITE_OK : SQLITE_ERROR;

	for (int i = 1; *types && code == SQLITE_OK; i++, types++) {
		const void *p;

		switch (*types) {
		case 'i':
			code = sqlite3_bind_int64(q->stmt, i,
			    (sqlite3_int64)va_arg(ap, uint64_t));
			break;
		case 't':
			code = sqlite3_bind_text(q->stmt, i,
			    va_arg(ap, const char *), -1, SQLITE_TRANSIENT);
			break;
		case 'b':
			p = va_arg(ap, const void *);
			code = sqlite3_bind_blob64(q->stmt, i, p,
			    va_arg(ap, size_t), SQLITE_TRANSIENT);
			break;
		default:
			must(*types == '0');
		}
	}
	q->bound = code == SQLITE_OK;
	return q;
}

int
store_run(struct store *s, struct err *e, const char *sql, const char *types,
    ...)
{
	struct store_query *q;
	va_list ap;
	int code;

	va_start(ap, types);
	q = bind(s, sql, types, ap);
	va_end(ap);
	do
		code = store_next(q, e);
	while (code == 1);
	return code == 0 ? sqlite3_changes(s->db) : -1;
}

struct store_query *
store_query(struct store *s, const char *sql, const char *types, ...)
{
	struct store_query *q;
	va_list ap;

	va_start(ap, types);
	q = bind(s, sql, types, ap);
	va_end(ap);
	return q;
}

int
store_next(struct store_query *q, struct err *e)
{
	int code = q->bound ? sqlite3_step(q->stmt) : SQLITE_ERROR;

	if (code == SQLITE_ROW)
		return 1;
	if (code != SQLITE_DONE)
		fail(q->s, e);
	store_done(q);
	return code == SQLITE_DONE ? 0 : -1;
}

void
store_done(struct store_query *q)
{
	if (!q->stmt)
		return;
	sqlite3_reset(q->stmt);
	sqlite3_clear_bindings(q->stmt);
	q->bound = false;
}

uint64_t
store_u64(struct store_query *q, int column)
{
	return (uint64_t)sqlite3_column_int64(q->stmt, column);
}

bool
store_null(struct store_query *q, int column)
{
	return sqlite3_column_type(q->stmt, column) == SQLITE_NULL;
}

const char *
store_text(struct store_query *q, int column)
{
	const char *t = (const char *)sqlite3_column_text(q->stmt, column);

	return t ? t : "";
}

const uint8_t *
store_blob(struct store_query *q, int column, size_t *n)
{
	const uint8_t *p = sqlite3_column_blob(q->stmt, column);

	*n = (size_t)sqlite3_column_bytes(q->stmt, column);
	return p;
}

void
store_bytes(struct store_query *q, int column, void *out, size_t n)
{
	size_t have;
	const uint8_t *p = store_blob(q, column, &have);

	if (have == n && n)
		memcpy(out, p, n);
	else
		memset(out, 0, n);
}

int
store_begin(struct store *s, struct err *e)
{
	return plain(s, "BEGIN IMMEDIATE", e);
}

int
store_commit(struct store *s, struct err *e)
{
	if (plain(s, "COMMIT", e) == 0)
		return 0;
	store_rollback(s);
	return -1;
}

void
store_rollback(struct store *s)
{
	/* A failed COMMIT may have rolled back by itself. */
	if (!sqlite3_get_autocommit(s->db))
		(void)plain(s, "ROLLBACK", NULL);
}

uint64_t
store_clamp(uint64_t x)
{
	return x < INT64_MAX ? x : INT64_MAX;
}
