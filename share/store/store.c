#include "store/store.h"

#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_MS 5000	/* for a reader from outside, a backup say */

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

int
store_open(struct store *s, const char *path, const char *const *schema,
    struct err *e)
{
	int fd;

	memset(s, 0, sizeof *s);
	s->path = path;
	/* SQLite gives its other files the mode of this one. */
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(e, EX_CANTCREAT, "cannot open database %s:",
		    path);
	close(fd);
	if (sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READWRITE, NULL) !=
	    SQLITE_OK) {
		err_set(e, EX_CANTCREAT, "cannot open database %s: %s", path,
		    s->db ? sqlite3_errmsg(s->db) : "out of memory");
		store_close(s);
		return -1;
	}
	sqlite3_busy_timeout(s->db, BUSY_MS);
	/* One process alone: two daemons over one state would hand out the same
	 * job twice. */
	if (plain(s, "PRAGMA locking_mode = EXCLUSIVE", e) < 0 ||
	    plain(s, "PRAGMA journal_mode = WAL", e) < 0 ||
	    plain(s, "PRAGMA synchronous = FULL", e) < 0 ||
	    plain(s, "PRAGMA foreign_keys = ON", e) < 0 ||
	    plain(s, "PRAGMA secure_delete = ON", e) < 0 ||
	    migrate(s, schema, e) < 0) {
		if (sqlite3_errcode(s->db) == SQLITE_NOTADB)
			e->status = EX_CONFIG;
		store_close(s);
		return -1;
	}
	return 0;
}

void
store_close(struct store *s)
{
	for (size_t i = 0; i < s->n; i++)
		sqlite3_finalize(s->stmt[i]);
	sqlite3_close(s->db);
	memset(s, 0, sizeof *s);
}

/* The statement made ready, and free of an earlier run. */
static sqlite3_stmt *
statement(struct store *s, const char *sql)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->sql[i] == sql) {
			sqlite3_reset(s->stmt[i]);
			sqlite3_clear_bindings(s->stmt[i]);
			return s->stmt[i];
		}
	must(s->n < STORE_STATEMENTS);
	if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
	    &s->stmt[i], NULL) != SQLITE_OK)
		return NULL;
	s->sql[i] = sql;
	s->n++;
	return s->stmt[i];
}

static sqlite3_stmt *
bind(struct store *s, const char *sql, const char *types, va_list ap)
{
	sqlite3_stmt *q = statement(s, sql);
	int code = SQLITE_OK;

	for (int i = 1; q && *types && code == SQLITE_OK; i++, types++) {
		const void *p;

		switch (*types) {
		case 'i':
			code = sqlite3_bind_int64(q, i,
			    (sqlite3_int64)va_arg(ap, uint64_t));
			break;
		case 't':
			code = sqlite3_bind_text(q, i,
			    va_arg(ap, const char *), -1, SQLITE_TRANSIENT);
			break;
		case 'b':
			p = va_arg(ap, const void *);
			code = sqlite3_bind_blob64(q, i, p,
			    va_arg(ap, size_t), SQLITE_TRANSIENT);
			break;
		default:
			must(*types == '0');
		}
	}
	return code == SQLITE_OK ? q : NULL;
}

int
store_run(struct store *s, struct err *e, const char *sql, const char *types,
    ...)
{
	sqlite3_stmt *q;
	va_list ap;
	int code;

	va_start(ap, types);
	q = bind(s, sql, types, ap);
	va_end(ap);
	if (!q)
		return fail(s, e);
	while ((code = sqlite3_step(q)) == SQLITE_ROW)
		;
	if (code != SQLITE_DONE)
		fail(s, e);
	store_done(q);
	return code == SQLITE_DONE ? sqlite3_changes(s->db) : -1;
}

sqlite3_stmt *
store_query(struct store *s, const char *sql, const char *types, ...)
{
	sqlite3_stmt *q;
	va_list ap;

	va_start(ap, types);
	q = bind(s, sql, types, ap);
	va_end(ap);
	return q;
}

int
store_next(struct store *s, sqlite3_stmt *q, struct err *e)
{
	int code = q ? sqlite3_step(q) : SQLITE_ERROR;

	if (code == SQLITE_ROW)
		return 1;
	if (code != SQLITE_DONE)
		fail(s, e);
	store_done(q);
	return code == SQLITE_DONE ? 0 : -1;
}

void
store_done(sqlite3_stmt *q)
{
	if (!q)
		return;
	sqlite3_reset(q);
	sqlite3_clear_bindings(q);
}

uint64_t
store_u64(sqlite3_stmt *q, int column)
{
	return (uint64_t)sqlite3_column_int64(q, column);
}

bool
store_null(sqlite3_stmt *q, int column)
{
	return sqlite3_column_type(q, column) == SQLITE_NULL;
}

const char *
store_text(sqlite3_stmt *q, int column)
{
	const char *t = (const char *)sqlite3_column_text(q, column);

	return t ? t : "";
}

const uint8_t *
store_blob(sqlite3_stmt *q, int column, size_t *n)
{
	const uint8_t *p = sqlite3_column_blob(q, column);

	*n = (size_t)sqlite3_column_bytes(q, column);
	return p;
}

void
store_bytes(sqlite3_stmt *q, int column, void *out, size_t n)
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
